package devfest.studio.feeds.assistant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.sse.EventStream;
import devfest.studio.sse.Wire;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnswerTest {

  private static final Answer.Form TEXT = new Answer.Form("7", true, "complete", false, false);
  private static final Answer.Form JSON = new Answer.Form("7", true, "complete", true, false);
  private static final Answer.Form BARE = new Answer.Form("7", false, "done", false, true);
  private static final String START = "event: start\ndata: {\"prompt\":\"hi\"}\n\n";
  private static final String COMPLETE = "id: 7\nevent: complete\ndata: {\"engine\":\"model\"}\n\n";

  private final Wire wire = new Wire();
  private final Jsonb json = JsonbBuilder.create();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger stopped = new AtomicInteger();
  private EventStream stream;

  @BeforeEach
  void open() throws IOException {
    stream = wire.open(Runnable::run);
  }

  private Answer answer(Answer.Form form) {
    Answer answer = new Answer(stream, form, json, "model", ended::incrementAndGet);
    answer.begin("hi");
    answer.by(stopped::incrementAndGet);
    return answer;
  }

  private static String token(String data) {
    return "event: token\ndata: " + data + "\n\n";
  }

  @Test
  void tokensAreSentBetweenTheStartAndTheEnd() {
    Answer answer = answer(TEXT);
    answer.token("one");
    answer.token(" two");
    answer.complete();
    assertEquals(START + token("one") + token(" two") + COMPLETE, wire.text());
    assertEquals(1, ended.get());
    assertTrue(stream.isClosed());
  }

  @Test
  void tokensCanBeWrappedInJson() {
    Answer answer = answer(JSON);
    answer.token("one\n");
    answer.complete();
    assertEquals(START + token("{\"token\":\"one\\n\"}") + COMPLETE, wire.text());
  }

  @Test
  void aBareAnswerEndsWithEmptyData() {
    Answer answer = answer(BARE);
    answer.token("one");
    answer.complete();
    assertEquals(token("one") + "id: 7\nevent: done\ndata: \n\n", wire.text());
  }

  @Test
  void aCharacterOrLineBreakSplitBetweenTokensIsSentWhole() {
    Answer answer = answer(JSON);
    answer.token("a\uD83D");
    answer.token("\uDE00");
    answer.token("b\r");
    answer.token("\nc");
    answer.complete();
    assertEquals(
        START
            + token("{\"token\":\"a\"}")
            + token("{\"token\":\"\uD83D\uDE00\"}")
            + token("{\"token\":\"b\"}")
            + token("{\"token\":\"\\r\\nc\"}")
            + COMPLETE,
        wire.text());
  }

  @Test
  void aLineBreakAtTheEndOfAnAnswerIsSent() {
    Answer answer = answer(JSON);
    answer.token("a\r");
    answer.complete();
    assertEquals(
        START + token("{\"token\":\"a\"}") + token("{\"token\":\"\\r\"}") + COMPLETE, wire.text());
  }

  @Test
  void aFailureEndsTheAnswerWithItsReason() {
    Answer answer = answer(TEXT);
    answer.token("one");
    answer.failed("overloaded");
    assertEquals(
        START + token("one") + "id: 7\nevent: failed\ndata: {\"reason\":\"overloaded\"}\n\n",
        wire.text());
    assertEquals(1, stopped.get());
  }

  @Test
  void anAnswerEndsOnce() {
    Answer answer = answer(TEXT);
    answer.complete();
    answer.failed("late");
    answer.token("late");
    answer.complete();
    assertEquals(START + COMPLETE, wire.text());
    assertEquals(1, ended.get());
    assertEquals(1, stopped.get());
  }

  @Test
  void theEngineIsStoppedWhenTheClientDisconnects() {
    Answer answer = answer(TEXT);
    stream.abort();
    assertEquals(1, stopped.get());
    assertEquals(1, ended.get());
    answer.token("late");
    answer.complete();
    assertEquals(START, wire.text());
  }

  @Test
  void anEngineThatStartsAfterTheEndIsStoppedAtOnce() {
    Answer answer = new Answer(stream, TEXT, json, "model", ended::incrementAndGet);
    answer.begin("hi");
    stream.abort();
    answer.by(stopped::incrementAndGet);
    assertEquals(1, stopped.get());
  }

  @Test
  void anAnswerThatStopsArrivingTimesOut() {
    Answer answer = answer(TEXT);
    assertTrue(answer.isWaiting(Duration.ofMinutes(1)));
    assertFalse(answer.isWaiting(Duration.ZERO));
    assertTrue(wire.text().contains("event: failed\n"), wire.text());
    assertEquals(1, stopped.get());
    assertFalse(answer.isWaiting(Duration.ofMinutes(1)), "it has ended");
  }

  @Test
  void aClientThatIsTooSlowEndsTheAnswer() throws IOException {
    Answer answer = answer(TEXT);
    wire.block();
    String large = "x".repeat(EventStream.MAX_PENDING_BYTES / 2);
    for (int i = 0; i < 10; i++) {
      answer.token(large);
    }
    assertEquals(1, stopped.get());
    assertEquals(1, ended.get());
    wire.unblock();
    assertTrue(wire.text().contains("event: failed\n"), "the client is told why");
    assertFalse(wire.text().contains("event: complete\n"));
  }
}
