package devfest.studio.socket;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.Socket;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The stream of several channels over a WebSocket. */
class StreamSocketIT extends SharedServerTest {

  private static final String WS = V1 + "/stream/ws";
  private static final String PING = "{\"type\":\"ping\"}";

  private static Socket open(Client by, String query) {
    return Socket.open(by.uri(WS + query), "Authorization", "Bearer " + by.token());
  }

  /** The next control message of this name. */
  private static JsonObject control(Socket socket, String event) {
    JsonObject message = json(socket.next());
    while (message.containsKey("channel") || !message.getString("event").equals(event)) {
      message = json(socket.next());
    }
    return message;
  }

  private static JsonObject nextOf(Socket socket, String channel) {
    JsonObject message = json(socket.next());
    while (!message.getString("channel", "").equals(channel)) {
      message = json(socket.next());
    }
    return message;
  }

  private static JsonObject error(Socket socket, String command) {
    socket.say(command);
    return control(socket, "error").getJsonObject("data");
  }

  /** The channels after a command. */
  private static List<String> channels(Socket socket, String command, String... names) {
    socket.say(
        "{\"type\":\"%s\",\"channels\":[%s]}"
            .formatted(
                command,
                List.of(names).stream().map(n -> '"' + n + '"').collect(Collectors.joining(","))));
    return control(socket, "channels")
        .getJsonObject("data")
        .getJsonArray("channels")
        .getValuesAs(JsonString::getString);
  }

  private List<String> publish(String type, int count, String data) {
    String event = "{\"event\":\"%s\",\"data\":%s,\"visibility\":\"public\"}".formatted(type, data);
    Client.Reply reply =
        publisher.post(
            V1 + "/events",
            IntStream.range(0, count)
                .mapToObj(i -> event)
                .collect(Collectors.joining(",", "[", "]")));
    assertEquals(200, reply.status());
    return reply.json().getJsonArray("eventIds").getValuesAs(JsonString::getString);
  }

  /** What identifies an event in a message of either transport. */
  private static String essence(String id, JsonObject message) {
    return id + ' ' + message.get("channel") + message.get("event") + message.get("data");
  }

  @Test
  void itCarriesWhatAStreamDoes() throws Exception {
    String query = "?channels=events,notifications,posts,quota";
    try (SseReader stream = ann.follow(V1 + "/stream" + query);
        Socket socket = open(ann, query)) {
      stream.next("connected");
      JsonObject connected = json(socket.next());
      assertEquals("connected", connected.getString("event"));
      assertTrue(Long.parseLong(connected.getString("id")) > 0);
      assertFalse(connected.getJsonObject("data").getString("clientId").isEmpty());
      for (String channel : List.of("notifications", "posts", "quota")) {
        JsonObject snapshot = nextOf(socket, channel);
        assertFalse(snapshot.containsKey("id"), snapshot::toString);
      }
      ann.photo(TestImages.jpeg(300, 200), "private");
      mention(bob, ann, "one\nline \"more\" é");
      ann.post(V1 + "/github/posts", "{\"title\":\"t\"}");
      List<String> ids = publish("socket.talk", 20, "{\"a\":\"\\u2028 é\"}");
      String last = ids.get(ids.size() - 1);
      List<String> framed = new ArrayList<>();
      SseReader.Frame frame;
      do {
        frame = stream.next(f -> f.id() != null && f.event() == null);
        framed.add(essence(frame.id(), json(frame)));
      } while (!frame.id().equals(last));
      List<String> messages = new ArrayList<>();
      JsonObject message;
      do {
        message = json(socket.next());
        if (message.containsKey("id") && message.containsKey("channel")) {
          messages.add(essence(message.getString("id"), message));
        }
      } while (!message.getString("id", "").equals(last));
      assertEquals(framed, messages);
      assertTrue(messages.size() >= 22, messages::toString);
      assertTrue(messages.stream().anyMatch(each -> each.contains("\"photo.uploaded\"")));
      assertTrue(messages.stream().anyMatch(each -> each.contains("\"notifications\"")));
    }
  }

