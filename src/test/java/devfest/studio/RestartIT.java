package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.webhooks.Receiver;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guarantees over stops, kills and restarts of the process. */
class RestartIT {

  private static final int JOBS = 12;

  @TempDir Path dir;

  @Test
  void jobsResumeAfterAKillAndEndOnceAndAStopIsAnnouncedToClients() throws Exception {
    byte[] image = TestImages.jpeg(3000, 2000);
    Set<String> ids = new HashSet<>();
    String start;
    try (Server server =
        Server.start(dir, "studio.dev-mode=true", "studio.transformations.concurrency=1")) {
      Client ann = Client.of(server.base(), "ann", "publisher");
      String photoId = ann.photo(image, null);
      start = ann.publish("mark", "1", "private");
      try (SseReader stream = ann.stream("?types=transformation.completed")) {
        for (int i = 0; i < JOBS; i++) {
          ids.add(ann.transform(photoId, "vintage"));
        }
        stream.next("transformation.completed");
        stream.next("transformation.completed");
      }
      server.kill(); // while the third is in work
    }

    Map<String, List<String>> steps = new TreeMap<>();
    List<Long> positions = new ArrayList<>();
    try (Server server = Server.start(dir, "studio.dev-mode=true")) {
      Client ann = Client.of(server.base(), "ann", "publisher");
      try (SseReader stream = ann.stream("", "Last-Event-ID: " + start)) {
        int ended = 0;
        while (ended < JOBS) {
          SseReader.Frame frame =
              stream.next(f -> f.id() != null && !"connected".equals(f.event()));
          positions.add(Long.parseLong(frame.id()));
          if (frame.event().startsWith("notification.")) {
            continue;
          }
          try (JsonReader reader = Json.createReader(new StringReader(frame.data()))) {
            String id = reader.readObject().getJsonObject("data").getString("transformationId");
            steps.computeIfAbsent(id, key -> new ArrayList<>()).add(frame.event());
          }
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

      try (SseReader stream = ann.stream("")) {
        stream.next("connected");
        server.stop();
        assertTrue(stream.next("stream.closed").data().contains("\"reason\":\"shutdown\""));
        stream.awaitCleanEnd();
      }
      assertFalse(server.log().contains("was left to its claim"), "no error on the way");
    }
  }

  @Test
  void aWebhookGetsEveryEventInOrderOverAKillAndWhileItsReceiverIsAway() throws Exception {
    String[] settings = {"studio.dev-mode=true", "studio.webhooks.allow-private=true"};
    List<String> published = new ArrayList<>();
    List<String> received = new ArrayList<>();
    Receiver receiver = new Receiver();
    int port = receiver.port();
    try (Server server = Server.start(dir, settings)) {
      Client ann = Client.of(server.base(), "ann", "publisher");
      String body = "{\"url\":\"%s\",\"types\":[\"mark\"]}".formatted(receiver.url());
      assertEquals(201, ann.post("/api/v1/webhooks", body).status());
      for (int i = 0; i < 50; i++) {
        published.add(ann.publish("mark", "1", "private"));
      }
      await().until(() -> !receiver.arrived().isEmpty());
      server.kill();
      receiver.close();
      received.addAll(ids(receiver));
    }
    try (Server server = Server.start(dir, settings)) {
      Client ann = Client.of(server.base(), "ann", "publisher");
      for (int i = 0; i < 250; i++) {
        published.add(ann.publish("mark", "1", "private"));
      }
      try (Receiver back = new Receiver(port)) {
        await().atMost(Duration.ofSeconds(60)).until(() -> ids(back).contains(published.get(299)));
        received.addAll(ids(back));
      }
    }
    List<String> once = received.stream().distinct().toList();
    assertEquals(published, once);
    assertTrue(received.size() - once.size() <= 100, "at most one batch comes twice");
  }

  private static List<String> ids(Receiver receiver) {
    return receiver.arrived().stream()
        .flatMap(arrival -> arrival.events().stream())
        .map(event -> event.getString("id"))
        .toList();
  }

  @Test
  void noAnswerDuringARestartEndsAnEventSourceAndAStopIsAnnounced() throws Exception {
    int port;
    try (Server server = Server.start(dir, "studio.dev-mode=true")) {
      port = server.base().getPort();
      try (Poller poller = new Poller(server.base())) {
        server.kill();
        try (Server again = Server.startAt(port, dir, "studio.dev-mode=true")) {
          List<SseReader> readers = new ArrayList<>();
          for (int i = 0; i < 200; i++) {
            readers.add(Client.of(again.base(), "reader-" + i / 20).stream(""));
          }
          for (SseReader reader : readers) {
            reader.next("connected");
          }
          again.stop();
          for (SseReader reader : readers) {
            try (reader) {
              assertTrue(reader.next("stream.closed").data().contains("\"reason\":\"shutdown\""));
              reader.awaitCleanEnd();
            }
          }
        }
        assertEquals(Set.of(), poller.unwelcome());
      }
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
        } catch (IOException e) {
          Thread.onSpinWait(); // refused or cut, after which an EventSource connects again
        }
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

  @Test
  void aBareDeploymentHasNoDevModeAndReportsThatItHasNoKey() throws Exception {
    try (Server server = Server.start(dir, "studio.moderation=before")) {
      Client nobody = Client.anonymous(server.base());
      Client.Reply redeemed = nobody.post("/api/v1/passes/redeem", "{\"pass\":\"x\"}");
      assertEquals(404, redeemed.status());
      assertTrue(redeemed.json().getString("detail").contains("studio.guests"));
      assertEquals("before", nobody.get("/api/v1/event").data().getString("moderation"));
      String wish = "{\"user\":\"eve\",\"groups\":[\"admin\"]}";
      assertEquals(404, nobody.post("/api/v1/dev/tokens", wish).status());
      assertEquals(401, nobody.get("/api/v1/photos").status());
      List<String> log = linesBesidesTheTrail(server);
      for (int i = 0; i < 5; i++) {
        assertEquals(401, nobody.withToken("a.b.c").get("/api/v1/photos").status());
        assertEquals(401, nobody.get("/api/v1/events/stream?token=a.b.c").status());
      }
      assertEquals(log, linesBesidesTheTrail(server), "a bad token has no other line");
      assertTrue(server.log().contains("only anonymous calls will work"));
      assertFalse(server.log().contains("token="));
      assertFalse(Files.exists(dir.resolve("data/dev-key.json")));
    }
  }

  private static List<String> linesBesidesTheTrail(Server server) {
    return server
        .log()
        .lines()
        .filter(line -> !line.contains("devfest.studio.audit") && !line.contains("action="))
        .toList();
  }

  @Test
  void photosAndTransformationsWorkOnPostgres() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        Server server =
            Server.start(
                dir,
                "studio.dev-mode=true",
                "studio.db.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                "studio.db.user=postgres")) {
      Client ann = Client.of(server.base(), "ann", "publisher");
      try (SseReader stream = ann.stream("")) {
        String connected = stream.next("connected").id();
        String id = ann.transform(ann.photo(TestImages.jpeg(600, 400), null), "modern");
        String last = stream.next("transformation.completed").id();
        assertEquals(Long.parseLong(connected) + 3, Long.parseLong(last));
        assertEquals(200, ann.get("/uploads/transformations/" + id + ".jpg").status());
        assertEquals(
            200,
            ann.post("/api/v1/events", "{\"event\":\"a\",\"userId\":\"ann\",\"data\":\"\\u0000\"}")
                .status());
        assertTrue(stream.next("a").data().contains("\"data\":\"\\u0000\""));
      }
      assertFalse(Files.exists(dir.resolve("data/studio.mv.db")), "no second database");
    }
  }

  /** The last is the server's own, if it has any. */
  private static void assertEndsWith(String line, String log) {
    int at = log.lastIndexOf("The studio does not start: ");
    assertTrue(log.startsWith(line, at + "The studio does not start: ".length()), log);
  }

  private static long count(String text, String log) {
    return log.lines().filter(line -> line.contains(text)).count();
  }

  @Test
  void invalidSettingsStopTheStartWithOneLineEach() throws Exception {
    String log =
        Server.fail(
            dir,
            "studio.stream.heartbeat=15",
            "studio.stream.hartbeat=PT15S",
            "studio.anonymous-access=publick",
            "studio.db.url=jdbc:mysql://db/studio?password=geheim");
    assertEquals(1, count("studio.stream.heartbeat is '15', but must be an ISO-8601", log), log);
    assertEquals(1, count("studio.stream.hartbeat is not a property of the studio", log), log);
    assertEquals(1, count("studio.anonymous-access is 'publick', but", log), log);
    assertEquals(1, count("studio.db.url is 'jdbc:mysql://db/studio?password=(secret)'", log), log);
    assertFalse(log.contains("geheim"), log);
    assertEndsWith("4 settings are wrong, see above", log);
  }

  @Test
  void anUnreachableDatabaseStopsTheStartWithItsCause() throws Exception {
    String log = Server.fail(dir, "studio.db.url=jdbc:postgresql://127.0.0.1:1/studio");
    assertEndsWith("Connection to 127.0.0.1:1 refused", log);
  }

  @Test
  void callsGet503DuringADatabaseOutageAndRecoverAfterIt() throws Exception {
    Path data = dir.resolve("postgres");
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
    EmbeddedPostgres postgres = builder.start();
    try (Server server =
        Server.start(
            dir,
            "studio.dev-mode=true",
            "studio.db.url=" + postgres.getJdbcUrl("postgres", "postgres"),
            "studio.db.user=postgres")) {
      Client ann = Client.of(server.base(), "ann", "publisher");
      try (SseReader stream = ann.stream("")) {
        stream.next("connected");
        ann.publish("before", "1", "public");
        stream.next("before");
        int quiet = server.log().length();
        postgres.close();
        Client nobody = Client.anonymous(server.base());
        for (int i = 0; i < 3; i++) {
          for (Client.Reply reply :
              List.of(
                  ann.post("/api/v1/events/tickets", ""),
                  ann.post("/api/v1/events", "{\"event\":\"lost\",\"data\":1}"),
                  ann.post("/api/v1/users/ann/mention", "{\"text\":\"x\"}"),
                  ann.get("/api/v1/events"),
                  ann.get("/api/v1/photos"),
                  ann.get("/api/v1/timer"),
                  nobody.get("/api/v1/events/stream?ticket=none"))) {
            assertEquals(503, reply.status(), reply.response()::toString);
            assertEquals("2", reply.header("Retry-After"));
          }
          assertEquals(503, ann.get("/api/v1/health").status());
          assertEquals(200, ann.get("/health/live").status());
        }
        postgres = builder.setPort(postgres.getPort()).start();
        long back = System.nanoTime();
        await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () ->
                    ann.post(
                                "/api/v1/events",
                                "{\"event\":\"after\",\"data\":1,\"userId\":\"ann\"}")
                            .status()
                        == 200);
        stream.next("after");
        Duration silence = Duration.ofNanos(System.nanoTime() - back);
        assertTrue(silence.compareTo(Duration.ofSeconds(5)) < 0, silence::toString);
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> ann.get("/api/v1/health").status() == 200);
        String log = server.log().substring(quiet);
        assertEquals(1, count("The database cannot be used", log), log);
        assertEquals(1, count("The database can be used again", log), log);
        assertEquals(0, count("\tat ", log), log);
      }
    } finally {
      postgres.close();
    }
  }

