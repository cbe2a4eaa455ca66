package devfest.studio.feed;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.Socket;
import devfest.studio.SseReader;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The list of open streams, and their end by an admin. */
class OpenStreamsIT extends SharedServerTest {

  private static final String STREAMS = "/api/v1/streams";

  /** All open streams, in pages of this size. */
  private List<JsonObject> open(int limit) {
    List<JsonObject> all = new ArrayList<>();
    String cursor = "";
    do {
      JsonObject page = root.get(STREAMS + "?limit=" + limit + "&cursor=" + cursor).data();
      assertEquals(0, page.getInt("missingNodes"));
      all.addAll(page.getJsonArray("items").getValuesAs(JsonObject.class));
      cursor = page.isNull("next") ? "" : page.getString("next");
    } while (!cursor.isEmpty());
    return all;
  }

  private List<JsonObject> of(Client user) {
    return open(100).stream()
        .filter(each -> !each.isNull("user") && each.getString("user").equals(user.user()))
        .toList();
  }

  @Test
  void streamsAndSocketsAreListedForAdmins() throws Exception {
    Instant before = Instant.now().minusSeconds(1);
    try (SseReader stream = ann.follow(V1 + "/stream?channels=timer,events");
        Socket socket = Socket.open(bob.uri("/timer/ws?token=" + bob.token()))) {
      String id = json(json(stream.next()).getJsonObject("data").toString()).getString("clientId");
      socket.next();
      JsonObject listed = of(ann).get(0);
      assertEquals(id, listed.getString("clientId"));
      assertEquals("sse", listed.getString("transport"));
      assertEquals(
          List.of("timer", "events"),
          listed.getJsonArray("channels").getValuesAs(JsonString::getString));
      assertTrue(Instant.parse(listed.getString("since")).isAfter(before));
      assertFalse(listed.getString("address").isEmpty());
      assertEquals(root.get(V1 + "/health").data().getString("node"), listed.getString("node"));
      await().until(() -> of(ann).get(0).getInt("behind") == 0);
      assertTrue(Long.parseLong(of(ann).get(0).getString("position")) > 0);
      JsonObject other = of(bob).get(0);
      assertEquals("websocket", other.getString("transport"));
      assertEquals(0, other.getInt("behind"));
      for (Client user : List.of(ann, publisher)) {
        assertEquals(403, user.get(STREAMS).status());
        assertEquals(403, user.delete(STREAMS + "/" + id).status());
      }
      assertEquals(401, nobody.get(STREAMS).status());
      assertEquals(400, root.get(STREAMS + "?cursor=nonsense").status());
    }
  }

  @Test
  void pagesContainEveryStreamOnceAndTheNewestFirst() throws Exception {
    List<SseReader> readers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      SseReader reader = ann.stream("");
      reader.next("connected");
      readers.add(reader);
    }
    List<JsonObject> all = open(2);
    assertEquals(
        all.size(), new HashSet<>(all.stream().map(s -> s.getString("clientId")).toList()).size());
    assertEquals(5, of(ann).size());
    List<String> since = of(ann).stream().map(each -> each.getString("since")).toList();
    assertEquals(since.stream().sorted(java.util.Comparator.reverseOrder()).toList(), since);
    for (SseReader reader : readers) {
      reader.close();
    }
  }

  @Test
  void anAdminEndsOneStreamOrSocket() throws Exception {
    try (SseReader ended = ann.stream("");
        SseReader stays = ann.stream("");
        Socket socket = Socket.open(bob.uri("/timer/ws?token=" + bob.token()))) {
      String id =
          json(json(ended.next("connected")).getJsonObject("data").toString())
              .getString("clientId");
      stays.next("connected");
      socket.next();
      assertEquals(204, root.delete(STREAMS + "/" + id).status());
      assertTrue(ended.next("stream.closed").data().contains("revoked"));
      ended.awaitCleanEnd();
      assertEquals(404, root.delete(STREAMS + "/" + id).status());
      assertEquals(404, root.delete(STREAMS + "/nonsense").status());
      stays.next(frame -> String.valueOf(frame.comment()).contains("heartbeat"));
      String other = of(bob).get(0).getString("clientId");
      assertEquals(204, root.delete(STREAMS + "/" + other).status());
      assertEquals(1_008, socket.closed());
      await().until(() -> of(bob).isEmpty());
      Optional<JsonObject> record =
          root.get(V1 + "/audit?action=end-stream&user=" + root.user()).items().stream()
              .map(item -> item.asJsonObject())
              .filter(item -> item.getString("target").equals(id))
              .findFirst();
      assertTrue(record.isPresent());
    }
  }
}