  @Test
  void itResumesWithoutAGapWhileEventsAreWritten() throws Exception {
    List<String> published = new ArrayList<>();
    List<String> received = new ArrayList<>();
    String position;
    try (Socket socket = open(ann, "?channels=events&types=socket.many")) {
      position = control(socket, "connected").getString("id");
      published.addAll(publish("socket.many", 100, "1"));
      for (int i = 0; i < 40; i++) {
        position = nextOf(socket, "events").getString("id");
        received.add(position);
      }
    }
    published.addAll(publish("socket.many", 900, "1"));
    CompletableFuture<List<String>> meanwhile =
        CompletableFuture.supplyAsync(
            () -> {
              List<String> more = new ArrayList<>();
              for (int i = 0; i < 20; i++) {
                more.addAll(publish("socket.many", 100, "1"));
              }
              return more;
            });
    String query = "?channels=events&types=socket.many&lastEventId=";
    for (int count : new int[] {1, 700, 300}) { // cut twice more
      try (Socket socket = open(ann, query + position)) {
        for (int i = 0; i < count; i++) {
          position = nextOf(socket, "events").getString("id");
          received.add(position);
        }
      }
    }
    published.addAll(meanwhile.join());
    try (Socket socket = open(ann, query + position)) {
      while (received.size() < published.size()) {
        received.add(nextOf(socket, "events").getString("id"));
      }
      assertEquals(published, received);
    }
    try (Socket socket = open(ann, query + "1")) {
      JsonObject connected = json(socket.next());
      assertFalse(connected.containsKey("id"), connected::toString);
      JsonObject reset = json(socket.next());
      assertEquals("stream.reset", reset.getString("event"));
      assertEquals("unknown", reset.getJsonObject("data").getString("reason"));
      assertFalse(reset.getString("id").isEmpty());
    }
  }

  @Test
  void channelsAreFollowedAndLeft() throws Exception {
    String game = "games/" + game();
    try (Socket socket = open(ann, "?channels=timer")) {
      String id = control(socket, "connected").getJsonObject("data").getString("clientId");
      nextOf(socket, "timer");
      assertEquals(List.of("timer", game), channels(socket, "follow", game));
      assertEquals(List.of(game, "quota"), follow(socket, game));
      drive("reset", "");
      score(game.substring(6), 1, 0, null);
      JsonObject next = json(socket.next());
      assertEquals(game, next.getString("channel"), "and nothing of the timer");
      // The HTTP call for streams changes it too.
      Client.Reply patched = ann.patch(V1 + "/streams/" + id, "{\"add\":[\"notifications\"]}");
      assertEquals(200, patched.status());
      assertEquals("unread", nextOf(socket, "notifications").getString("event"));
      mention(bob, ann, "hello");
      JsonObject mention = nextOf(socket, "notifications");
      while (!mention.getString("event").equals("notification")) {
        mention = nextOf(socket, "notifications");
      }
      assertTrue(mention.containsKey("id"), mention::toString);

      assertEquals(
          "forbidden",
          error(socket, "{\"type\":\"follow\",\"channels\":[\"metrics\"]}").getString("code"));
      JsonObject unknown = error(socket, "{\"type\":\"follow\",\"channels\":[\"nix\"]}");
      assertEquals("bad_request", unknown.getString("code"));
      assertTrue(unknown.getString("message").startsWith("There is no channel 'nix'."));
      String all = "\"" + game + "\",\"quota\",\"notifications\"";
      assertEquals(
          "bad_request",
          error(socket, "{\"type\":\"leave\",\"channels\":[" + all + "]}").getString("code"));
      assertEquals(
          List.of(game, "quota", "notifications", "events"), channels(socket, "follow", "events"));
      publish("socket.after", 1, "1");
      assertEquals("socket.after", nextOf(socket, "events").getString("event"));
    }
  }

  /** Leaves the timer and follows the quota; the snapshot precedes the reply. */
  private static List<String> follow(Socket socket, String game) {
    assertEquals(List.of(game), channels(socket, "leave", "timer"));
    socket.say("{\"type\":\"follow\",\"channels\":[\"quota\",\"" + game + "\"]}");
    assertEquals("quota", nextOf(socket, "quota").getString("event"));
    return control(socket, "channels")
        .getJsonObject("data")
        .getJsonArray("channels")
        .getValuesAs(JsonString::getString);
  }

