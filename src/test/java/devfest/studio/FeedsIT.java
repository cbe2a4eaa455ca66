package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GitHub's activity, posts and quota, as their clients meet them. */
class FeedsIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String SECRET = "a secret";
  private static final String POSTS = "/api/v1/github/posts";
  private static final byte[] PHOTO = TestImages.jpeg(300, 200);

  /** What came to the outlet: the post's id and the signature. */
  private record Arrival(String post, String signature, String body) {}

  @TempDir static Path dir;
  private static Server server;
  private static HttpServer outlet;
  private static final Queue<Arrival> ARRIVED = new ConcurrentLinkedQueue<>();
  private static final Queue<Integer> ANSWERS = new ConcurrentLinkedQueue<>();

  private Client ann;
  private Client bob;
  private Client publisher;
  private Client nobody;
  private Hooks shared;

  @BeforeAll
  static void start() throws IOException {
    outlet = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    outlet.createContext(
        "/",
        exchange -> {
          ARRIVED.add(
              new Arrival(
                  exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                  exchange.getRequestHeaders().getFirst("X-Studio-Signature-256"),
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          Integer answer = ANSWERS.poll();
          exchange.sendResponseHeaders(answer == null ? 204 : answer, -1);
          exchange.close();
        });
    outlet.start();
    server =
        Server.start(
            dir,
            "studio.dev-mode=true",
            "studio.stream.heartbeat=PT1S",
            "studio.quota.transformations-per-day=3",
            "studio.transformations.concurrency=1",
            "studio.transformations.attempts=1",
            "studio.github.webhook-secret=" + SECRET,
            "studio.posts.outlet-secret=outlet key",
            "studio.posts.outlet-url=http://127.0.0.1:" + outlet.getAddress().getPort() + "/posts");
  }

  @AfterAll
  static void stop() {
    server.close();
    outlet.stop(0);
  }

  @BeforeEach
  void clients() {
    String suffix = UUID.randomUUID().toString();
    ann = Client.of(server.base(), "ann-" + suffix);
    bob = Client.of(server.base(), "bob-" + suffix);
    publisher = Client.of(server.base(), "pub-" + suffix, "publisher");
    nobody = Client.anonymous(server.base());
    shared = new Hooks(nobody, Hooks.SHARED, SECRET);
    ARRIVED.clear();
    ANSWERS.clear();
  }

  private static JsonObject json(SseReader.Frame frame) {
    try (JsonReader reader = Json.createReader(new StringReader(frame.data()))) {
      return reader.readObject();
    }
  }

  // ---- the webhook

  @Test
  void everyKindOfDeliveryIsTakenInAndWorkedOn() throws Exception {
    Set<String> toldOf = Set.of("push", "release", "pull_request");
    for (String event : Hooks.documented().keySet()) {
      String id = UUID.randomUUID().toString();
      assertEquals(202, shared.deliver(event, id).status(), event);
      String status = toldOf.contains(event) ? "processed" : "ignored";
      await().atMost(SOON).untilAsserted(() -> assertEquals(status, statusOf(ann, id), event));
    }
  }

  private static String statusOf(Client client, String delivery) {
    return client.get("/api/v1/github/events?limit=100").items().stream()
        .map(item -> item.asJsonObject())
        .filter(item -> item.getString("delivery_id").equals(delivery))
        .map(item -> item.getString("status"))
        .findFirst()
        .orElse("unknown");
  }

  @Test
  void onlyWhatIsSignedWithTheSecretIsStored() {
    byte[] body = Hooks.documented().get("star").toString().getBytes(StandardCharsets.UTF_8);
    byte[] other = "{}".getBytes(StandardCharsets.UTF_8);
    String id = UUID.randomUUID().toString();
    String right = Hooks.sign(SECRET, body);
    List<String> wrong = new ArrayList<>(List.of("", "sha256=", "sha256=00", right.substring(7)));
    wrong.add(Hooks.sign("another", body));
    wrong.add(Hooks.sign("x", body).replace("sha256", "sha1"));
    wrong.add(Hooks.sign(SECRET, other));
    wrong.add(null);
    for (String signature : wrong) {
      assertEquals(
          401, shared.send("star", id, body, "application/json", signature).status(), signature);
    }
    assertEquals("unknown", statusOf(ann, id));
    assertEquals(202, shared.send("star", id, body, "application/json", right).status());
  }

  @Test
  void whatIsNoDeliveryIsRefusedWithAReason() {
    byte[] body = "no json".getBytes(StandardCharsets.UTF_8);
    String id = UUID.randomUUID().toString();
    String signature = Hooks.sign(SECRET, body);
    assertEquals(400, shared.send("star", id, body, "application/json", signature).status());
    assertEquals(415, shared.send("star", id, body, "text/plain", signature).status());
    assertEquals(400, shared.send("st ar", id, body, "application/json", signature).status());
    assertEquals(
        404,
        new Hooks(nobody, Hooks.SHARED + "/nobody", SECRET)
            .send("star", id, body, "application/json", signature)
            .status());
  }

  @Test
  void aFormIsADeliveryToo() {
    String json = Hooks.documented().get("star").toString();
    byte[] form =
        ("payload=" + URLEncoder.encode(json, StandardCharsets.UTF_8))
            .getBytes(StandardCharsets.UTF_8);
    String id = UUID.randomUUID().toString();
    assertEquals(
        202,
        shared
            .send("star", id, form, "application/x-www-form-urlencoded", Hooks.sign(SECRET, form))
            .status());
  }

  @Test
  void asMuchAsGithubSendsIsTaken() {
    String payload = "{\"action\":\"created\",\"x\":\"" + "x".repeat(24 * 1024 * 1024) + "\"}";
    String id = UUID.randomUUID().toString();
    assertEquals(202, shared.deliver("star", id, payload).status());
  }

  @Test
  void ofTwentyEqualDeliveriesAtOnceOneIsTakenAndMakesOneDraft() throws Exception {
    String id = UUID.randomUUID().toString();
    ExecutorService pool = Executors.newFixedThreadPool(20);
    try {
      List<Future<Integer>> answers =
          pool.invokeAll(Collections.nCopies(20, () -> shared.deliver("release", id).status()));
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> answer : answers) {
        statuses.add(answer.get());
      }
      assertEquals(1, Collections.frequency(statuses, 202), statuses::toString);
      assertEquals(19, Collections.frequency(statuses, 200), statuses::toString);
    } finally {
      pool.shutdown();
    }
    await().atMost(SOON).until(() -> statusOf(ann, id).equals("processed"));
    assertEquals(200, shared.deliver("release", id).status());
    assertEquals(1, drafts(ann, id).size());
  }

  private static List<JsonObject> drafts(Client client, String delivery) {
    return client.get(POSTS + "?limit=100").items().stream()
        .map(item -> item.asJsonObject())
        .filter(item -> item.get("deliveryId").toString().contains(delivery))
        .toList();
  }

  @Test
  void ownHooksArePrivateAndTheirSecretIsShownOnce() throws Exception {
    JsonObject hook = ann.post("/api/v1/github/hooks", "{\"name\":\"mine\"}").data();
    String id = hook.getString("hookId");
    assertTrue(hook.getString("url").endsWith("/api/v1/github/webhook/" + id));
    JsonObject listed = ann.get("/api/v1/github/hooks").items().getJsonObject(0);
    assertTrue(listed.isNull("secret"));
    assertEquals(404, bob.post("/api/v1/github/hooks/" + id + "/rotate", "").status());
    assertEquals(404, bob.delete("/api/v1/github/hooks/" + id).status());

    Hooks own = new Hooks(nobody, Hooks.SHARED + "/" + id, hook.getString("secret"));
    try (SseReader hers = ann.follow("/api/v1/github/events/stream");
        SseReader his = bob.follow("/api/v1/github/events/stream")) {
      hers.next("events");
      his.next("events");
      String delivery = UUID.randomUUID().toString();
      assertEquals(202, own.deliver("release", delivery).status());
      assertTrue(hers.next("new-event").data().contains(delivery));
      await().atMost(SOON).until(() -> statusOf(ann, delivery).equals("processed"));
      assertEquals("unknown", statusOf(bob, delivery));
      assertEquals(1, drafts(ann, delivery).size());
      assertEquals(0, drafts(bob, delivery).size());
      assertTrue(
          his.during(Duration.ofSeconds(1)).stream()
              .noneMatch(frame -> frame.data() != null && frame.data().contains(delivery)));
    }

    String secret =
        ann.post("/api/v1/github/hooks/" + id + "/rotate", "").data().getString("secret");
    assertEquals(401, own.deliver("star").status());
    Hooks rotated = new Hooks(nobody, Hooks.SHARED + "/" + id, secret);
    assertEquals(202, rotated.deliver("star").status());
    assertEquals(204, ann.delete("/api/v1/github/hooks/" + id).status());
    assertEquals(404, rotated.deliver("star").status());
  }

  // ---- the feeds of events

  @Test
  void theFeedOfEventsBeginsWithTheNewestThenEachNewOneAndEachNewStatus() throws Exception {
    String first = UUID.randomUUID().toString();
    assertEquals(202, shared.deliver("star", first).status());
    await().atMost(SOON).until(() -> statusOf(ann, first).equals("ignored"));
    try (SseReader feed = ann.follow("/api/v1/github/events/stream")) {
      SseReader.Frame snapshot = feed.next(frame -> frame.event() != null);
      assertEquals("events", snapshot.event());
      JsonObject newest = json(snapshot).getJsonArray("events").getJsonObject(0);
      assertEquals(
          Set.of("delivery_id", "event", "repo_full_name", "status", "received_at"),
          newest.keySet());
      assertEquals(first, newest.getString("delivery_id"));
      String id = UUID.randomUUID().toString();
      assertEquals(202, shared.deliver("organization", id).status());
      SseReader.Frame item = feed.next("new-event");
      assertEquals(id, json(item).getJsonObject("event").getString("delivery_id"));
      assertTrue(json(item).getJsonObject("event").isNull("repo_full_name"));
      assertTrue(Long.parseLong(item.id()) > Long.parseLong(snapshot.id()));
      feed.next(
          frame -> {
            if (!"events-update".equals(frame.event())) {
              return false;
            }
            JsonObject updated = json(frame).getJsonArray("events").getJsonObject(0);
            return updated.getString("delivery_id").equals(id)
                && updated.getString("status").equals("ignored");
          });
    }
  }

  @Test
  void aChannelThatWasLeftIsSilent() throws Exception {
    try (SseReader reader = ann.follow("/api/v1/stream?channels=github,timer")) {
      String id = json(reader.next("connected")).getJsonObject("data").getString("clientId");
      reader.next(frame -> frame.data() != null && frame.data().contains("\"timer_update\""));
      String delivery = UUID.randomUUID().toString();
      assertEquals(200, ann.patch("/api/v1/streams/" + id, "{\"remove\":[\"github\"]}").status());
      reader.during(Duration.ZERO);
      assertEquals(202, shared.deliver("star", delivery).status());
      await().atMost(SOON).until(() -> statusOf(ann, delivery).equals("ignored"));
      List<String> late =
          reader.during(Duration.ofSeconds(1)).stream()
              .map(SseReader.Frame::data)
              .filter(data -> data != null && data.contains("github"))
              .toList();
      assertEquals(List.of(), late);
    }
  }

  @Test
  void itemsAllComeInOrderAndTheCountIsConflatedAndRightInTheEnd() throws Exception {
    int deliveries = 300;
    try (SseReader events = ann.follow("/github/events/stream");
        SseReader length = ann.follow("/api/github/events/length/stream")) {
      events.next("events");
      long before = json(length.next("count")).getInt("count");
      long begun = System.nanoTime();
      ExecutorService pool = Executors.newFixedThreadPool(8);
      try {
        List<Future<Integer>> answers =
            pool.invokeAll(Collections.nCopies(deliveries, () -> shared.deliver("watch").status()));
        for (Future<Integer> answer : answers) {
          assertEquals(202, answer.get());
        }
      } finally {
        pool.shutdown();
      }
      long position = 0;
      for (int i = 0; i < deliveries; i++) {
        long next = Long.parseLong(events.next("new-event").id());
        assertTrue(next > position);
        position = next;
      }
      int updates = 1;
      while (json(length.next("count")).getInt("count") != before + deliveries) {
        updates++;
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      int told = updates;
      assertTrue(told <= 10 * seconds + 3, () -> told + " updates in " + seconds + " s");
    }
  }

  @Test
  void listsNarrowAndGoOnByTheirCursor() {
    for (int i = 0; i < 3; i++) {
      assertEquals(202, shared.deliver("fork").status());
    }
    String query = "/api/v1/github/events?event=fork&repo=Codertocat/Hello-World&limit=2";
    JsonObject page = ann.get(query).data();
    assertEquals(2, page.getJsonArray("items").size());
    JsonObject next = ann.get(query + "&cursor=" + page.getString("next")).data();
    assertFalse(next.getJsonArray("items").isEmpty());
    assertFalse(page.getJsonArray("items").contains(next.getJsonArray("items").get(0)));
    assertEquals(0, ann.get("/api/v1/github/events?repo=no/where").items().size());
    assertEquals(400, ann.get("/api/v1/github/events?status=done").status());
    assertEquals(401, nobody.get("/api/v1/github/events").status());
  }

  // ---- posts

  private String post(Client client, String title) {
    Client.Reply reply = client.post(POSTS, "{\"title\":\"" + title + "\",\"body\":\"Text\"}");
    assertEquals(201, reply.status());
    return reply.data().getString("postId");
  }

  private JsonObject ready(Client client, String id) {
    Client.Reply reply = client.patch(POSTS + "/" + id, "{\"status\":\"ready\"}");
    assertEquals(200, reply.status());
    return reply.data();
  }

  private static String statusOfPost(Client client, String id) {
    return client.get(POSTS + "/" + id).data().getString("status");
  }

  @Test
  void aPostGoesFromDraftToPublishedAndItsFeedTellsEachStep() throws Exception {
    try (SseReader feed = ann.follow("/github/posts/stats/stream");
        SseReader everybody = bob.stream("?types=post.published")) {
      JsonObject stats = json(feed.next("stats")).getJsonObject("stats");
      assertEquals(Set.of("drafts", "ready", "scheduled", "published", "failed"), stats.keySet());
      int published = stats.getInt("published");
      assertEquals(
          stats.keySet(),
          json(feed.next("posts-by-status")).getJsonObject("postsByStatus").keySet());
      everybody.next("connected");

      String id = post(ann, "Hello");
      feed.next(f -> "posts-update".equals(f.event()) && f.data().contains(id));
      assertEquals("ready", ready(ann, id).getString("status"));
      Instant at = Instant.now().plusSeconds(2);
      assertEquals(
          200,
          ann.patch(POSTS + "/" + id, "{\"status\":\"scheduled\",\"scheduledAt\":\"" + at + "\"}")
              .status());
      SseReader.Frame event = everybody.next("post.published");
      assertTrue(event.data().contains(id));
      Instant now = Instant.now();
      assertFalse(now.isBefore(at), "not before its time");
      assertTrue(now.isBefore(at.plusSeconds(5)), "within 5 s of its time");
      feed.next(
          f ->
              "stats-update".equals(f.event())
                  && json(f).getJsonObject("stats").getInt("published") == published + 1);
      assertEquals("published", statusOfPost(ann, id));
    }
    Arrival arrival = ARRIVED.remove();
    assertEquals(
        Hooks.sign("outlet key", arrival.body().getBytes(StandardCharsets.UTF_8)),
        arrival.signature());
    assertTrue(ARRIVED.isEmpty(), "once");
  }

  @Test
  void illegalMovesAreRefusedWithTheLegalOnes() {
    String id = post(ann, "Stubborn");
    Client.Reply early =
        ann.patch(
            POSTS + "/" + id,
            "{\"status\":\"scheduled\",\"scheduledAt\":\"2099-01-01T00:00:00Z\"}");
    assertEquals(409, early.status());
    assertTrue(early.json().getString("detail").contains("[ready]"));
    assertEquals(409, ann.post(POSTS + "/" + id + "/publish", "").status());
    assertEquals(409, ann.post(POSTS + "/" + id + "/retry", "").status());
    ready(ann, id);
    String path = POSTS + "/" + id;
    assertEquals(400, ann.patch(path, "{\"status\":\"scheduled\"}").status());
    assertEquals(400, ann.patch(path, "{\"status\":\"soon\"}").status());
    assertEquals(
        422,
        ann.patch(path, "{\"status\":\"scheduled\",\"scheduledAt\":\"2020-01-01T00:00:00Z\"}")
            .status());
    assertEquals(400, ann.patch(path, "{\"title\":\"\"}").status());
    assertEquals(400, ann.post(POSTS, "{\"body\":\"no title\"}").status());
    assertEquals("ready", statusOfPost(ann, id));
    assertEquals(204, ann.delete(path).status());
    assertEquals(404, ann.get(path).status());
  }

  @Test
  void postsAreTheirOwnersAndTheOrganisersAreForOrganisersToChange() {
    String id = post(ann, "Mine");
    assertEquals(404, bob.get(POSTS + "/" + id).status());
    assertEquals(404, bob.patch(POSTS + "/" + id, "{\"title\":\"His\"}").status());
    String delivery = UUID.randomUUID().toString();
    shared.deliver("pull_request", delivery);
    await().atMost(SOON).until(() -> drafts(bob, delivery).size() == 1);
    JsonObject draft = drafts(bob, delivery).get(0);
    assertEquals(
        "New in Codertocat/Hello-World: Update the README with new information.",
        draft.getString("title"));
    String path = POSTS + "/" + draft.getString("postId");
    assertEquals(403, bob.patch(path, "{\"title\":\"His\"}").status());
    assertEquals(200, publisher.patch(path, "{\"title\":\"Ours\"}").status());
    assertEquals("Ours", bob.get(path).data().getString("title"));
  }

  @Test
  void anOutletThatStumblesIsTriedAgainAndOneThatRefusesIsNot() {
    String id = post(ann, "Twice");
    ready(ann, id);
    ANSWERS.addAll(List.of(503, 204));
    assertEquals(202, ann.post(POSTS + "/" + id + "/publish", "").status());
    await().atMost(SOON).until(() -> statusOfPost(ann, id).equals("published"));
    assertEquals(List.of(id, id), ARRIVED.stream().map(Arrival::post).toList());

    ARRIVED.clear();
    String refused = post(ann, "Never");
    ready(ann, refused);
    ANSWERS.add(422);
    ann.post(POSTS + "/" + refused + "/publish", "");
    await().atMost(SOON).until(() -> statusOfPost(ann, refused).equals("failed"));
    assertEquals(1, ARRIVED.size());
    assertEquals(
        "The outlet answered 422", ann.get(POSTS + "/" + refused).data().getString("error"));
    assertEquals(202, ann.post(POSTS + "/" + refused + "/retry", "").status());
    await().atMost(SOON).until(() -> statusOfPost(ann, refused).equals("published"));
    assertTrue(ann.get(POSTS + "/" + refused).data().isNull("error"));
  }

  @Test
  void aScheduleOutlivesTheServerAndTwoServersPublishOnce(@TempDir Path other) throws Exception {
    try (EmbeddedPostgres database = EmbeddedPostgres.start()) {
      String[] settings = {
        "studio.dev-mode=true",
        "studio.db.url=" + database.getJdbcUrl("postgres", "postgres"),
        "studio.db.user=postgres",
        "studio.posts.outlet-url=http://127.0.0.1:" + outlet.getAddress().getPort() + "/posts"
      };
      List<String> ids = new ArrayList<>();
      Path one = Files.createDirectory(other.resolve("one"));
      try (Server first = Server.start(one, settings)) {
        Client client = Client.of(first.base(), "ann");
        ids.addAll(schedule(client, Instant.now().plusSeconds(20)));
        first.kill();
      }
      Path two = Files.createDirectory(other.resolve("two"));
      ExecutorService pool = Executors.newSingleThreadExecutor();
      Future<Server> starting = pool.submit(() -> Server.start(two, settings));
      pool.shutdown();
      try (Server again = Server.start(one, settings);
          Server beside = starting.get(5, TimeUnit.MINUTES)) {
        Client client = Client.of(again.base(), "ann");
        // Those that were due while nobody was there, and as many while both are.
        ids.addAll(schedule(client, Instant.now().plusSeconds(10)));
        for (String id : ids) {
          await()
              .atMost(Duration.ofSeconds(40))
              .untilAsserted(
                  () ->
                      assertEquals(
                          "published", statusOfPost(client, id), () -> again.log() + beside.log()));
        }
        assertEquals(
            ids.stream().sorted().toList(), ARRIVED.stream().map(Arrival::post).sorted().toList());
        assertEquals(
            ids.size(),
            client
                .get("/api/v1/events/stats")
                .data()
                .getJsonObject("eventsByType")
                .getInt("post.published"));
        outliveTheDatabase(database, List.of(again, beside));
      }
    }
  }

  /** All its connections are cut at once, while one node's timer is followed on the other. */
  private static void outliveTheDatabase(EmbeddedPostgres database, List<Server> nodes)
      throws Exception {
    Client driver = Client.of(nodes.get(0).base(), "driver", "publisher");
    Client watcher = Client.of(nodes.get(1).base(), "watcher");
    try (SseReader timer = watcher.follow("/api/v1/timer/stream")) {
      timer.next();
      assertEquals(200, driver.post("/api/v1/timer/start", "{\"duration\":600}").status());
      timer.next(frame -> frame.data() != null && frame.data().contains("\"running\":true"));
      try (Connection connection = database.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()");
      }
      for (int i = 0; i < 20; i++) { // of whatever the pools hold
        await().atMost(SOON).until(() -> driver.get("/api/v1/timer").status() == 200);
      }
      List<SseReader.Frame> since = timer.during(Duration.ofSeconds(8));
      assertTrue(since.size() >= 4, since::toString);
      assertEquals(200, driver.post("/api/v1/timer/penalty", "").status());
      timer.next(frame -> frame.data() != null && json(frame).getInt("elapsed") > 60);
      assertEquals(200, driver.get("/api/v1/health").status());
    }
  }

  private List<String> schedule(Client client, Instant at) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String id = post(client, "Post " + i);
      ready(client, id);
      String when = "{\"status\":\"scheduled\",\"scheduledAt\":\"" + at + "\"}";
      assertEquals(200, client.patch(POSTS + "/" + id, when).status());
      ids.add(id);
    }
    return ids;
  }

  // ---- quota

  private Client.Reply order(String photo) {
    return ann.post(
        "/api/v1/transformations", "{\"photoId\":\"" + photo + "\",\"styleId\":\"vintage\"}");
  }

  @Test
  void theQuotaIsLiveEndsInARefusalAndIsNeverOverdrawn() throws Exception {
    String photo = ann.photo(PHOTO, null);
    try (SseReader feed = ann.follow("/api/v1/quota/stream")) {
      JsonObject quota = json(feed.next("quota")).getJsonObject("quota");
      assertEquals(Set.of("used", "remaining", "limit", "resetsAt"), quota.keySet());
      assertEquals(3, quota.getInt("remaining"));
      ExecutorService pool = Executors.newFixedThreadPool(12);
      try {
        List<Future<Integer>> answers =
            pool.invokeAll(Collections.nCopies(12, () -> order(photo).status()));
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> answer : answers) {
          statuses.add(answer.get());
        }
        assertEquals(3, Collections.frequency(statuses, 202), statuses::toString);
        assertEquals(9, Collections.frequency(statuses, 429), statuses::toString);
      } finally {
        pool.shutdown();
      }
      feed.next(
          f ->
              "quota-update".equals(f.event())
                  && json(f).getJsonObject("quota").getInt("remaining") == 0);
    }
    Client.Reply refused = order(photo);
    assertTrue(Integer.parseInt(refused.header("Retry-After")) > 0);
    JsonObject left = ann.get("/api/v1/quota").data();
    assertEquals(3, left.getInt("used"));
    assertEquals(0, left.getInt("remaining"));
    assertTrue(
        Instant.parse(left.getString("resetsAt")).isBefore(Instant.now().plusSeconds(86_401)));
  }

  private int used() {
    return ann.get("/api/v1/quota").data().getInt("used");
  }

  @Test
  void whatIsCancelledOrFailsIsGivenBackOnce() throws Exception {
    // One at a time is worked on, so the others wait behind a large one.
    String large = ann.photo(TestImages.jpeg(4000, 3000), null);
    String lost = ann.photo(PHOTO, null);
    Files.delete(dir.resolve("data/photos/" + lost + ".jpg"));
    String first = ann.transform(large, "charcoal");
    String failing = ann.transform(lost, "vintage");
    String waiting = ann.transform(large, "vintage");
    assertEquals(3, used());
    assertEquals(429, order(large).status());
    assertEquals(200, ann.delete("/api/v1/transformations/" + waiting).status());
    assertEquals(409, ann.delete("/api/v1/transformations/" + waiting).status());
    assertEquals(2, used());
    await().atMost(SOON).until(() -> statusOfJob(failing).equals("failed"));
    await().atMost(SOON).until(() -> statusOfJob(first).equals("completed"));
    assertEquals(1, used());
    assertEquals(202, ann.post("/api/v1/transformations/" + failing + "/retry", "").status());
    await().atMost(SOON).until(() -> statusOfJob(failing).equals("failed"));
    assertEquals(1, used(), "taken anew, and given back anew");
    assertEquals(204, ann.delete("/api/v1/photos/" + lost).status());
    assertEquals(1, used());
  }

  private String statusOfJob(String id) {
    return ann.get("/api/v1/transformations/" + id).data().getString("status");
  }

  // ---- all over one connection, and the ways in

  @Test
  void eachFeedIsAChannelOfTheOneStream() throws Exception {
    try (SseReader all = ann.follow("/api/stream?channels=github,posts,quota,events")) {
      all.next("connected");
      Set<String> seen = new java.util.TreeSet<>();
      while (!seen.containsAll(List.of("github", "posts", "quota"))) {
        SseReader.Frame frame = all.next(f -> f.data() != null && f.event() == null);
        assertTrue(json(frame).keySet().containsAll(List.of("channel", "event", "data")));
        seen.add(json(frame).getString("channel"));
      }
      String id = UUID.randomUUID().toString();
      shared.deliver("star", id);
      JsonObject item = json(all.next(f -> f.data() != null && f.data().contains(id)));
      assertEquals("new-event", item.getString("event"));
      assertEquals("new-event", item.getJsonObject("data").getString("type"));
      ann.photo(PHOTO, null);
      all.next(f -> f.data() != null && f.data().contains("\"event\":\"photo.uploaded\""));
    }
    assertEquals(400, ann.get("/api/v1/stream?channels=github,nope").status());
    // A screen that asks for what is public gets nothing of its owner's.
    assertEquals(403, ann.get("/api/v1/stream?channels=quota&visibility=public").status());
    try (SseReader screen = ann.follow("/api/v1/stream?visibility=public")) {
      screen.next("connected");
      String id = publisher.publish("mark", "1", "public");
      Set<String> channels = new java.util.TreeSet<>();
      SseReader.Frame frame = screen.next();
      for (; !id.equals(frame.id()); frame = screen.next()) {
        channels.add(json(frame).getString("channel").replaceFirst("/.*", ""));
      }
      assertTrue(Set.of("games", "timer", "chat").containsAll(channels), channels::toString);
    }
  }

  @Test
  void feedsTakeTheSameCredentialsAsAllStreams() throws Exception {
    String ticket = ann.post("/api/v1/events/tickets", "").data().getString("ticket");
    for (String way : List.of("?token=" + ann.token(), "?ticket=" + ticket)) {
      try (SseReader feed = nobody.follow("/quota/stream" + way)) {
        feed.next("quota");
      }
    }
    try (SseReader feed =
        SseReader.open(nobody.uri("/quota/stream"), "Cookie: studio_session=" + ann.token())) {
      feed.next("quota");
    }
    for (String path : List.of("/quota/stream", "/github/events/stream", "/events")) {
      assertEquals(401, nobody.get(path).status(), path);
      assertEquals(401, nobody.get(path + "?token=x").status(), path);
      HttpRequest.Builder head =
          ann.request(path).method("HEAD", HttpRequest.BodyPublishers.noBody());
      assertTrue(ann.send(head).header("Content-Type").startsWith("text/event-stream"), path);
    }
    Client.Reply cors =
        nobody.send(nobody.request("/quota/stream").header("Origin", "http://localhost:3000"));
    assertEquals("true", cors.header("Access-Control-Allow-Credentials"));
    assertEquals("http://localhost:3000", cors.header("Access-Control-Allow-Origin"));
  }

  @Test
  void aBroadcastIsPublicNeedsNoNameAndTellsItsId() throws Exception {
    try (SseReader stream = bob.follow("/events")) {
      stream.next("connected");
      Client.Reply reply = publisher.post("/api/broadcast", "{\"data\":{\"x\":1}}");
      String id = reply.json().getString("event_id");
      SseReader.Frame frame = stream.next(f -> id.equals(f.id()));
      assertNull(frame.event());
      assertEquals(403, bob.post("/api/broadcast", "{\"data\":1}").status());
      assertEquals(
          400,
          publisher
              .post("/api/v1/events", "{\"event\":\"x\",\"data\":1,\"channel\":\"github\"}")
              .status());
    }
  }

  /** What the documents' listeners wait for by each path, and a field that they read of it. */
  @ParameterizedTest
  @CsvSource({
    "/events, connected, clientId",
    "/api/events, connected, client_id",
    "/events?envelope=true, connected, event",
    "/api/stream?channels=timer, connected, event",
    "/github/events/stream, events, events",
    "/api/github/events/stream, events, type",
    "/github/events/length/stream, count, count",
    "/api/github/events/length/stream, count, count",
    "/github/posts/stats/stream, stats, stats",
    "/api/github/posts/stats/stream, posts-by-status, postsByStatus",
    "/quota/stream, quota, quota",
    "/api/quota/stream, quota, quota",
    "/notifications, connected, client_id",
    "/api/notifications/stream, connected, clientId",
    "/metrics-stream, metrics, cpu_usage",
    "/api/metrics/stream, metrics, goroutines",
    "/timer/stream, , remaining",
    "/ai-stream?prompt=hi, start, prompt",
  })
  void eachLiteralStreamSendsWhatItsListenersRead(String path, String event, String field)
      throws Exception {
    Client root = Client.of(server.base(), "root-" + UUID.randomUUID(), "admin");
    try (SseReader reader = root.follow(path)) {
      assertEquals(200, reader.status());
      assertTrue(reader.headers().get("Content-Type").startsWith("text/event-stream"));
      SseReader.Frame frame =
          reader.next(f -> f.data() != null && Objects.equals(event, f.event()));
      assertTrue(json(frame).containsKey(field), frame::toString);
    }
  }

  @Test
  void byTheLiteralPathsFramesAreBareUnlessTheEnvelopeIsAskedFor() throws Exception {
    try (SseReader events = bob.follow("/events");
        SseReader api = bob.follow("/api/events");
        SseReader wrapped = bob.follow("/api/events?envelope=true");
        SseReader canonical = bob.follow("/api/v1/events/stream")) {
      for (SseReader reader : List.of(events, api, wrapped, canonical)) {
        reader.next("connected");
      }
      String body = "{\"event\":\"greeting\",\"data\":{\"user\":\"ann\"}}";
      assertEquals(200, publisher.post("/api/broadcast", body).status());
      assertEquals("{\"user\":\"ann\"}", events.next("greeting").data());
      assertEquals("{\"user\":\"ann\"}", api.next("greeting").data());
      for (SseReader reader : List.of(wrapped, canonical)) {
        JsonObject envelope = json(reader.next("greeting"));
        assertEquals("ann", envelope.getJsonObject("data").getString("user"));
      }
    }
  }

  @Test
  void aBroadcastMayBeUnnamedAndIsOnlyPosted() throws Exception {
    try (SseReader stream = bob.follow("/events")) {
      stream.next("connected");
      for (String body :
          List.of(
              "{\"data\":{\"n\":1}}",
              "{\"event\":\"message\",\"data\":{\"n\":1}}",
              "{\"event\":\"\",\"data\":{\"n\":1}}",
              "{\"event\":null,\"data\":{\"n\":1}}")) {
        Client.Reply reply = publisher.post("/api/broadcast", body);
        assertEquals(200, reply.status(), body);
        String id = reply.json().getString("event_id");
        assertEquals(id, reply.json().getJsonArray("eventIds").getString(0));
        SseReader.Frame frame = stream.next(f -> id.equals(f.id()));
        assertNull(frame.event(), body);
        assertEquals("{\"n\":1}", frame.data());
      }
      Client.Reply many = publisher.post("/api/broadcast", "[{\"data\":1},{\"data\":2}]");
      assertEquals(2, many.json().getJsonArray("eventIds").size());
      assertFalse(many.json().containsKey("event_id"));
      String hidden = "{\"data\":3,\"visibility\":\"private\"}";
      String last = publisher.post("/api/broadcast", "{\"data\":4}").json().getString("event_id");
      assertEquals(200, publisher.post("/api/broadcast", hidden).status());
      assertEquals("4", stream.next(f -> last.equals(f.id())).data());
    }
    for (String reserved : List.of("connected", "photo.uploaded", "error")) {
      String body = "{\"event\":\"" + reserved + "\",\"data\":1}";
      assertEquals(400, publisher.post("/api/broadcast", body).status(), reserved);
    }
    String message = "{\"event\":\"message\",\"data\":1}";
    assertEquals(400, publisher.post("/api/v1/events", message).status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "games | {} | away must have 1 to 100 characters and no control characters."
            + " home must have 1 to 100 characters and no control characters.",
        "games | {\"home\":\"a\",\"away\":\"b\\nc\"}"
            + " | away must have 1 to 100 characters and no control characters.",
        "games | null | The body must be a JSON object.",
        "games | `` | The body must be a JSON object.",
        "transformations | {\"styleId\":\"vintage\"} | photoId is required.",
        "users/somebody/mention | {\"text\":\" \"}"
            + " | text must have 1 to 500 characters and no control characters.",
        "github/hooks | {\"name\":\"a\\nb\"} | name must have at most 100 characters on one line.",
        "assistant/stream | {\"prompt\":\"\"}"
            + " | prompt must have 1 to 4000 characters and no control characters."
      })
  void aBodyThatViolatesAConstraintIsRefusedBySentences(String path, String body, String detail) {
    Client.Reply reply = publisher.post("/api/v1/" + path, body);
    assertEquals(400, reply.status());
    assertEquals(detail, reply.json().getString("detail"));
  }

  @ParameterizedTest
  @CsvSource({
    "/api/broadcast, POST",
    "/send-message, POST",
    "/api/tasks/upload, POST",
    "/api/games/g/score, POST",
    "/api/users/bob/mention, POST",
    "/events, 'GET, HEAD'",
    "/api/stream, 'GET, HEAD'",
    "/chat-stream, 'GET, HEAD'",
    "/timer, 'GET, HEAD'",
  })
  void otherMethodsOfALiteralPathAreNotAllowed(String path, String allowed) {
    for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
      if (!allowed.contains(method)) {
        Client.Reply reply =
            publisher.send(
                publisher.request(path).method(method, HttpRequest.BodyPublishers.ofString("{}")));
        assertEquals(405, reply.status(), method);
        assertEquals(
            Set.of((allowed + ", OPTIONS").split(", ")),
            Set.of(reply.header("Allow").split(", ")),
            method);
        assertTrue(reply.header("Content-Type").startsWith("application/problem+json"), method);
        assertEquals(405, reply.json().getInt("status"));
      }
    }
  }

  @Test
  void aPublishersScoreByTheLiteralPathBeginsItsGame() throws Exception {
    String id = "final-" + UUID.randomUUID();
    String longest = "x".repeat(64 - id.length()) + id;
    String score = "{\"home_score\":2,\"away_score\":1}";
    for (String game : List.of(id, longest)) {
      String path = "/api/games/" + game + "/score";
      assertEquals(403, bob.post(path, score).status());
      assertEquals(404, publisher.post("/api/v1/games/" + game + "/score", score).status());
      Client.Reply reply = publisher.post(path, score);
      assertEquals(200, reply.status());
      assertEquals(2, reply.json().getInt("home_score"));
      assertEquals(game, reply.json().getString("gameId"));
      try (SseReader reader = bob.follow("/api/games/" + game + "/stream");
          SseReader channel = bob.follow("/api/stream?channels=games/" + game)) {
        assertEquals(1, json(reader.next("initial")).getInt("away_score"));
        channel.next(f -> f.data() != null && f.data().contains("initial"));
        assertEquals(200, publisher.post(path, "{\"home_score\":3,\"away_score\":1}").status());
        assertEquals(3, json(reader.next("score")).getInt("home_score"));
        channel.next(f -> f.data() != null && f.data().contains("\"home_score\":3"));
      }
    }
    for (String wrong : List.of("x".repeat(65), "Final", "a_b", "a.b", "%C3%A9")) {
      assertEquals(404, publisher.post("/api/games/" + wrong + "/score", score).status(), wrong);
    }
    assertEquals(400, publisher.post("/api/games/new-one/score", "{}").status());
    assertEquals(404, bob.get("/api/v1/games/new-one").status(), "no game of a bad score");
  }

  @Test
  void ofManyFirstScoresOneBeginsTheGame() throws Exception {
    String path = "/api/games/" + UUID.randomUUID() + "/score";
    ExecutorService pool = Executors.newFixedThreadPool(10);
    try {
      String score = "{\"home_score\":1,\"away_score\":0}";
      List<Future<Integer>> answers =
          pool.invokeAll(Collections.nCopies(10, () -> publisher.post(path, score).status()));
      for (Future<Integer> answer : answers) {
        assertEquals(200, answer.get());
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void literalRepliesCarryTheirFieldsAtTheTopLevel() {
    Client.Reply said = ann.post("/send-message", "{\"message\":\"hello\"}");
    assertEquals(201, said.status());
    assertEquals("hello", said.json().getString("text"));
    assertEquals("hello", said.data().getString("text"));
    assertTrue(ann.get("/timer").json().containsKey("remaining"));
    Client.Reply mentioned = ann.post("/api/users/" + bob.user() + "/mention", "{\"text\":\"hi\"}");
    assertEquals("hi", mentioned.json().getString("text"), mentioned.json()::toString);
  }

  @Test
  void anUnknownChannelIsRefusedWithTheNamesOfThoseThatExist() {
    for (String path : List.of("/api/stream?channels=", "/api/v1/stream?channels=timer,")) {
      Client.Reply reply = ann.get(path + "logs");
      assertEquals(400, reply.status());
      assertEquals(
          "There is no channel 'logs'. The channels are chat, chat/{id}, events, games/{id},"
              + " github, metrics, notifications, posts, quota, tasks/{id}, timer.",
          reply.json().getString("detail"));
    }
  }

  @Test
  void aPreflightAllowsWhatOlderLibrariesSend() {
    Client.Reply reply =
        nobody.send(
            nobody
                .request("/api/broadcast")
                .header("Origin", "http://localhost:3000")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "x-requested-with,content-type")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    assertEquals(204, reply.status());
    List<String> allowed =
        List.of(
            reply
                .header("Access-Control-Allow-Headers")
                .toLowerCase(java.util.Locale.ROOT)
                .split(", "));
    assertTrue(allowed.containsAll(List.of("x-requested-with", "content-type")), allowed::toString);
  }

  @Test
  void aPostIsScheduledForTheFuture() {
    String post =
        ann.post(POSTS, "{\"title\":\"t\",\"body\":\"a\\r\\nb\"}").data().getString("postId");
    assertEquals("a\nb", ann.get(POSTS + "/" + post).data().getString("body"));
    ann.patch(POSTS + "/" + post, "{\"status\":\"ready\"}");
    for (Instant past : List.of(Instant.now(), Instant.EPOCH, Instant.now().minusSeconds(60))) {
      Client.Reply reply =
          ann.patch(
              POSTS + "/" + post, "{\"status\":\"scheduled\",\"scheduledAt\":\"" + past + "\"}");
      assertEquals(422, reply.status());
      assertEquals("scheduledAt must be in the future", reply.json().getString("detail"));
    }
    Instant later = Instant.now().plusSeconds(3_600);
    assertEquals(
        200,
        ann.patch(
                POSTS + "/" + post, "{\"status\":\"scheduled\",\"scheduledAt\":\"" + later + "\"}")
            .status());
  }

  @Test
  void aPullRequestWhoseAuthorIsGoneThanksNobody() throws Exception {
    String id = UUID.randomUUID().toString();
    String payload =
        "{\"action\":\"closed\",\"repository\":{\"full_name\":\"a/b\"},\"pull_request\":{\"merged\":true,"
            + "\"number\":7,\"title\":\"Mend it\",\"html_url\":\"https://example.org/7\",\"user\":null}}";
    assertEquals(202, shared.deliver("pull_request", id, payload).status());
    await().atMost(SOON).until(() -> statusOf(ann, id).equals("processed"));
    assertEquals(
        "Merged: Mend it (#7)\n\nhttps://example.org/7", drafts(ann, id).get(0).getString("body"));
  }
}
