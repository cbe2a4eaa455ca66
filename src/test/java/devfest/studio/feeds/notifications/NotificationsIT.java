package devfest.studio.feeds.notifications;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Mentions and notifications, and their feed. */
class NotificationsIT extends SharedServerTest {

  @Test
  void aMentionReachesOnlyItsUser() throws Exception {
    try (SseReader bobs = bob.follow(V1 + "/notifications/stream");
        SseReader anns = ann.follow("/notifications");
        SseReader roots = root.follow("/api/notifications/stream");
        SseReader everything = root.stream("")) {
      for (SseReader reader : List.of(bobs, anns, roots, everything)) {
        assertEquals("connected", reader.next().event());
      }
      String text = "<b>see</b> \"this\"";
      assertEquals(201, mention(ann, bob, text).status());
      SseReader.Frame frame = bobs.next();
      assertEquals("notification", frame.event());
      assertTrue(frame.id().matches("\\d+"));
      JsonObject notification = json(frame);
      assertEquals(Set.of("id", "type", "text", "mentionedBy"), notification.keySet());
      assertEquals("mention", notification.getString("type"));
      assertEquals(text, notification.getString("text"));
      assertEquals(ann.user(), notification.getString("mentionedBy"));
      assertEquals(
          notification.getString("id"),
          bob.get(V1 + "/notifications").items().getJsonObject(0).getString("id"));
      assertEquals(List.of(), anns.during(Duration.ofSeconds(1)));
      assertEquals(List.of(), roots.during(Duration.ZERO));
      everything.next("notification.created");
      assertEquals(0, root.get(V1 + "/events?channels=notifications&after=0").items().size());
    }
  }

  @Test
  void theAuthorOfAMentionIsTheCallerWhateverTheBodyNames() {
    ann.post(V1 + "/users/" + bob.user() + "/mention", "{\"text\":\"x\",\"mentionedBy\":\"root\"}");
    assertEquals(
        ann.user(),
        bob.get(V1 + "/notifications").items().getJsonObject(0).getString("mentionedBy"));
    assertEquals(401, nobody.post(V1 + "/users/bob/mention", "{\"text\":\"x\"}").status());
  }

