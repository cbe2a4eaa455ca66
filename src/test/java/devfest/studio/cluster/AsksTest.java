package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AsksTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(50);

  /** A node that answers with its name, when it has the thing that is asked for. */
  private static final class Node implements Answerer {
    private final List<Receiver> receivers = new ArrayList<>();
    private final Cluster cluster;
    private final TestPeers peers;
    private final Asks asks;
    private final String thing;
    private CompletableFuture<Optional<JsonObject>> later;

    Node(String name, String thing, Clock clock) {
      this.thing = thing;
      cluster = Bus.node(name, receivers);
      peers = new TestPeers(cluster);
      asks = new Asks(cluster, peers, clock);
      receivers.add(peers);
      receivers.add(asks);
      receivers.add(new Questions(cluster, Bus.beans(List.<Answerer>of(this)), clock));
    }

    @Override
    public String topic() {
      return "owner";
    }

    @Override
    public CompletionStage<Optional<JsonObject>> answer(JsonObject question) {
      if (later != null) {
        return later;
      }
      return CompletableFuture.completedFuture(
          Optional.of(own()).filter(own -> question.getString("thing").equals(thing)));
    }

    JsonObject own() {
      return Message.JSON.createObjectBuilder().add("owner", cluster.name()).build();
    }

    CompletableFuture<List<JsonObject>> ask(String wanted, int expected, Duration timeout) {
      return asks.ask(
          "owner",
          Message.JSON.createObjectBuilder().add("thing", wanted).build(),
          expected,
          timeout);
    }
  }

  private final Bus bus = new Bus();
  private final Node a = new Node("a", "apple", Clock.systemUTC());
  private final Node b = new Node("b", "banana", Clock.systemUTC());
  private final Node c = new Node("c", "banana", Clock.systemUTC());

  @BeforeEach
  void connect() {
    for (Node node : List.of(a, b, c)) {
      bus.connect(node.cluster);
    }
    for (Node node : List.of(a, b, c)) {
      node.peers.send(0);
    }
  }

  private static List<String> owners(CompletableFuture<List<JsonObject>> answers) throws Exception {
    return answers.get(10, TimeUnit.SECONDS).stream().map(each -> each.getString("owner")).toList();
  }

  @Test
  void theNodeThatHasTheThingAnswers() throws Exception {
    assertEquals(List.of("a"), owners(b.ask("apple", 1, LONG)));
  }

  @Test
  void allAnswersThatAreExpectedAreCollected() throws Exception {
    assertEquals(List.of("b", "c"), owners(a.ask("banana", 2, LONG)));
  }

  @Test
  void whenNoNodeHasTheThingTheResultIsEmptyAtOnce() {
    for (int i = 0; i < 1_000; i++) {
      assertEquals(List.of(), a.ask("cherry", 1, LONG).getNow(null));
    }
  }

  @Test
  void withoutAnswerTheResultIsEmptyAfterTheTimeout() throws Exception {
    bus.frozen = true;
    assertEquals(List.of(), owners(b.ask("apple", 1, SHORT)));
  }

  @Test
  void theTimeoutReturnsTheAnswersSoFar() throws Exception {
    c.later = new CompletableFuture<>();
    assertEquals(List.of("a"), owners(b.ask("apple", 2, SHORT)));
  }

  @Test
  void aRepeatedAnswerCountsOnce() {
    c.later = new CompletableFuture<>();
    CompletableFuture<List<JsonObject>> result = b.ask("apple", 2, LONG);
    bus.repeat();
    assertFalse(result.isDone());
    c.later.complete(Optional.of(c.own()));
    assertEquals(2, result.getNow(List.of()).size());
  }

  @Test
  void aFailureIsAnEmptyAnswer() {
    c.later = CompletableFuture.failedFuture(new IllegalStateException("no luck"));
    assertEquals(1, b.ask("apple", 2, LONG).getNow(List.of()).size());
  }

  @Test
  void aNodeThatBecomesSilentIsNotAwaited() throws Exception {
    c.later = new CompletableFuture<>();
    CompletableFuture<List<JsonObject>> result = b.ask("cherry", 1, LONG);
    b.peers.passMillis(3_000);
    assertEquals(List.of(), owners(result));
  }

  @Test
  void manyOpenQuestionsOfOneTopicLeaveRoomForOtherTopics() {
    a.later = new CompletableFuture<>();
    c.later = new CompletableFuture<>();
    for (int i = 0; i < 200; i++) {
      assertFalse(b.ask("apple", 1, LONG).isDone());
    }
    assertTrue(b.ask("apple", 1, LONG).isDone());
    long before = b.cluster.sent();
    var ignored = b.asks.ask("other", Message.JSON.createObjectBuilder().build(), 1, LONG);
    assertEquals(before + 1, b.cluster.sent());
  }

  @Test
  void anAnswerMayComeLater() throws Exception {
    a.later = new CompletableFuture<>();
    CompletableFuture<List<JsonObject>> result = b.ask("apple", 1, LONG);
    assertFalse(result.isDone());
    a.later.complete(Optional.of(a.own()));
    assertEquals(List.of("a"), owners(result));
  }

  @Test
  void aQuestionThatArrivesAfterItsTimeoutIsNotAnswered() throws Exception {
    Node late = new Node("late", "lemon", Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)));
    bus.connect(late.cluster);
    late.peers.send(0);
    assertEquals(List.of(), owners(a.ask("lemon", 1, SHORT)));
  }

  @Test
  void aSingleNodeHasNoAnswersAndDoesNotWait() {
    Node alone = new Node("alone", "fig", Clock.systemUTC());
    assertEquals(List.of(), alone.ask("fig", 1, LONG).join());
  }
}
