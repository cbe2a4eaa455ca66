package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.feeds.tasks.Archives;
import devfest.studio.push.Subscriber;
import devfest.studio.webhooks.Receiver;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What clients find again when their server was killed and started anew at the same port. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KillIT extends StudioTest {

  private static final String[] SETTINGS = {
    "studio.dev-mode=true",
    "studio.stream.heartbeat=PT1S",
    "studio.transformations.concurrency=1",
    "studio.webhooks.allow-private=true"
  };

  private static final int JOBS = 12;

  @TempDir static Path dir;
  private static Server server;

  @BeforeAll
  static void start() throws IOException {
    server = Server.start(dir, SETTINGS);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void startAgain() throws IOException {
    server = Server.startAt(server.base().getPort(), dir, SETTINGS);
  }

  @Override
  protected URI base() {
    return server.base();
  }

  @Test
  void jobsResumeAndEndOnce() throws Exception {
    byte[] image = TestImages.jpeg(3000, 2000);
    Set<String> ids = new HashSet<>();
    String photoId = publisher.photo(image, null);
    String start = publisher.publish("mark", "1", "private");
    try (SseReader stream = publisher.stream("?types=transformation.completed")) {
      for (int i = 0; i < JOBS; i++) {
        ids.add(publisher.transform(photoId, "vintage"));
      }
      stream.next("transformation.completed");
      stream.next("transformation.completed");
    }
    server.kill(); // while the third is in work
    startAgain();

    Map<String, List<String>> steps = new TreeMap<>();
    List<Long> positions = new ArrayList<>();
    try (SseReader stream = publisher.stream("", "Last-Event-ID: " + start)) {
      int ended = 0;
      while (ended < JOBS) {
        SseReader.Frame frame = stream.next(f -> f.id() != null && !"connected".equals(f.event()));
        positions.add(Long.parseLong(frame.id()));
        if (frame.event().startsWith("notification.")) {
          continue;
        }
        String id = json(frame).getJsonObject("data").getString("transformationId");
        steps.computeIfAbsent(id, key -> new ArrayList<>()).add(frame.event());
        ended += frame.event().equals("transformation.completed") ? 1 : 0;
      }
      assertEquals(
          List.of(),
          stream.during(Duration.ofSeconds(2)).stream()
              .filter(frame -> frame.event().startsWith("transformation."))
              .toList(),
          "nothing happens to them any more");
    }
    assertEquals(ids, steps.keySet());
    steps
        .values()
        .forEach(
            events ->
                assertEquals(
                    List.of("transformation.started", "transformation.completed"), events));
    long first = Long.parseLong(start) + 1;
    assertEquals(
        LongStream.range(first, first + positions.size()).boxed().toList(),
        positions,
        "no hole in the log");
    assertFalse(server.log().contains("was left to its claim"), "no error on the way");
  }

  @Test
  void receiversGetEveryEventInOrderAlsoIfTheyWereAway() throws Exception {
    List<String> published = new ArrayList<>();
    List<String> received = new ArrayList<>();
    List<String> mentions = new ArrayList<>();
    List<String> messages = new ArrayList<>();
    Subscriber browser = new Subscriber();
    Receiver webhook = new Receiver();
    Receiver push = new Receiver();
    String body = "{\"url\":\"%s\",\"types\":[\"mark\"]}".formatted(webhook.url());
    assertEquals(201, publisher.post(V1 + "/webhooks", body).status());
    String subscription = browser.subscription(push.url());
    assertEquals(201, publisher.post(V1 + "/push/subscriptions", subscription).status());
    for (int i = 0; i < 50; i++) {
      published.add(mark());
      if (i % 5 == 0) {
        mention(mentions);
      }
    }
    await().until(() -> !webhook.arrived().isEmpty() && !push.arrived().isEmpty());
    server.kill();
    webhook.close();
    push.close();
    received.addAll(ids(webhook));
    messages.addAll(texts(browser, push));

    startAgain();
    for (int i = 0; i < 250; i++) {
      published.add(mark());
    }
    mention(mentions);
    try (Receiver back = new Receiver(webhook.port());
        Receiver pushBack = new Receiver(push.port())) {
      await().until(() -> ids(back).contains(published.get(299)));
      received.addAll(ids(back));
      await().until(() -> texts(browser, pushBack).contains(mentions.get(10)));
      messages.addAll(texts(browser, pushBack));
    }
    List<String> once = received.stream().distinct().toList();
    assertEquals(published, once);
    assertTrue(received.size() - once.size() <= 100, "at most one batch comes twice");
    assertEquals(mentions, messages.stream().distinct().toList());
    assertTrue(messages.size() <= mentions.size() + 1, "at most one message comes twice");
  }

  private String mark() {
    String event = "{\"event\":\"mark\",\"data\":1,\"userId\":\"" + publisher.user() + "\"}";
    return publisher.post(V1 + "/events", event).json().getJsonArray("eventIds").getString(0);
  }

  private void mention(List<String> texts) {
    String text = "mention " + texts.size();
    assertTrue(mention(publisher, publisher, text).status() < 300);
    texts.add(text);
  }

  private static List<String> texts(Subscriber browser, Receiver push) {
    return push.arrived().stream()
        .map(arrival -> browser.read(arrival.bytes()).getString("body"))
        .toList();
  }

  private static List<String> ids(Receiver receiver) {
    return receiver.arrived().stream()
        .flatMap(arrival -> arrival.events().stream())
        .map(event -> event.getString("id"))
        .toList();
  }

  @Test
  void acknowledgedEventsSurviveAndAreReadOnce() throws Exception {
    Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    List<Long> seen = new ArrayList<>();
    String start = root.publish("mark", "1", "private");
    ExecutorService publishers = Executors.newFixedThreadPool(4);
    for (int i = 0; i < 4; i++) {
      publishers.execute(() -> publishUntilKilled(root, acknowledged));
    }
    try (SseReader stream = root.stream("", "Last-Event-ID: " + start)) {
      stream.next("connected");
      while (seen.size() < 300) {
        seen.add(Long.parseLong(stream.next(frame -> frame.id() != null).id()));
      }
      server.kill();
    }
    publishers.shutdown();
    assertTrue(publishers.awaitTermination(20, TimeUnit.SECONDS));

    startAgain();
    String position = Long.toString(seen.get(seen.size() - 1));
    String last = root.publish("last", "1", "private");
    try (SseReader stream = root.stream("?lastEventId=" + position)) {
      assertEquals(position, stream.next("connected").id());
      while (seen.get(seen.size() - 1) < Long.parseLong(last)) {
        seen.add(Long.parseLong(stream.next(frame -> frame.id() != null).id()));
      }
    }
    long first = Long.parseLong(start) + 1;
    assertEquals(
        LongStream.range(first, first + seen.size()).boxed().toList(),
        seen,
        "no hole, nothing twice, one order");
    Set<Long> lost = new HashSet<>(acknowledged);
    seen.forEach(lost::remove);
    assertEquals(Set.of(), lost);
  }

  private static void publishUntilKilled(Client client, Set<Long> acknowledged) {
    try {
      while (true) {
        acknowledged.add(Long.parseLong(client.publish("racing", "{\"n\":1}", "public")));
      }
    } catch (RuntimeException | AssertionError e) {
      // the server was killed
    }
  }

  @Test
  void theTimerKeepsRunningAndScoresAndNotificationsRemain() throws Exception {
    String game = game();
    score(game, 3, 2, null);
    mention(publisher, bob, "before");
    bob.post(V1 + "/notifications/read-all", "");
    mention(publisher, bob, "after");
    JsonObject before = drive("start", "{\"duration\":3600}");
    server.kill();
    startAgain();
    JsonObject after = bob.get(V1 + "/timer").data();
    assertTrue(after.getBoolean("running"));
    assertEquals(
        number(after, "timestamp") - number(before, "timestamp"),
        number(after, "elapsed") - number(before, "elapsed"),
        0.002);
    assertEquals(3, bob.get(V1 + "/games/" + game).data().getInt("home_score"));
    assertEquals(1, bob.get(V1 + "/notifications?unread=true").items().size());
    assertEquals(2, bob.get(V1 + "/notifications").items().size());
    try (SseReader reader = bob.follow(V1 + "/timer/stream")) {
      reader.next();
      assertFalse(reader.during(Duration.ofSeconds(2)).isEmpty());
    }
  }

  @Test
  void aTaskGoesOnAndStoresNoPhotoTwice() throws Exception {
    int count = 12;
    String id = Archives.send(ann, Archives.photos(count, TestImages.jpeg(3_000, 2_000)));
    await().until(() -> Archives.task(ann, id).getInt("progress") >= 45);
    server.kill();
    startAgain();
    await().until(() -> Archives.task(ann, id).getString("status"), "completed"::equals);
    assertEquals(count, Archives.task(ann, id).getJsonArray("photos").size());
    assertEquals(count, ann.get(V1 + "/photos?limit=100").items().size());
    assertEquals(
        count, ann.get(V1 + "/events?types=photo.uploaded&limit=100&after=0").items().size());
  }

  @Test
  @Order(Integer.MAX_VALUE) // it leaves no server
  void noResponseDuringARestartEndsAnEventSourceAndAStopIsAnnounced() throws Exception {
    try (Poller poller = new Poller(base())) {
      server.kill();
      startAgain();
      List<SseReader> readers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        readers.add(Client.of(base(), "reader-" + i / 20).stream(""));
      }
      for (SseReader reader : readers) {
        reader.next("connected");
      }
      try (Socket socket =
          Socket.open(ann.uri("/api/v1/stream/ws?channels=events&token=" + ann.token()))) {
        assertTrue(socket.next().contains("connected"));
        server.stop();
        for (SseReader reader : readers) {
          try (reader) {
            assertTrue(reader.next("stream.closed").data().contains("\"reason\":\"shutdown\""));
            reader.awaitCleanEnd();
          }
        }
        assertTrue(socket.next().contains("\"reason\":\"shutdown\""));
        assertEquals(1_001, socket.closed());
      }
      assertEquals(Set.of(), poller.unwelcome());
    }
  }

  /**
   * Requests a stream without a token again and again, from several threads; the 401 shows that the
   * studio itself answers.
   */
  private static final class Poller implements AutoCloseable {

    private static final String ORIGIN = "http://localhost:3000";
    private static final String REQUEST =
        "GET /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\nOrigin: "
            + ORIGIN
            + "\r\nConnection: close\r\n\r\n";

    private final Set<String> unwelcome = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answered = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean done;

    Poller(URI server) {
      for (int i = 0; i < 3; i++) {
        Thread thread = new Thread(() -> poll(server), "poller-" + i);
        thread.start();
        threads.add(thread);
      }
    }

    private void poll(URI server) {
      while (!done) {
        try {
          Raw raw = Raw.send(server, REQUEST);
          if (isProblem(raw, 401)) {
            answered.incrementAndGet();
          } else if (raw.status() != 0
              && !(isProblem(raw, 503) && raw.headers().containsKey("Retry-After"))) {
            unwelcome.add(raw.toString());
          }
        } catch (IOException e) { // refused or cut, after which an EventSource connects again
          if (!pause()) {
            return;
          }
        }
      }
    }

    /** Leaves the processor to the server, which starts. */
    private static boolean pause() {
      try {
        TimeUnit.MILLISECONDS.sleep(5);
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    private static boolean isProblem(Raw raw, int status) {
      Map<String, String> headers = raw.headers();
      return raw.status() == status
          && "application/problem+json".equals(headers.get("Content-Type"))
          && headers.containsKey("Content-Security-Policy")
          && "Origin".equals(headers.get("Vary"))
          && ORIGIN.equals(headers.get("Access-Control-Allow-Origin"));
    }

    Set<String> unwelcome() throws InterruptedException {
      done = true;
      for (Thread thread : threads) {
        thread.join();
      }
      assertTrue(answered.get() > 0, "the studio answered requests");
      return unwelcome;
    }

    @Override
    public void close() {
      done = true;
    }
  }
}