  /** A header that only sockets mean must not make somebody else of the caller. */
  @Test
  void anUpgradeHeaderDoesNotChangeTheCaller() throws Exception {
    String body = "{\"text\":\"x\"}";
    String request =
        "POST %s/users/%s/mention HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                .formatted(V1, bob.user(), ann.token())
            + "Upgrade: websocket\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
    try (java.net.Socket socket = new java.net.Socket(base().getHost(), base().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertTrue(socket.getInputStream().read() >= 0);
      await().until(() -> !bob.get(V1 + "/notifications").items().isEmpty());
    }
    assertEquals(
        ann.user(),
        bob.get(V1 + "/notifications").items().getJsonObject(0).getString("mentionedBy"));
  }

  @Test
  void missedMentionsAreReplayed() throws Exception {
    String last;
    try (SseReader bobs = bob.follow(V1 + "/notifications/stream")) {
      bobs.next();
      mention(ann, bob, "one");
      last = bobs.next().id();
    }
    mention(ann, bob, "two");
    mention(ann, bob, "three");
    try (SseReader bobs = bob.follow(V1 + "/notifications/stream?lastEventId=" + last)) {
      assertEquals("connected", bobs.next().event());
      assertEquals("two", json(bobs.next()).getString("text"));
      assertEquals("three", json(bobs.next()).getString("text"));
    }
  }

  @Test
  void aMentionNeedsATextAndAKnownUser() {
    String path = V1 + "/users/" + bob.user() + "/mention";
    for (String body :
        List.of("", "{}", "{\"text\":\"\"}", "{\"text\":\" \"}", "{\"text\":\"\\u0000\"}")) {
      assertEquals(400, ann.post(path, body).status(), body);
    }
    assertEquals(400, mention(ann, bob, "x".repeat(501)).status());
    assertEquals(201, mention(ann, bob, "x".repeat(500)).status());
    assertEquals(400, ann.post(V1 + "/users/a%00b/mention", "{\"text\":\"x\"}").status());
    for (String prefix : List.of(V1, "/api")) {
      Client.Reply unknown = ann.post(prefix + "/users/never-was-here/mention", "{\"text\":\"x\"}");
      assertEquals(404, unknown.status(), "a user whom nobody knows");
    }
  }

  @Test
  void theRateLimitOfMentionsHoldsForRacingRequests() {
    List<Client.Reply> replies =
        IntStream.range(0, 40).parallel().mapToObj(i -> mention(ann, bob, "x")).toList();
    assertEquals(10, replies.stream().filter(reply -> reply.status() == 201).count());
    Client.Reply refused =
        replies.stream().filter(reply -> reply.status() == 429).findFirst().orElseThrow();
    assertTrue(Integer.parseInt(refused.header("Retry-After")) > 0);
    assertEquals(10, bob.get(V1 + "/notifications?limit=100").items().size());
  }

  @Test
  void readNotificationsUpdateEveryOpenPage() throws Exception {
    try (SseReader bobs = bob.follow(V1 + "/stream?channels=notifications")) {
      assertEquals("connected", bobs.next().event());
      assertEquals(0, unread(bobs));
      mention(ann, bob, "one");
      mention(ann, bob, "two");
      awaitUnread(bobs, 2);
      String id = bob.get(V1 + "/notifications?limit=1").items().getJsonObject(0).getString("id");
      assertEquals(404, ann.post(V1 + "/notifications/" + id + "/read", "").status());
      assertEquals(404, bob.post(V1 + "/notifications/nix/read", "").status());
      assertTrue(bob.post(V1 + "/notifications/" + id + "/read", "").data().getBoolean("read"));
      awaitUnread(bobs, 1);
      assertEquals(1, bob.get(V1 + "/notifications?unread=true").items().size());
      assertEquals(2, bob.get(V1 + "/notifications").items().size());
      assertEquals(1, bob.post(V1 + "/notifications/read-all", "").data().getInt("read"));
      awaitUnread(bobs, 0);
    }
  }

  private static int unread(SseReader reader) throws InterruptedException {
    return json(reader.next(frame -> frame.data() != null && frame.data().contains("unread")))
        .getJsonObject("data")
        .getInt("count");
  }

  private static void awaitUnread(SseReader reader, int count) throws InterruptedException {
    while (unread(reader) != count) {
      // an earlier one
    }
  }

  @Test
  void pagesContainEachNotificationOnce() {
    for (int i = 0; i < 5; i++) {
      mention(ann, bob, "n" + i);
    }
    List<String> texts = new ArrayList<>();
    String cursor = "";
    do {
      JsonObject page = bob.get(V1 + "/notifications?limit=2&cursor=" + cursor).data();
      page.getJsonArray("items").forEach(item -> texts.add(item.asJsonObject().getString("text")));
      cursor = page.isNull("next") ? null : page.getString("next");
    } while (cursor != null);
    assertEquals(List.of("n4", "n3", "n2", "n1", "n0"), texts);
    assertEquals(400, bob.get(V1 + "/notifications?cursor=x").status());
    assertEquals(400, bob.get(V1 + "/notifications?unread=maybe").status());
  }

  @Test
  void theOwnerIsNotifiedWhenAPictureIsFinished() throws Exception {
    try (SseReader anns = ann.follow(V1 + "/notifications/stream")) {
      anns.next();
      String id = ann.transform(ann.photo(TestImages.jpeg(300, 200), "private"), "vintage");
      JsonObject told = json(anns.next());
      assertEquals("transformation.completed", told.getString("type"));
      assertEquals(id, told.getString("transformationId"));
      assertTrue(told.isNull("mentionedBy"));
    }
  }
}