  @Test
  void aMalformedMessageGetsAnErrorAndOneThatIsTooLongClosesTheSocket() {
    try (Socket socket = open(ann, "?channels=timer")) {
      List<String> odd =
          List.of(
              "",
              "nix",
              "{",
              "[]",
              "42",
              "[".repeat(5_000),
              "{\"type\":1}",
              "{\"type\":\"sync\"}",
              "{\"type\":\"follow\"}",
              "{\"type\":\"follow\",\"channels\":\"timer\"}",
              "{\"type\":\"leave\",\"channels\":[null]}");
      for (String message : odd) {
        assertEquals("bad_request", error(socket, message).getString("code"), message);
      }
      socket.say(PING);
      assertEquals("pong", control(socket, "pong").getString("event"));
      socket.say("x".repeat(8_193));
      assertEquals(1_009, socket.closed());
    }
    try (Socket socket = open(ann, "?channels=timer")) {
      socket.sayBytes(new byte[10]);
      assertEquals(1_003, socket.closed());
    }
  }

  @Test
  void eachCommandGetsOneReplyInItsTurn() {
    try (Socket socket = open(bob, "?channels=events&types=none")) {
      control(socket, "connected");
      int count = 300;
      for (int i = 0; i < count; i++) {
        socket.say("{\"type\":\"%s\",\"channels\":[\"timer\"]}".formatted(i == 0 ? "follow" : "x"));
      }
      assertEquals("channels", control(socket, "channels").getString("event"));
      for (int i = 1; i < count; i++) {
        String code = control(socket, "error").getJsonObject("data").getString("code");
        assertTrue(code.equals("bad_request") || code.equals("too_many_requests"), code);
      }
      socket.say(PING);
      assertEquals("pong", control(socket, "pong").getString("event"));
    }
  }

  @Test
  void tooManyCommandsAreRefused() {
    try (Socket socket = open(ann, "?channels=events&types=none")) {
      control(socket, "connected");
      int refused = 0;
      for (int i = 0; i < 700; i += 10) {
        for (int n = 0; n < 10; n++) {
          socket.say(PING);
        }
        for (int n = 0; n < 10; n++) {
          JsonObject reply = json(socket.next());
          if (reply.getString("event").equals("error")) {
            assertEquals("too_many_requests", reply.getJsonObject("data").getString("code"));
            refused++;
          }
        }
      }
      assertTrue(refused > 10, "of 700: " + refused);
    }
  }

  @Test
  void privateEventsStayPrivate() throws Exception {
    try (Socket owner = open(ann, "?channels=events");
        Socket other = open(bob, "?channels=events");
        Socket anonymous = Socket.open(nobody.uri(WS + "?channels=events"));
        Socket screen = open(ann, "?channels=events&visibility=public")) {
      List.of(owner, other, anonymous, screen).forEach(each -> control(each, "connected"));
      String photo = ann.photo(TestImages.jpeg(300, 200), "private");
      String last = publish("socket.end", 1, "1").get(0);
      JsonObject first = nextOf(owner, "events");
      while (!first.toString().contains(photo)) {
        first = nextOf(owner, "events");
      }
      for (Socket each : List.of(other, anonymous, screen)) {
        JsonObject message = nextOf(each, "events");
        while (!message.getString("id", "").equals(last)) {
          assertFalse(message.toString().contains(photo), message::toString);
          message = nextOf(each, "events");
        }
      }
    }
  }

