package devfest.studio.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.cluster.Membership;
import devfest.studio.cluster.Message;
import devfest.studio.events.Audience;
import devfest.studio.events.Filter;
import devfest.studio.http.Cursor;
import devfest.studio.hub.Format;
import devfest.studio.hub.Hub;
import devfest.studio.hub.Limits;
import devfest.studio.hub.LogSource;
import devfest.studio.hub.Subscriber;
import devfest.studio.hub.Subscription;
import devfest.studio.hub.Transport;
import devfest.studio.hub.Turns;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpenStreamsTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  /** A node with its streams. */
  private static final class Node {

    private final Hub hub =
        new Hub(
            new Limits(1_000, 1_000, 1_000, HOUR, Duration.ZERO, HOUR, HOUR),
            (filter, after, limit) -> new LogSource.Page(List.of(), Long.MAX_VALUE, 0, 0),
            100,
            new Turns(Runnable::run, 1),
            Clock.systemUTC());

    private final List<Node> others = new ArrayList<>();
    private int alive;
    private int questions;
    private final OpenStreams streams;

    Node(String name) {
      Membership membership =
          new Membership(null, null) {
            @Override
            public int others() {
              return alive;
            }
          };
      streams = new OpenStreams(new ManualEngine(hub), name, this::ask, membership);
    }

    private List<JsonObject> ask(JsonObject question) {
      questions++;
      return others.stream().map(other -> answer(other, question)).toList();
    }

    private static JsonObject answer(Node node, JsonObject question) {
      CompletionStage<Optional<JsonObject>> answer = node.streams.answer(question);
      JsonObject found = answer.toCompletableFuture().join().orElseThrow();
      int bytes = found.toString().getBytes(StandardCharsets.UTF_8).length;
      assertTrue(bytes < Message.MAX_BYTES - 200, bytes + " bytes");
      return found;
    }

    Subscription open(String user, int second, List<String> channels) {
      return hub.subscribe(
          Filter.of(Audience.everything()).withChannels(channels),
          new Subscriber(user, "10.0.0.1", null, null, null),
          Transport.STREAM,
          Format.DEFAULT,
          100,
          NOON.plusSeconds(second));
    }
  }

  private final Node a = new Node("a");
  private final Node b = new Node("b");

  private void connect() {
    a.others.add(b);
    a.alive = 1;
  }

  private List<OpenStreams.Item> all(int limit) {
    List<OpenStreams.Item> all = new ArrayList<>();
    String cursor = null;
    do {
      OpenStreams.Listed page = a.streams.list(Cursor.of(cursor), limit);
      assertTrue(page.items().size() <= limit);
      all.addAll(page.items());
      cursor = page.next();
    } while (cursor != null);
    return all;
  }

  @Test
  void theStreamsOfAllNodesAreListedOnceAndTheNewestFirst() {
    connect();
    IntStream.range(0, 90).forEach(i -> a.open("ann", i / 3, List.of("timer")));
    IntStream.range(0, 130).forEach(i -> b.open("bob", i / 4, List.of()));
    for (int limit : List.of(1, 7, 100)) {
      List<OpenStreams.Item> all = all(limit);
      assertEquals(220, all.size());
      assertEquals(220, new HashSet<>(all).size());
      List<OpenStreams.Item> sorted = new ArrayList<>(all);
      sorted.sort(
          Comparator.comparing(OpenStreams.Item::since)
              .thenComparing(OpenStreams.Item::clientId)
              .reversed());
      assertEquals(sorted, all);
    }
    assertEquals(100, a.streams.list(Cursor.START, 100).items().size(), "a full page");
  }

  @Test
  void streamsThatAreLargeAreSentOneByOne() {
    connect();
    List<String> channels =
        IntStream.range(0, 50).mapToObj(i -> "x".repeat(77) + i).map(c -> c + "a").toList();
    IntStream.range(0, 5).forEach(i -> b.open("\u0001\uFFFF".repeat(100), i, channels));
    assertEquals(5, a.streams.list(Cursor.START, 100).items().size());
    assertTrue(a.questions >= 5, a.questions + " questions");
  }

  @Test
  void anItemDescribesItsStream() {
    Subscription subscription = b.open("ann", 7, List.of("timer"));
    connect();
    OpenStreams.Item item = a.streams.list(Cursor.START, 10).items().get(0);
    assertEquals(
        new OpenStreams.Item(
            subscription.id(),
            "b",
            "ann",
            "10.0.0.1",
            "sse",
            List.of("timer"),
            NOON.plusSeconds(7),
            "100",
            0),
        item);
    Subscription anonymous = a.open(null, 8, List.of());
    item = a.streams.list(Cursor.START, 10).items().get(0);
    assertEquals(anonymous.id(), item.clientId());
    assertNull(item.user());
  }

  @Test
  void aStreamThatWasNotWrittenToIsBehind() {
    Subscription subscription = a.open("ann", 0, List.of());
    subscription.startAfter(40);
    OpenStreams.Item item = a.streams.list(Cursor.START, 10).items().get(0);
    assertEquals("40", item.position());
    assertEquals(60, item.behind());
  }

  @Test
  void requestsThatPollAreNotListed() {
    a.hub.subscribe(
        Filter.of(Audience.everything()),
        new Subscriber("ann", "10.0.0.1", null, null, null),
        Transport.POLLING,
        Format.DEFAULT,
        100,
        NOON);
    assertEquals(List.of(), a.streams.list(Cursor.START, 10).items());
  }

  @Test
  void aNodeThatDoesNotAnswerIsLeftOutAndCounted() {
    a.open("ann", 0, List.of());
    a.alive = 1;
    OpenStreams.Listed page = a.streams.list(Cursor.START, 10);
    assertEquals(1, page.items().size());
    assertEquals(1, page.missingNodes());
    assertNull(page.next());
  }
}
