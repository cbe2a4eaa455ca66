package devfest.studio.feeds.github;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Hooks;
import devfest.studio.SharedServer;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import jakarta.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The webhook, the feeds of its deliveries, and own hooks. */
class GithubIT extends SharedServerTest {

  private Hooks shared;

  @BeforeEach
  void hooks() {
    shared = SharedServer.hooks();
  }

  @Test
  void everyKindOfDeliveryIsAcceptedAndProcessed() throws Exception {
    Set<String> toldOf = Set.of("push", "release", "pull_request");
    for (String event : Hooks.documented().keySet()) {
      String id = UUID.randomUUID().toString();
      assertEquals(202, shared.deliver(event, id).status(), event);
      String status = toldOf.contains(event) ? "processed" : "ignored";
      await().untilAsserted(() -> assertEquals(status, Hooks.statusOf(ann, id), event));
    }
  }

  @Test
  void onlySignedDeliveriesAreStored() {
    byte[] body = Hooks.documented().get("star").toString().getBytes(StandardCharsets.UTF_8);
    byte[] other = "{}".getBytes(StandardCharsets.UTF_8);
    String id = UUID.randomUUID().toString();
    String right = Hooks.sign(SharedServer.HOOK_SECRET, body);
    List<String> wrong = new ArrayList<>(List.of("", "sha256=", "sha256=00", right.substring(7)));
    wrong.add(Hooks.sign("another", body));
    wrong.add(Hooks.sign("x", body).replace("sha256", "sha1"));
    wrong.add(Hooks.sign(SharedServer.HOOK_SECRET, other));
    wrong.add(null);
    for (String signature : wrong) {
      assertEquals(
          401, shared.send("star", id, body, "application/json", signature).status(), signature);
    }
    assertEquals("unknown", Hooks.statusOf(ann, id));
    assertEquals(202, shared.send("star", id, body, "application/json", right).status());
  }

  @Test
  void anInvalidDeliveryIsRejectedWithAReason() {
    byte[] body = "no json".getBytes(StandardCharsets.UTF_8);
    String id = UUID.randomUUID().toString();
    String signature = Hooks.sign(SharedServer.HOOK_SECRET, body);
    assertEquals(400, shared.send("star", id, body, "application/json", signature).status());
    assertEquals(415, shared.send("star", id, body, "text/plain", signature).status());
    assertEquals(400, shared.send("st ar", id, body, "application/json", signature).status());
    assertEquals(
        404,
        new Hooks(nobody, Hooks.SHARED + "/nobody", SharedServer.HOOK_SECRET)
            .send("star", id, body, "application/json", signature)
            .status());
  }

  @Test
  void aDeliveryCanBeAForm() {
    String json = Hooks.documented().get("star").toString();
    byte[] form =
        ("payload=" + URLEncoder.encode(json, StandardCharsets.UTF_8))
            .getBytes(StandardCharsets.UTF_8);
    String id = UUID.randomUUID().toString();
    assertEquals(
        202,
        shared
            .send(
                "star",
                id,
                form,
                "application/x-www-form-urlencoded",
                Hooks.sign(SharedServer.HOOK_SECRET, form))
            .status());
  }

  @Test
  void theLargestGithubPayloadIsAccepted() {
    String payload = "{\"action\":\"created\",\"x\":\"" + "x".repeat(24 * 1024 * 1024) + "\"}";
    String id = UUID.randomUUID().toString();
    assertEquals(202, shared.deliver("star", id, payload).status());
  }

  @Test
  void twentyRacingDuplicatesOfADeliveryCreateOneDraft() throws Exception {
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
    await().until(() -> Hooks.statusOf(ann, id).equals("processed"));
    assertEquals(200, shared.deliver("release", id).status());
    assertEquals(1, Hooks.drafts(ann, id).size());
  }

  @Test
  void aPullRequestWithoutAnAuthorThanksNobody() throws Exception {
    String id = UUID.randomUUID().toString();
    String payload =
        "{\"action\":\"closed\",\"repository\":{\"full_name\":\"a/b\"},\"pull_request\":{\"merged\":true,"
            + "\"number\":7,\"title\":\"Mend it\",\"html_url\":\"https://example.org/7\",\"user\":null}}";
    assertEquals(202, shared.deliver("pull_request", id, payload).status());
    await().until(() -> Hooks.statusOf(ann, id).equals("processed"));
    assertEquals(
        "Merged: Mend it (#7)\n\nhttps://example.org/7",
        Hooks.drafts(ann, id).get(0).getString("body"));
  }

  @Test
  void usersHooksArePrivateAndTheirSecretIsShownOnce() throws Exception {
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
      await().until(() -> Hooks.statusOf(ann, delivery).equals("processed"));
      assertEquals("unknown", Hooks.statusOf(bob, delivery));
      assertEquals(1, Hooks.drafts(ann, delivery).size());
      assertEquals(0, Hooks.drafts(bob, delivery).size());
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

  @Test
  void theEventFeedSendsASnapshotThenNewEventsAndStatusChanges() throws Exception {
    String first = UUID.randomUUID().toString();
    assertEquals(202, shared.deliver("star", first).status());
    await().until(() -> Hooks.statusOf(ann, first).equals("ignored"));
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
  void itemsArriveInOrderAndTheCountIsConflatedAndCorrectAtTheEnd() throws Exception {
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
  void listsAreFilteredAndPagedByCursor() {
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
}
