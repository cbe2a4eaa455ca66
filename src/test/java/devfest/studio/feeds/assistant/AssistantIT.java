package devfest.studio.feeds.assistant;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.Model;
import devfest.studio.Server;
import devfest.studio.SseReader;
import devfest.studio.StudioTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The answers of an assistant that has a model. */
class AssistantIT extends StudioTest {

  @TempDir static Path dir;
  private static Server server;
  private static Model model;

  @BeforeAll
  static void start() throws IOException {
    model = new Model();
    server =
        Server.start(
            dir,
            "studio.dev-mode=true",
            "studio.stream.heartbeat=PT1S",
            "studio.assistant.base-url=" + model.baseUrl(),
            "studio.assistant.model=test-model",
            "studio.assistant.timeout=PT3S");
  }

  @AfterAll
  static void stop() {
    server.close();
    model.close();
  }

  @Override
  protected URI base() {
    return server.base();
  }

  private static final String ANSWER = " Hello,\n\n  world\n!";

  private static String path(String query) {
    return V1 + "/assistant/stream?" + query;
  }

  private static String answer(SseReader reader, String end) throws InterruptedException {
    StringBuilder text = new StringBuilder();
    SseReader.Frame frame = reader.next();
    for (; "token".equals(frame.event()); frame = reader.next()) {
      text.append(frame.data());
    }
    assertEquals(end, frame.event(), frame::toString);
    return text.toString();
  }

  @Test
  void anAnswerArrivesTokenByTokenWithoutLoss() throws Exception {
    try (SseReader reader = ann.follow(path("prompt=hi%20there"))) {
      SseReader.Frame start = reader.next();
      assertEquals("start", start.event());
      assertEquals("hi there", json(start).getString("prompt"));
      assertEquals(ANSWER, answer(reader, "complete"));
      reader.awaitCleanEnd();
    }
    try (SseReader reader = ann.follow("/chat-stream?q=hi")) {
      assertEquals(ANSWER, answer(reader, "done"));
      reader.awaitCleanEnd();
    }
    try (SseReader reader = ann.follow(path("prompt=hi&format=json"))) {
      reader.next("start");
      assertEquals(" Hello", json(reader.next("token")).getString("token"));
      assertEquals(",\n\n", json(reader.next("token")).getString("token"));
      assertEquals("test-model", json(reader.next("complete")).getString("engine"));
    }
  }

  @Test
  void onLiteralPathsAnAnswerEndsWithEmptyDataAndChatNeedsNoPrompt() throws Exception {
    for (String path : List.of("/chat-stream?q=hi", "/chat-stream?q=", "/chat-stream")) {
      try (SseReader reader = ann.follow(path)) {
        assertEquals("", reader.next("done").data(), path);
        reader.awaitCleanEnd();
      }
    }
    try (SseReader reader = ann.follow("/ai-stream?prompt=hi")) {
      assertEquals("hi", json(reader.next("start")).getString("prompt"));
      assertEquals("", reader.next("complete").data());
      reader.awaitCleanEnd();
    }
    assertEquals(400, ann.get("/ai-stream").status());
    assertEquals(400, ann.get(path("")).status());
  }

  @Test
  void anUnknownOrMissingFinishReasonCompletesTheAnswer() throws Exception {
    for (String way : List.of("odd", "reasonless")) {
      try (SseReader reader = ann.follow(path("prompt=" + way))) {
        reader.next("start");
        assertEquals(ANSWER, answer(reader, "complete"), way);
      }
    }
  }

  @Test
  void aLongPromptCanBeSentInTheBody() throws Exception {
    String prompt = "写".repeat(4_000);
    String body = "{\"prompt\":\"%s\",\"format\":\"json\"}";
    Client.Reply reply = ann.post(path(""), body.formatted(prompt));
    assertEquals(200, reply.status());
    String answer = new String(reply.bytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertTrue(answer.contains(prompt), "it comes first");
    assertTrue(answer.contains("event: token\ndata: {\"token\":\" Hello\"}\n"), answer);
    assertTrue(answer.contains("event: complete\n"), answer);
    assertEquals(400, ann.post(path(""), body.formatted(prompt + "x")).status());
    for (String bad :
        List.of("{\"q\":\"x\"}", "null", "{}", "{\"prompt\":\"x\",\"format\":\"xml\"}")) {
      assertEquals(400, ann.post(path(""), bad).status(), bad);
    }
    assertEquals(401, Client.anonymous(base()).post(path(""), body.formatted("x")).status());
  }

  @Test
  void aReconnectDoesNotRunThePromptAgain() throws Exception {
    String first;
    String last;
    try (SseReader reader = ann.follow(path("prompt=once"))) {
      first = reader.next(frame -> frame.id() != null).id();
      last = reader.next("complete").id();
    }
    int asked = model.asked.get();
    for (String id : List.of(first, last)) {
      assertEquals(
          204, ann.send(ann.request(path("prompt=once")).header("Last-Event-ID", id)).status());
    }
    assertEquals(asked, model.asked.get());
  }

  @Test
  void aFailingOrStalledModelEndsTheAnswerWithAReason() throws Exception {
    for (String way : List.of("refuse", "stall", "mute", "break", "unfinished")) {
      try (SseReader reader = ann.follow(path("q=" + way))) {
        SseReader.Frame failed = reader.next("failed");
        assertTrue(failed.id() != null, way);
        assertTrue(!json(failed).getString("reason").isEmpty(), way);
        reader.awaitCleanEnd();
      }
    }
    try (SseReader reader = ann.follow(path("q=again"))) {
      assertEquals(ANSWER, answer(reader, "done"), "the turn is free again");
    }
    await("no line is held").until(() -> model.answering.get() == 0);
  }

  @Test
  void anAnswerWithoutEndOrLineBreakEndsAtABound() throws Exception {
    for (String way : List.of("one%20line", "never%20stop")) {
      try (SseReader reader = ann.follow(path("q=" + way))) {
        SseReader.Frame failed = reader.next("failed");
        assertEquals("The answer of the model is too long.", json(failed).getString("reason"), way);
        reader.awaitCleanEnd();
      }
    }
    await("no line is held").until(() -> model.answering.get() == 0);
    assertTrue(model.flooded.get() < 40, () -> model.flooded + " MB"); // with buffers on the way
  }

  @Test
  void aUserHasOneAnswerAtATimeAndTheModelStopsWhenTheClientDisconnects() throws Exception {
    SseReader reader = bob.follow(path("q=endless"));
    reader.next("token");
    assertEquals(429, bob.get(path("q=more")).status());
    try (SseReader other = ann.follow(path("q=hi"))) {
      assertEquals(ANSWER, answer(other, "done"), "others have their own turns");
    }
    await().until(() -> model.answering.get() == 1);
    reader.cut();
    await().untilAsserted(() -> assertEquals(0, model.answering.get(), server::log));
    await()
        .until(
            () -> {
              try (SseReader again = bob.follow(path("q=hi"))) {
                return again.status() == 200;
              }
            });
  }

  @Test
  void aPromptNeedsATokenAndHasALengthLimit() throws Exception {
    assertEquals(400, ann.get(path("q=")).status());
    assertEquals(400, ann.follow(path("prompt=" + "x".repeat(4_001))).status());
    try (SseReader reader = ann.follow(path("q=" + "x".repeat(4_000)))) {
      assertEquals(ANSWER, answer(reader, "done"));
    }
    assertEquals(400, ann.get(path("q=x&format=xml")).status());
    assertEquals(401, Client.anonymous(base()).get(path("q=x")).status());
  }
}
