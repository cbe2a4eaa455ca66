package devfest.studio.feeds.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Chat rooms: messages, history, presence and moderation. */
class ChatIT extends SharedServerTest {

  @Test
  void aMessageReachesEverybodyInItsRoomAndNobodyElse() throws Exception {
    String room = room();
    try (SseReader anns = ann.follow(V1 + "/chat/stream?room=" + room);
        SseReader nobodys = nobody.follow(V1 + "/chat/stream?room=" + room);
        SseReader lobby = bob.follow("/chat-events")) {
      Client.Reply reply = say(bob, room, "<b>hello</b>\nworld");
      assertEquals(201, reply.status());
      for (SseReader reader : List.of(anns, nobodys)) {
        SseReader.Frame frame = reader.next("message");
        assertEquals(reply.data().getString("id"), frame.id());
        assertEquals(Set.of("user", "displayName", "text"), json(frame).keySet());
        assertEquals(bob.user(), json(frame).getString("user"));
        assertEquals("<b>hello</b>\nworld", json(frame).getString("text"));
      }
      Client.Reply literal = ann.post("/send-message", "{\"message\":\"to all\",\"user\":\"x\"}");
      assertEquals("to all", literal.json().getString("text"), "at the top level too");
      SseReader.Frame frame = lobby.next(f -> f.data() != null && f.data().contains("to all"));
      assertEquals(ann.user(), json(frame).getString("user"), "the caller, not the body");
    }
  }

  @Test
  void resumingClientsGetMissedMessagesAndNewOnesTheLastFifty() throws Exception {
    String room = room();
    for (int i = 0; i < 55; i++) {
      Client each = i % 6 == 0 ? Client.of(base(), "w" + i + UUID.randomUUID()) : null;
      if (each != null) {
        bob = each;
      }
      assertEquals(201, say(bob, room, "m" + i).status());
    }
    String last = null;
    try (SseReader reader = nobody.follow(V1 + "/chat/stream?room=" + room)) {
      for (int i = 5; i < 55; i++) {
        SseReader.Frame frame = reader.next("message");
        assertEquals("m" + i, json(frame).getString("text"));
        last = frame.id();
      }
    }
    say(ann, room, "missed");
    try (SseReader reader =
        nobody.follow(V1 + "/chat/stream?room=" + room + "&lastEventId=" + last)) {
      assertEquals("missed", json(reader.next("message")).getString("text"));
    }
    try (SseReader reader = ann.follow(V1 + "/stream?channels=chat/" + room)) {
      JsonObject recent = nextOf(reader, "chat/" + room).getJsonObject("data");
      assertEquals(50, recent.getJsonArray("messages").size());
      say(bob, room, "live");
      assertEquals(
          "live",
          json(reader.next(f -> f.data() != null && f.data().contains("\"message\"")))
              .getJsonObject("data")
              .getString("text"));
    }
    assertEquals(
        57, nobody.get(V1 + "/events?limit=100&after=0&channels=chat/" + room).items().size());
  }

  @Test
  void aReconnectIsNotReportedAsLeavingAndJoining() throws Exception {
    String room = room();
    String path = V1 + "/chat/stream?room=" + room;
    try (SseReader watcher = nobody.follow(path)) {
      SseReader first = ann.follow(path);
      assertEquals(ann.user(), json(watcher.next("user-joined")).getString("user"));
      SseReader second = ann.follow(path);
      first.cut();
      second.cut();
      SseReader third = ann.follow(path);
      assertEquals(List.of(), watcher.during(Duration.ofSeconds(7)));
      third.cut();
      assertEquals(ann.user(), json(watcher.next("user-left")).getString("user"));
    }
  }

  @Test
  void aMessageDeletedByAnAdminDisappearsFromTheHistory() throws Exception {
    String room = room();
    try (SseReader reader = ann.follow(V1 + "/chat/stream?room=" + room)) {
      String id = say(bob, room, "a secret").data().getString("id");
      reader.next("message");
      String path = V1 + "/chat/messages/" + id;
      assertEquals(403, bob.delete(path + "?room=" + room).status());
      assertEquals(404, root.delete(path).status(), "it is in another room");
      assertEquals(204, root.delete(path + "?room=" + room).status());
      assertEquals(404, root.delete(path + "?room=" + room).status());
      assertEquals(id, json(reader.next("erased")).getString("id"));
      say(bob, room, "no secret");
      try (SseReader late = nobody.follow(V1 + "/chat/stream?room=" + room)) {
        assertEquals("no secret", json(late.next()).getString("text"));
      }
      Client.Reply history = nobody.get(V1 + "/events?after=0&channels=chat/" + room);
      assertFalse(new String(history.bytes(), UTF_8).contains("a secret"));
      try (SseReader replay = root.stream("?replay=1000")) {
        assertFalse(
            replay.during(Duration.ofSeconds(1)).stream()
                .anyMatch(frame -> frame.data().contains("a secret")));
      }
    }
    String event = publisher.publish("chat.message", "1", "public");
    assertEquals(404, root.delete(V1 + "/chat/messages/" + event).status());
  }

  @Test
  void messagesAreLimitedInRateAndLength() {
    String room = room();
    long taken =
        IntStream.range(0, 30).parallel().filter(i -> say(ann, room, "x").status() == 201).count();
    assertEquals(10, taken);
    for (String text : List.of("", " ", "x".repeat(1_001), "a\u0007b")) {
      assertEquals(400, say(bob, room, text).status());
    }
    assertEquals(400, say(bob, "no room!", "x").status());
    assertEquals(401, say(nobody, room, "x").status());
    assertEquals(400, bob.get(V1 + "/chat/stream?room=no%20room").status());
  }
}
