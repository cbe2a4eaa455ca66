package devfest.studio.feeds.posts;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.Hooks;
import devfest.studio.Outlet;
import devfest.studio.Server;
import devfest.studio.SharedServer;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Posts from draft to publication, and their outlet. */
class PostsIT extends SharedServerTest {

  private static final String POSTS = "/api/v1/github/posts";

  private Hooks shared;
  private Outlet outlet;

  @BeforeEach
  void quietOutlet() {
    shared = SharedServer.hooks();
    outlet = SharedServer.outlet();
    outlet.reset();
  }

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
  void aPostGoesFromDraftToPublishedAndItsFeedReportsEachStep() throws Exception {
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
    Outlet.Arrival arrival = outlet.arrived().remove();
    assertEquals(
        Hooks.sign(SharedServer.OUTLET_SECRET, arrival.body().getBytes(StandardCharsets.UTF_8)),
        arrival.signature());
    assertTrue(outlet.arrived().isEmpty(), "once");
  }

  @Test
  void illegalStatusChangesAreRejectedWithTheLegalOnes() {
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
  void usersPostsArePrivateAndOnlyOrganisersChangeSharedOnes() {
    String id = post(ann, "Mine");
    assertEquals(404, bob.get(POSTS + "/" + id).status());
    assertEquals(404, bob.patch(POSTS + "/" + id, "{\"title\":\"His\"}").status());
    String delivery = UUID.randomUUID().toString();
    shared.deliver("pull_request", delivery);
    await().until(() -> Hooks.drafts(bob, delivery).size() == 1);
    JsonObject draft = Hooks.drafts(bob, delivery).get(0);
    assertEquals(
        "New in Codertocat/Hello-World: Update the README with new information.",
        draft.getString("title"));
    String path = POSTS + "/" + draft.getString("postId");
    assertEquals(403, bob.patch(path, "{\"title\":\"His\"}").status());
    assertEquals(200, publisher.patch(path, "{\"title\":\"Ours\"}").status());
    assertEquals("Ours", bob.get(path).data().getString("title"));
  }

  @Test
  void temporaryOutletErrorsAreRetriedAndRejectionsAreNot() {
    String id = post(ann, "Twice");
    ready(ann, id);
    outlet.answers().addAll(List.of(503, 204));
    assertEquals(202, ann.post(POSTS + "/" + id + "/publish", "").status());
    await().until(() -> statusOfPost(ann, id).equals("published"));
    assertEquals(List.of(id, id), outlet.arrived().stream().map(Outlet.Arrival::post).toList());

    outlet.arrived().clear();
    String refused = post(ann, "Never");
    ready(ann, refused);
    outlet.answers().add(422);
    ann.post(POSTS + "/" + refused + "/publish", "");
    await().until(() -> statusOfPost(ann, refused).equals("failed"));
    assertEquals(1, outlet.arrived().size());
    assertEquals(
        "The outlet responded with status 422.",
        ann.get(POSTS + "/" + refused).data().getString("error"));
    assertEquals(202, ann.post(POSTS + "/" + refused + "/retry", "").status());
    await().until(() -> statusOfPost(ann, refused).equals("published"));
    assertTrue(ann.get(POSTS + "/" + refused).data().isNull("error"));
  }

  @Test
  void aPostCanOnlyBeScheduledForTheFuture() {
    String post =
        ann.post(POSTS, "{\"title\":\"t\",\"body\":\"a\\r\\nb\"}").data().getString("postId");
    assertEquals("a\nb", ann.get(POSTS + "/" + post).data().getString("body"));
    ann.patch(POSTS + "/" + post, "{\"status\":\"ready\"}");
    for (Instant past : List.of(Instant.now(), Instant.EPOCH, Instant.now().minusSeconds(60))) {
      Client.Reply reply =
          ann.patch(
              POSTS + "/" + post, "{\"status\":\"scheduled\",\"scheduledAt\":\"" + past + "\"}");
      assertEquals(422, reply.status());
      assertEquals("scheduledAt must be in the future.", reply.json().getString("detail"));
    }
    Instant later = Instant.now().plusSeconds(3_600);
    assertEquals(
        200,
        ann.patch(
                POSTS + "/" + post, "{\"status\":\"scheduled\",\"scheduledAt\":\"" + later + "\"}")
            .status());
  }

  @Test
  void aScheduleSurvivesAKillAndTwoServersPublishOnce(@TempDir Path other) throws Exception {
    try (EmbeddedPostgres database = EmbeddedPostgres.start()) {
      String[] settings = {
        "studio.dev-mode=true",
        "studio.db.url=" + database.getJdbcUrl("postgres", "postgres"),
        "studio.db.user=postgres",
        "studio.data-dir=" + other.resolve("data"), // the nodes of a database share their store
        "studio.posts.outlet-url=" + outlet.url()
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
        // Those that were due while no server ran, and as many while both run.
        ids.addAll(schedule(client, Instant.now().plusSeconds(20)));
        for (String id : ids) {
          await()
              .untilAsserted(
                  () ->
                      assertEquals(
                          "published", statusOfPost(client, id), () -> again.log() + beside.log()));
        }
        assertEquals(
            ids.stream().sorted().toList(),
            outlet.arrived().stream().map(Outlet.Arrival::post).sorted().toList());
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
        await().until(() -> driver.get("/api/v1/timer").status() == 200);
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
}
