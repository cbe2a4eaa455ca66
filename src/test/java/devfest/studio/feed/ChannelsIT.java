package devfest.studio.feed;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.Hooks;
import devfest.studio.SharedServer;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several channels over one connection. */
class ChannelsIT extends SharedServerTest {

  private Hooks shared;

  @BeforeEach
  void hooks() {
    shared = SharedServer.hooks();
  }

  private static final byte[] PHOTO = TestImages.jpeg(300, 200);

  private static String clientId(SseReader reader) throws InterruptedException {
    return json(reader.next("connected")).getJsonObject("data").getString("clientId");
  }

  @Test
  void sixFeedsShareOneConnectionAndResume() throws Exception {
    String game = game();
    String channels = "events,notifications,quota,posts,timer,games/" + game;
    String id;
    try (SseReader reader = ann.follow("/api/stream?channels=" + channels)) {
      clientId(reader);
      assertEquals("unread", nextOf(reader, "notifications").getString("event"));
      assertEquals("quota", nextOf(reader, "quota").getString("event"));
      assertEquals("stats", nextOf(reader, "posts").getString("event"));
      assertEquals("timer_update", nextOf(reader, "timer").getString("event"));
      assertEquals("initial", nextOf(reader, "games/" + game).getString("event"));
      score(game, 1, 0, "goal");
      assertEquals("goal", nextOf(reader, "games/" + game).getString("event"));
      ann.post(V1 + "/github/posts", "{\"title\":\"t\"}");
      assertEquals("stats-update", nextOf(reader, "posts").getString("event"));
      drive("reset", "");
      assertEquals("timer_update", nextOf(reader, "timer").getString("event"));
      ann.photo(TestImages.jpeg(300, 200), "private");
      assertEquals("photo.uploaded", nextOf(reader, "events").getString("event"));
      mention(bob, ann, "one");
      SseReader.Frame frame =
          reader.next(f -> f.data() != null && f.data().contains("\"notification\""));
      id = frame.id();
    }
    mention(bob, ann, "two");
    ann.photo(TestImages.jpeg(300, 200), "private");
    try (SseReader reader =
        ann.follow(V1 + "/stream?channels=" + channels + "&lastEventId=" + id)) {
      SseReader.Frame missed =
          reader.next(f -> f.data() != null && f.data().contains("\"notification\""));
      assertEquals(
          "two",
          json(missed).getJsonObject("data").getString("text"),
          "what was missed, by one id");
      assertEquals("photo.uploaded", nextOf(reader, "events").getString("event"));
    }
  }

  @Test
  void eachChannelChecksItsOwnRights() throws Exception {
    String metrics = V1 + "/stream?channels=events,metrics";
    assertEquals(403, ann.get(metrics).status());
    assertTrue(ann.get(metrics).json().getString("detail").contains("'metrics'"));
    assertEquals(403, ann.get(V1 + "/stream?channels=games/nix").status());
    assertEquals(400, ann.get(V1 + "/stream?channels=games").status());
    assertEquals(400, ann.get(V1 + "/stream?channels=quota/x").status());
    assertEquals(401, nobody.get(V1 + "/stream?channels=quota").status());
    String game = game();
    try (SseReader reader = nobody.follow(V1 + "/stream")) {
      clientId(reader);
      nextOf(reader, "games/" + game);
      nextOf(reader, "timer");
    }
    try (SseReader reader = root.follow(V1 + "/stream")) {
      clientId(reader);
      nextOf(reader, "metrics");
    }
  }

  private static JsonValue patched(Client client, String id, String body) {
    Client.Reply reply = client.patch(V1 + "/streams/" + id, body);
    assertEquals(200, reply.status());
    return reply.data().get("channels");
  }

