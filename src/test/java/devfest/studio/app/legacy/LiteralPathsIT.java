package devfest.studio.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import jakarta.json.JsonObject;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The paths that older clients know. */
class LiteralPathsIT extends SharedServerTest {

  @Test
  void feedsAcceptTheSameCredentialsAsTheEventStream() throws Exception {
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
      if (!path.equals("/events")) { // which anonymous access opens
        assertEquals(401, nobody.get(path).status(), path);
      }
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
  void aBroadcastIsPublicNeedsNoNameAndReturnsItsId() throws Exception {
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

  /** The event that documented listeners expect on each path, and a field that they read. */
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
  void eachLiteralStreamSendsWhatItsListenersExpect(String path, String event, String field)
      throws Exception {
    try (SseReader reader = root.follow(path)) {
      assertEquals(200, reader.status());
      assertTrue(reader.headers().get("Content-Type").startsWith("text/event-stream"));
      SseReader.Frame frame =
          reader.next(f -> f.data() != null && Objects.equals(event, f.event()));
      assertTrue(json(frame).containsKey(field), frame::toString);
    }
  }

  @Test
  void literalPathsSendBareFramesUnlessTheEnvelopeIsRequested() throws Exception {
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
  void onlyABroadcastMayBeUnnamed() throws Exception {
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
        HttpRequest.BodyPublisher body =
            Set.of("GET", "DELETE").contains(method) // with a body they are malformed to Payara
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString("{}");
        Client.Reply reply = publisher.send(publisher.request(path).method(method, body));
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
  void aPreflightAllowsTheHeadersOfOlderLibraries() {
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

  /** Returns the first data line of a stream, without its field name. */
  private static String firstData(Client client, String path) throws Exception {
    java.net.http.HttpRequest request = client.request(path).build();
    try (java.util.stream.Stream<String> lines =
        java.net.http.HttpClient.newHttpClient()
            .send(request, java.net.http.HttpResponse.BodyHandlers.ofLines())
            .body()) {
      return lines
          .filter(line -> line.startsWith("data: "))
          .findFirst()
          .orElseThrow()
          .substring("data: ".length());
    }
  }

  @Test
  void aClientThatReadsOnlyDataLinesFindsTheMembersThatItExpects() throws Exception {
    String game = game();
    String room = room();
    say(ann, room, "hello");
    assertEquals(0, json(firstData(nobody, "/api/games/" + game + "/stream")).getInt("home_score"));
    assertTrue(json(firstData(nobody, "/timer/stream")).containsKey("remaining"));
    assertEquals("hello", json(firstData(ann, "/chat-events?room=" + room)).getString("text"));
    assertTrue(json(firstData(ann, "/quota/stream")).containsKey("quota"));
    assertTrue(json(firstData(ann, "/api/github/events/length/stream")).containsKey("count"));
    assertTrue(json(firstData(ann, "/github/posts/stats/stream")).containsKey("stats"));
    assertTrue(json(firstData(ann, "/github/events/stream")).containsKey("events"));
    assertTrue(json(firstData(root, "/api/metrics/stream")).containsKey("cpu_usage"));
    assertTrue(firstData(ann, "/chat-stream?q=hi").matches("(Seen|No) "));
    assertEquals("hi", json(firstData(ann, "/ai-stream?prompt=hi")).getString("prompt"));
  }
}
