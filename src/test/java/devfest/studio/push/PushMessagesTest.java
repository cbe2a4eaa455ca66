package devfest.studio.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.delivery.Delivery.Next;
import devfest.studio.delivery.Outcome;
import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.http.LinkSettings;
import devfest.studio.http.Links;
import devfest.studio.log.Database;
import devfest.studio.log.Logs;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a subscription reads from a real log, and when it ends. */
class PushMessagesTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Jsonb JSON = JsonbBuilder.create();

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
    start = head();
  }

  private static long head() {
    return database.transaction(em -> Logs.reader(em).bounds().latest());
  }

  private PushSubscription subscription(String language) {
    PushSubscription.Browser browser =
        new PushSubscription.Browser(URI.create("https://push.example.org/1"), "p", "a");
    return new PushSubscription("ann", browser, language, start, Instant.now());
  }

  private Next<PushMessage> next(String language, long after, Clock clock) {
    Links links = new Links(new LinkSettings(Optional.of("https://studio.example.org/")));
    return database.transaction(
        em ->
            new PushMessages(Logs.reader(em), links, JSON, clock)
                .next(subscription(language), after));
  }

  /** The bodies of all messages, read one after the other until the end of the log. */
  private List<String> all(String language, Clock clock) {
    List<String> bodies = new ArrayList<>();
    long position = start;
    while (position < head()) {
      Next<PushMessage> next = next(language, position, clock);
      assertTrue(next.upTo() > position);
      position = next.upTo();
      next.message().map(PushMessage::body).ifPresent(bodies::add);
    }
    return bodies;
  }

  private static void append(String user, String type, String text) {
    String data =
        JSON.toJson(
            new PushMessages.Notice(
                "n-1", type, text, "bob", type.equals("mention") ? null : "t-1"));
    Event event =
        Event.of("notification.created")
            .visibility(Visibility.PERSONAL)
            .userId(user)
            .channel("notifications")
            .data(data)
            .build();
    database.run(em -> Logs.of(em).append(List.of(event)));
  }

  @Test
  void messagesNameWhatHappenedAndWhereToSeeIt() {
    append("ann", "transformation.completed", "Your picture is ready.");
    append("ann", "transformation.failed", "Your picture could not be created: no memory");
    append("ann", "mention", "hello \"you\"");
    List<String> english = all("en", Clock.systemUTC());
    assertEquals(
        "{\"title\":\"Your picture is ready\",\"body\":\"Tap to see it.\","
            + "\"url\":\"https://studio.example.org/p/t-1\",\"tag\":\"n-1\"}",
        english.get(0));
    assertTrue(english.get(1).contains("\"url\":\"https://studio.example.org/dashboard\""));
    assertTrue(english.get(2).contains("\"body\":\"hello \\\"you\\\"\""));
    assertEquals(3, english.size());
    assertTrue(all("fr", Clock.systemUTC()).get(2).contains("bob vous mentionne"));
  }

  @Test
  void whatIsNotForTheBrowserIsSkippedAlsoInLargeNumbers() {
    for (int i = 0; i < 50; i++) {
      append("ann", "webhook.disabled", "Your webhook was disabled.");
      append("bob", "mention", "to bob");
    }
    append("ann", "mention", "to ann");
    List<String> read = all("en", Clock.systemUTC());
    assertEquals(1, read.size());
    assertTrue(read.get(0).contains("to ann"));
  }

  @Test
  void aMessageLivesForADayAfterItsEvent() {
    append("ann", "mention", "old");
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(23));
    Duration life = next("en", start, later).message().orElseThrow().life();
    assertTrue(life.toMinutes() >= 58 && life.toMinutes() <= 60, life::toString);
    assertEquals(List.of(), all("en", Clock.offset(Clock.systemUTC(), DAY)));
    Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofHours(-3));
    assertEquals(DAY, next("en", start, behind).message().orElseThrow().life());
  }

  @Test
  void aServiceThatFailsForADayIsGivenUp() {
    PushSubscription subscription = subscription("en");
    Outcome failure =
        new Outcome(503, "The receiver responded.", Duration.ofMillis(5), Optional.empty());
    Instant now = Instant.parse("2026-11-21T10:42:00Z");
    assertTrue(subscription.fail(failure, DAY, now));
    for (int i = 0; i < 30; i++) {
      assertTrue(subscription.fail(failure, DAY, now.plus(DAY).minusMillis(1)));
    }
    assertFalse(subscription.fail(failure, DAY, now.plus(DAY)));
  }

  @Test
  void aServiceThatDoesNotAcceptTheStudioIsNotGivenUp() {
    PushSubscription subscription = subscription("en");
    Outcome refusal =
        new Outcome(401, "The receiver responded.", Duration.ofMillis(5), Optional.empty());
    Instant now = Instant.parse("2026-11-21T10:42:00Z");
    for (int i = 0; i < 30; i++) {
      subscription.postpone(refusal, now);
      now = now.plus(Duration.ofHours(1));
    }
    assertTrue(subscription.lease().dueAt().isAfter(now.minus(Duration.ofHours(1))));
    assertTrue(subscription.fail(refusal, DAY, now), "only its own failures count");
  }
}