  @Test
  void anonymousClientsSeePublicThingsIfTheOperatorAllowsIt() throws Exception {
    try (Server server =
        // With -D, DevKey is not used, so the server generates its own key.
        Server.start(dir, "-Dstudio.dev-mode=true", "studio.anonymous-access=public")) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> server.log().contains("/dashboard#token="));
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(dir.resolve("data/dev-key.json"))));
      Client nobody = Client.anonymous(server.base());
      Client ann = Client.of(server.base(), "ann");
      for (String path : List.of("/api/v1/events/stats", "/api/v1/events/stream", "/events")) {
        for (String header : List.of("Basic YTpi", "Bearer", "Bearer x", "bearer", "")) {
          HttpRequest.Builder bad = nobody.request(path).header("Authorization", header);
          assertEquals(401, nobody.send(bad).status(), path + " is not anonymous by " + header);
        }
      }
      try (SseReader stream = nobody.stream("")) {
        stream.next("connected");
        ann.photo(TestImages.jpeg(60, 40), "private");
        String open = ann.photo(TestImages.jpeg(60, 40), "public");
        assertTrue(stream.next("photo.uploaded").data().contains(open), "only the public one");
      }
      for (String path : List.of("styles", "events", "events/stats", "transformations/recent")) {
        assertEquals(200, nobody.get("/api/v1/" + path).status(), path);
      }
      assertEquals(401, nobody.get("/api/v1/photos").status());
    }
  }
}
