package devfest.studio.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.TestJson;
import devfest.studio.events.Cloud;
import devfest.studio.events.CloudEvents;
import devfest.studio.events.Event;
import devfest.studio.events.Kinds;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Visibility;
import devfest.studio.log.Database;
import devfest.studio.log.Logs;
import io.cloudevents.CloudEvent;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a webhook reads from a real log. */
class BatchesTest {

  @TempDir private static Path dir;

  private static Database database;
  private long start;

  @BeforeAll
  static void open() {
    database = Database.h2(dir);
    database.run(em -> Logs.of(em).open(false));
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void startAtTheEnd() {
    start = database.transaction(em -> Logs.reader(em).bounds().latest());
  }

  private Webhook webhook() {
    return webhook(Format.STANDARD);
  }

  private Webhook webhook(Format format) {
    Webhook.Target target =
        new Webhook.Target(URI.create("https://example.org/"), List.of("mine"), List.of(), format);
    return new Webhook("ann", false, target, start, Instant.now());
  }

  private static Batch next(Webhook webhook, long after, @Nullable Long retryTo) {
    CloudEvents cloudEvents = new CloudEvents(() -> "https://studio.example");
    return database.transaction(
        em ->
            new Batches(Logs.reader(em), cloudEvents, Clock.systemUTC())
                .next(webhook, after, retryTo));
  }

  /** Appends events of ann. */
  private static List<Long> append(String type, int count, String data) {
    List<Event> events = Collections.nCopies(count, event(type, data));
    return database.transaction(em -> Logs.of(em).append(events)).stream()
        .map(LoggedEvent::position)
        .toList();
  }

  private static Event event(String type, String data) {
    return Event.of(type)
        .visibility(Visibility.PRIVATE)
        .userId("ann")
        .channel("events")
        .data(data)
        .build();
  }

  private static List<JsonObject> events(Batch batch) {
    return TestJson.json(batch.message().body())
        .getJsonArray("events")
        .getValuesAs(JsonObject.class);
  }

  private static List<Long> positions(Batch batch) {
    return events(batch).stream().map(event -> Long.valueOf(event.getString("id"))).toList();
  }

  /** The log is pruned after the events were read, before its bounds are. */
  @Test
  void aBatchWhoseEventsWereAllPrunedMeanwhileIsFollowedByTheNextEvent() {
    List<Long> appended = append("mine", 130, "1");
    long pruned = appended.get(109);
    CloudEvents cloudEvents = new CloudEvents(() -> "https://studio.example");
    Batch batch =
        database.transaction(
            em ->
                new Batches(Logs.prunedMeanwhile(em, pruned), cloudEvents, Clock.systemUTC())
                    .next(webhook(), start, null));
    assertEquals("stream.reset", events(batch).get(0).getString("event"));
    assertEquals(1, events(batch).size());
    assertEquals(pruned, batch.upTo());
  }

  @Test
  void batchesFollowEachOtherWithoutGapOrRepetition() {
    List<Long> appended = new ArrayList<>(append("mine", 130, "1"));
    List<Long> others = append("other", 200, "1");
    appended.addAll(append("mine", 20, "1"));
    Webhook webhook = webhook();
    List<Long> read = new ArrayList<>();
    long position = start;
    for (Batch batch = next(webhook, position, null);
        !batch.isEmpty();
        batch = next(webhook, position, null)) {
      assertTrue(batch.message().events() <= 100);
      read.addAll(positions(batch));
      position = batch.upTo();
    }
    assertEquals(appended, read);
    assertEquals(appended.get(149), position);
    assertTrue(others.get(199) < position);
  }

  @Test
  void whatDoesNotMatchIsSkippedUpToTheEndOfTheLog() {
    List<Long> others = append("other", 3, "1");
    Batch batch = next(webhook(), start, null);
    assertTrue(batch.isEmpty());
    assertEquals(others.get(2), batch.upTo());
  }

  /** Also with so many that the batch is not the end of what is read. */
  @ParameterizedTest
  @ValueSource(ints = {2, 99, 300})
  void aBatchIsRepeatedUnchangedAlthoughMoreEventsHaveFollowed(int more) {
    append("mine", 2, "1");
    append("other", 3, "1");
    Webhook webhook = webhook();
    Batch first = next(webhook, start, null);
    List<Long> later = append("mine", more, "1");
    Batch again = next(webhook, start, first.last());
    assertEquals(first.message(), again.message());
    assertEquals(
        later.subList(0, Math.min(more, 100)), positions(next(webhook, again.upTo(), null)));
  }

  @Test
  void aNewOriginIsReportedOnceAndWhatIsLeftFollows() {
    List<Long> kept = append("mine", 1, "1");
    database.run(em -> Logs.of(em).open(true));
    Webhook webhook = webhook();
    Batch batch = next(webhook, start, null);
    assertEquals("unknown", events(batch).get(0).getJsonObject("data").getString("reason"));
    assertEquals(kept, positions(batch).subList(1, 2));
    assertTrue(next(webhook, batch.upTo(), null).isEmpty());
  }

  @Test
  void aTracedEventNamesItsCause() {
    String cause = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    Event event = event("mine", "1");
    database.run(em -> Logs.of(em).append(List.of(event.tracedTo(cause), event)));
    Batch batch = next(webhook(), start, null);
    assertEquals(cause, events(batch).get(0).getString("traceparent"));
    assertFalse(events(batch).get(1).containsKey("traceparent"));
    assertEquals(Set.of(cause), batch.message().causes());
    String cloud = next(webhook(Format.CLOUDEVENTS), start, null).message().body();
    assertTrue(cloud.contains("\"traceparent\":\"" + cause + '"'), cloud);
  }

  @Test
  void cloudEventsNameTheirSubject() {
    Event.Builder about =
        Event.of("mine")
            .visibility(Visibility.PRIVATE)
            .userId("ann")
            .channel("events")
            .about(Kinds.PHOTO, "p")
            .about(Kinds.TRANSFORMATION, "t")
            .data("1");
    List<LoggedEvent> appended =
        database.transaction(em -> Logs.of(em).append(List.of(about.build(), event("mine", "2"))));
    List<CloudEvent> read = cloudEvents(next(webhook(Format.CLOUDEVENTS), start, null));
    assertEquals("t", read.get(0).getSubject());
    assertNull(read.get(1).getSubject());
    assertEquals(
        appended.stream().map(LoggedEvent::id).toList(),
        read.stream().map(CloudEvent::getId).toList());
  }

  /** Readers of JSON bound the depth, and an event that cannot be sent would stop the webhook. */
  @Test
  void deeplyNestedDataIsSentUnchanged() {
    String deep = "[".repeat(2_000) + "]".repeat(2_000);
    append("mine", 1, deep);
    for (Format format : Format.values()) {
      String body = next(webhook(format), start, null).message().body();
      assertTrue(body.contains("\"data\":" + deep + '}'), format.toString());
    }
  }

  private static List<CloudEvent> cloudEvents(Batch batch) {
    try (JsonReader reader = Json.createReader(new StringReader(batch.message().body()))) {
      return reader.readArray().stream().map(json -> Cloud.read(json.toString())).toList();
    }
  }

  @Test
  void largeEventsMakeBatchesSmaller() {
    List<Long> appended = append("mine", 40, '"' + "x".repeat(60_000) + '"');
    Webhook webhook = webhook();
    Batch first = next(webhook, start, null);
    assertTrue(first.message().body().length() < 1_200_000);
    assertEquals(appended.subList(0, first.message().events()), positions(first));
    assertEquals(
        appended.get(first.message().events()),
        positions(next(webhook, first.upTo(), null)).get(0));
  }

  @Test
  void prunedEventsAreReportedBeforeTheNextOnes() {
    List<Long> lost = append("mine", 2, "1");
    database.run(em -> Logs.prune(em, Instant.now().plusSeconds(60)));
    List<Long> kept = append("mine", 1, "1");
    Batch batch = next(webhook(), start, null);
    List<JsonObject> events = events(batch);
    assertEquals("stream.reset", events.get(0).getString("event"));
    assertEquals("expired", events.get(0).getJsonObject("data").getString("reason"));
    assertEquals(LongStream.of(lost.get(1), kept.get(0)).boxed().toList(), positions(batch));
    assertEquals(kept.get(0), batch.upTo());
    Webhook cloud = webhook(Format.CLOUDEVENTS);
    CloudEvent reset = cloudEvents(next(cloud, start, null)).get(0);
    assertEquals("stream.reset", reset.getType());
    assertEquals("stream.reset-" + cloud.id() + '-' + lost.get(1), reset.getId());
  }
}