  @Test
  void channelsAreAddedToAndRemovedFromAnOpenConnection() throws Exception {
    String game = game();
    try (SseReader reader = ann.follow(V1 + "/stream?channels=timer")) {
      String id = clientId(reader);
      nextOf(reader, "timer");
      String change = "{\"add\":[\"games/" + game + "\",\"events\"],\"remove\":[\"timer\"]}";
      assertEquals("[\"games/" + game + "\",\"events\"]", patched(ann, id, change).toString());
      assertEquals("initial", nextOf(reader, "games/" + game).getString("event"));
      drive("reset", "");
      score(game, 1, 0, null);
      SseReader.Frame next = reader.next();
      assertEquals("games/" + game, json(next).getString("channel"), "and nothing of the timer");
      ann.photo(TestImages.jpeg(300, 200), "private");
      assertEquals("photo.uploaded", nextOf(reader, "events").getString("event"));

      String path = V1 + "/streams/" + id;
      assertEquals(404, bob.patch(path, "{\"add\":[\"quota\"]}").status());
      assertEquals(404, nobody.patch(path, "{\"add\":[\"timer\"]}").status());
      assertEquals(404, root.patch(path, "{\"add\":[\"quota\"]}").status());
      assertEquals(403, ann.patch(path, "{\"add\":[\"metrics\"]}").status());
      assertEquals(400, ann.patch(path, "{\"add\":[\"nix\"]}").status());
      assertEquals(400, ann.patch(path, "{}").status());
      assertEquals(400, ann.patch(path, "{\"add\":[null]}").status());
      assertEquals(
          400, ann.patch(path, "{\"remove\":[\"events\",\"games/" + game + "\"]}").status());
      assertEquals(
          "[\"games/" + game + "\",\"events\",\"quota\"]",
          patched(ann, id, "{\"add\":[\"quota\",\"events\"]}").toString());
      reader.cut();
      await().until(() -> ann.patch(path, "{\"add\":[\"timer\"]}").status() == 404);
    }
  }

  @Test
  void aChannelsSnapshotPrecedesItsItemsUnderLoad() throws Exception {
    try (SseReader reader = bob.follow(V1 + "/stream?channels=timer")) {
      String id = clientId(reader);
      Thread busy =
          new Thread(
              () -> {
                for (int i = 0; i < 10; i++) {
                  mention(ann, bob, "m" + i);
                }
              });
      busy.start();
      for (int i = 0; i < 20; i++) {
        patched(bob, id, "{\"add\":[\"notifications\"]}");
        assertEquals("unread", nextOf(reader, "notifications").getString("event"), "try " + i);
        patched(bob, id, "{\"remove\":[\"notifications\"]}");
        reader.during(Duration.ofMillis(60));
      }
      busy.join();
      patched(bob, id, "{\"add\":[\"notifications\"]}");
      assertEquals(10, nextOf(reader, "notifications").getJsonObject("data").getInt("count"));
    }
  }

  @Test
  void eachFeedIsAChannelOfTheCombinedStream() throws Exception {
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
    // A screen that requests public events gets none of its owner's private ones.
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
  void aRemovedChannelIsSilent() throws Exception {
    try (SseReader reader = ann.follow("/api/v1/stream?channels=github,timer")) {
      String id = json(reader.next("connected")).getJsonObject("data").getString("clientId");
      reader.next(frame -> frame.data() != null && frame.data().contains("\"timer_update\""));
      String delivery = UUID.randomUUID().toString();
      assertEquals(200, ann.patch("/api/v1/streams/" + id, "{\"remove\":[\"github\"]}").status());
      reader.during(Duration.ZERO);
      assertEquals(202, shared.deliver("star", delivery).status());
      await().until(() -> Hooks.statusOf(ann, delivery).equals("ignored"));
      List<String> late =
          reader.during(Duration.ofSeconds(1)).stream()
              .map(SseReader.Frame::data)
              .filter(data -> data != null && data.contains("github"))
              .toList();
      assertEquals(List.of(), late);
    }
  }

  @Test
  void anUnknownChannelIsRejectedWithTheListOfChannels() {
    for (String path : List.of("/api/stream?channels=", "/api/v1/stream?channels=timer,")) {
      Client.Reply reply = ann.get(path + "logs");
      assertEquals(400, reply.status());
      assertEquals(
          "There is no channel 'logs'. The channels are chat, chat/{id}, events, games/{id},"
              + " github, metrics, notifications, posts, quota, tasks/{id}, timer.",
          reply.json().getString("detail"));
    }
  }
}
