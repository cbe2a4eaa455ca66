package devfest.studio.feeds.quota;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServer;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The quota of transformations per day. */
class QuotaIT extends SharedServerTest {

  private static final byte[] PHOTO = TestImages.jpeg(300, 200);

  private Client.Reply order(String photo) {
    return ann.post(
        "/api/v1/transformations", "{\"photoId\":\"" + photo + "\",\"styleId\":\"vintage\"}");
  }

  @Test
  void theQuotaIsLiveAndNeverExceededByRacingRequests() throws Exception {
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
  void cancelledAndFailedTransformationsAreRefundedOnce() throws Exception {
    // One at a time is worked on, so the others wait behind a large one.
    String large = ann.photo(TestImages.jpeg(4000, 3000), null);
    String lost = ann.photo(PHOTO, null);
    Files.delete(SharedServer.dir().resolve("data/photos/" + lost + ".jpg"));
    String first = ann.transform(large, "charcoal");
    String failing = ann.transform(lost, "vintage");
    String waiting = ann.transform(large, "vintage");
    assertEquals(3, used());
    assertEquals(429, order(large).status());
    assertEquals(200, ann.delete("/api/v1/transformations/" + waiting).status());
    assertEquals(409, ann.delete("/api/v1/transformations/" + waiting).status());
    assertEquals(2, used());
    await().until(() -> statusOfJob(failing).equals("failed"));
    await().until(() -> statusOfJob(first).equals("completed"));
    assertEquals(1, used());
    assertEquals(202, ann.post("/api/v1/transformations/" + failing + "/retry", "").status());
    await().until(() -> statusOfJob(failing).equals("failed"));
    assertEquals(1, used(), "taken anew, and given back anew");
    assertEquals(204, ann.delete("/api/v1/photos/" + lost).status());
    assertEquals(1, used());
  }

  private String statusOfJob(String id) {
    return ann.get("/api/v1/transformations/" + id).data().getString("status");
  }
}
