package devfest.studio.feeds;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Server;
import devfest.studio.SseReader;
import devfest.studio.StudioTest;
import devfest.studio.TestImages;
import devfest.studio.feeds.tasks.Archives;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the feeds keep when their server is killed. */
class FeedsRestartIT extends StudioTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  private static final String[] SETTINGS = {"studio.dev-mode=true", "studio.stream.heartbeat=PT1S"};

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

  @Override
  protected URI base() {
    return server.base();
  }

  @Test
  void theTimerKeepsRunningOverARestartAndScoresAndNotificationsRemain() throws Exception {
    String game = game();
    score(game, 3, 2, null);
    mention(publisher, bob, "before");
    bob.post(V1 + "/notifications/read-all", "");
    mention(publisher, bob, "after");
    JsonObject before = drive("start", "{\"duration\":3600}");
    server.kill();
    server = Server.startAt(base().getPort(), dir, SETTINGS);
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
  void aTaskSurvivesAKillAndStoresNoPhotoTwice() throws Exception {
    int count = 12;
    String id = Archives.send(ann, Archives.photos(count, TestImages.jpeg(3_000, 2_000)));
    await().atMost(LONG).until(() -> Archives.task(ann, id).getInt("progress") >= 45);
    server.kill();
    server = Server.startAt(base().getPort(), dir, SETTINGS);
    await()
        .atMost(LONG)
        .until(() -> Archives.task(ann, id).getString("status"), "completed"::equals);
    assertEquals(count, Archives.task(ann, id).getJsonArray("photos").size());
    assertEquals(count, ann.get(V1 + "/photos?limit=100").items().size());
    assertEquals(
        count, ann.get(V1 + "/events?types=photo.uploaded&limit=100&after=0").items().size());
  }
}