  @Test
  void itIsRefusedAsAStreamIs() {
    String token = "token=" + ann.token();
    assertEquals(401, Socket.refusal(ann.uri(WS + "?token=nix")));
    assertEquals(401, Socket.refusal(nobody.uri(WS + "?channels=quota")));
    assertEquals(403, Socket.refusal(ann.uri(WS + "?channels=metrics&" + token)));
    assertEquals(403, Socket.refusal(ann.uri(WS + "?" + token), "Origin", "https://evil.example"));
    for (String query :
        List.of(
            "channels=nix",
            "lastEventId=x",
            "since=x",
            "replay=x",
            "heartbeat=x",
            "format=cloudevents",
            "types=*x")) {
      assertEquals(400, Socket.refusal(ann.uri(WS + '?' + query + '&' + token)), query);
    }
    assertEquals(403, Socket.refusal(ann.uri(WS + "?userId=" + bob.user() + '&' + token)));
    assertEquals(426, ann.get(WS).status());
    String ticket = ann.post(V1 + "/events/tickets", "").data().getString("ticket");
    assertEquals(400, Socket.refusal(ann.uri(WS + "?channels=nix&ticket=" + ticket)));
    Socket.open(ann.uri(WS + "?ticket=" + ticket)).close();
    Client eve = Client.of(base(), "eve-" + UUID.randomUUID());
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      sockets.add(open(eve, "?channels=timer"));
    }
    var seventh = Socket.refused(eve.uri(WS + "?token=" + eve.token()));
    assertEquals(429, seventh.statusCode());
    assertTrue(seventh.headers().firstValue("Retry-After").isPresent());
    sockets.forEach(Socket::close);
    await().untilAsserted(() -> eve.follow(V1 + "/stream").close());
  }

  @Test
  void itsEndIsAnnounced() {
    Client brief = Client.of(base(), "brief-" + UUID.randomUUID(), Duration.ofSeconds(4));
    try (Socket socket = open(brief, "?channels=timer")) {
      assertEquals("token_expired", reason(socket));
      assertEquals(1_008, socket.closed());
    }
    try (Socket socket = open(bob, "?channels=timer,quota")) {
      String id = control(socket, "connected").getJsonObject("data").getString("clientId");
      JsonObject listed =
          root
              .get(V1 + "/streams?limit=100")
              .data()
              .getJsonArray("items")
              .getValuesAs(JsonObject.class)
              .stream()
              .filter(each -> each.getString("clientId").equals(id))
              .findFirst()
              .orElseThrow();
      assertEquals("websocket", listed.getString("transport"));
      assertEquals(bob.user(), listed.getString("user"));
      assertEquals("[\"timer\",\"quota\"]", listed.get("channels").toString());
      assertEquals(204, root.delete(V1 + "/streams/" + id).status());
      assertEquals("revoked", reason(socket));
      assertEquals(1_008, socket.closed());
      assertEquals(404, root.delete(V1 + "/streams/" + id).status());
    }
    try (Socket socket = open(bob, "?channels=timer")) {
      control(socket, "connected");
      assertEquals(204, bob.delete(V1 + "/users/" + bob.user() + "/sessions").status());
      assertEquals("revoked", reason(socket));
      assertEquals(1_008, socket.closed());
    }
  }

  private static String reason(Socket socket) {
    return control(socket, "stream.closed").getJsonObject("data").getString("reason");
  }

  @Test
  void heartbeatsAreSentOnRequest() {
    try (Socket socket = open(ann, "?channels=events&types=none&heartbeat=event")) {
      assertTrue(control(socket, "heartbeat").getJsonNumber("data").longValue() > 0);
    }
  }

  @Test
  void aReaderThatReadsNothingIsEndedAndOthersGetAll() throws Exception {
    double before = stalled();
    String query = "?channels=events&types=socket.large";
    try (java.net.Socket deaf = deaf(bob, query);
        Socket socket = open(ann, query)) {
      control(socket, "connected");
      List<String> published = new ArrayList<>();
      List<String> received = new ArrayList<>();
      String data = '"' + "x".repeat(60_000) + '"';
      for (int i = 0; i < 20; i++) {
        published.addAll(publish("socket.large", 10, data));
      }
      while (received.size() < published.size()) {
        received.add(nextOf(socket, "events").getString("id"));
      }
      assertEquals(published, received);
      await().until(() -> stalled() > before);
      await()
          .until(() -> !root.get(V1 + "/streams?limit=100").json().toString().contains(bob.user()));
      deaf.setSoTimeout(30_000);
      try {
        while (deaf.getInputStream().read(new byte[64 * 1024]) >= 0) {}
      } catch (java.net.SocketTimeoutException e) {
        throw new AssertionError("its connection stays open", e);
      } catch (IOException e) {
        // the server has reset it
      }
    }
  }

  private double stalled() {
    String text = new String(root.get(V1 + "/metrics").bytes(), StandardCharsets.UTF_8);
    return text.contains("{reason=\"stalled\"}") ? metric(STALLED) : 0;
  }

  private static final String STALLED = "studio_streams_closed_total{reason=\"stalled\"}";

  /** Opens a WebSocket with a small window, and reads nothing. */
  private java.net.Socket deaf(Client by, String query) throws IOException {
    java.net.Socket socket = new java.net.Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(base().getHost(), base().getPort()));
    java.net.URI uri = by.uri(WS + query);
    String handshake =
        "GET %s?%s&token=%s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                .formatted(uri.getRawPath(), uri.getRawQuery(), by.token())
            + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Version: 13\r\n\r\n";
    socket.getOutputStream().write(handshake.getBytes(StandardCharsets.US_ASCII));
    socket.setSoTimeout(30_000);
    assertEquals('H', socket.getInputStream().read());
    return socket;
  }
}
