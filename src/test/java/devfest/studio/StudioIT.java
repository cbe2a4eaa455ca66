package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.RSAKey;
import devfest.studio.client.ApiClient;
import devfest.studio.client.ApiException;
import devfest.studio.client.api.EventsApi;
import devfest.studio.client.api.PhotosApi;
import devfest.studio.client.api.TransformationsApi;
import devfest.studio.client.model.Accepted;
import devfest.studio.client.model.NewEvent;
import devfest.studio.client.model.Order;
import devfest.studio.client.model.Photo;
import devfest.studio.client.model.Published;
import devfest.studio.client.model.Transformation;
import devfest.studio.security.Forge;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.sse.InboundSseEvent;
import jakarta.ws.rs.sse.SseEventSource;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real WAR in a real server, as its clients meet it. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class StudioIT {

  private static final byte[] PHOTO = TestImages.jpeg(900, 600);

  @Deployment(testable = false)
  static WebArchive studio() {
    return ShrinkWrap.createFromZipFile(WebArchive.class, new File("target/devfest-studio.war"));
  }

  @ArquillianResource private URL deployed;

  private URI base;
  private Client ann;
  private Client bob;
  private Client nobody;
  private Client publisher;
  private Client admin;

  @BeforeEach
  void clients() throws URISyntaxException {
    // The address of this machine would not be loopback, from where dev mode gives tokens.
    base = new URI("http", null, "127.0.0.1", deployed.getPort(), "/", null, null);
    nobody = Client.anonymous(base);
    String suffix = UUID.randomUUID().toString();
    ann = Client.of(base, "ann-" + suffix);
    bob = Client.of(base, "bob-" + suffix);
    publisher = Client.of(base, "pub-" + suffix, "publisher");
    admin = Client.of(base, "root-" + suffix, "admin");
  }

  private static String path(String url) {
    return URI.create(url).getPath();
  }

  private int connections() {
    return admin.get("/api/v1/events/stats").data().getInt("activeConnections");
  }

  // ---- the whole path

  // ---- the stream

  @Test
  void aStreamOpensWithItsHeadersAndItsPosition() throws Exception {
    String before = publisher.publish("mark", "1", "public");
    try (SseReader stream = ann.stream("?lastEventId=" + before)) {
      assertEquals(200, stream.status());
      assertEquals("text/event-stream;charset=UTF-8", stream.headers().get("Content-Type"));
      assertEquals("no-cache, no-store, no-transform", stream.headers().get("Cache-Control"));
      assertEquals("no", stream.headers().get("X-Accel-Buffering"));
      assertEquals("keep-alive", stream.headers().get("Connection"));
      assertNull(stream.headers().get("Content-Encoding"));
      SseReader.Frame connected = stream.next();
      assertEquals("connected", connected.event());
      assertEquals(before, connected.id());
      assertEquals("3000", connected.retry());
      JsonObject data = TestJson.json(connected.data()).getJsonObject("data");
      assertEquals(data.getString("clientId"), data.getString("client_id"));
      stream.next(frame -> frame.comment() != null && frame.comment().matches("heartbeat \\d{13}"));
    }
  }

  @Test
  void everyEventArrivesOnceAndInOrderDespiteRacesAndReconnects() throws Exception {
    int publishers = 4;
    int each = 50;
    String type = "race" + System.nanoTime();
    List<Long> acknowledged = Collections.synchronizedList(new ArrayList<>());
    String start = publisher.publish("mark", "1", "public");
    ExecutorService pool = Executors.newFixedThreadPool(publishers);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < publishers; i++) {
      running.add(
          pool.submit(
              () -> {
                for (int n = 0; n < each; n++) {
                  acknowledged.add(
                      Long.parseLong(publisher.publish(type, "{\"n\":" + n + "}", "public")));
                }
              }));
    }
    List<Long> seen = new ArrayList<>();
    String position = start;
    Random random = new Random(11);
    boolean header = true;
    while (seen.size() < publishers * each) {
      header = !header;
      try (SseReader stream =
          header
              ? bob.stream("?types=" + type, "Last-Event-ID: " + position)
              : bob.stream("?types=" + type + "&lastEventId=" + position)) {
        assertEquals(position, stream.next("connected").id());
        int take = 1 + random.nextInt(30);
        for (int i = 0; i < take && seen.size() < publishers * each; i++) {
          position = stream.next(type).id();
          seen.add(Long.parseLong(position));
        }
      }
    }
    for (Future<?> future : running) {
      future.get(30, TimeUnit.SECONDS);
    }
    pool.shutdown();
    assertEquals(acknowledged.stream().sorted().toList(), seen);
  }

  @Test
  void positionsHaveNoGaps() {
    String body =
        "[" + String.join(",", Collections.nCopies(100, "{\"event\":\"a\",\"data\":1}")) + "]";
    List<Long> ids =
        publisher.post("/api/v1/events", body).json().getJsonArray("eventIds").stream()
            .map(id -> Long.parseLong(((jakarta.json.JsonString) id).getString()))
            .toList();
    assertEquals(LongStream.range(ids.get(0), ids.get(0) + 100).boxed().toList(), ids);
    List<Long> history =
        admin.get("/api/v1/events?limit=100&after=" + (ids.get(0) - 1)).items().stream()
            .map(item -> Long.parseLong(item.asJsonObject().getString("id")))
            .toList();
    assertEquals(ids, history);
  }

  @Test
  void aStreamCanStartWithTheLastEventsOrAtAnInstant() throws Exception {
    String type = "late" + System.nanoTime();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(publisher.publish(type, "" + i, "public"));
    }
    try (SseReader last = ann.stream("?replay=2&types=" + type);
        SseReader since = ann.stream("?since=PT1M&types=" + type)) {
      assertEquals(ids.get(3), last.next(type).id());
      assertEquals(ids.get(4), last.next(type).id());
      for (String id : ids) {
        assertEquals(id, since.next(type).id());
      }
    }
  }

  @Test
  void aForeignPositionCausesAResetAndAMalformedOneIsRejected() throws Exception {
    String latest = publisher.publish("mark", "1", "public");
    try (SseReader stream = ann.stream("", "Last-Event-ID: 5")) {
      assertNull(stream.next("connected").id());
      SseReader.Frame reset = stream.next();
      assertEquals("stream.reset", reset.event());
      JsonObject data = TestJson.json(reset.data()).getJsonObject("data");
      assertEquals("unknown", data.getString("reason"));
      assertEquals(latest, data.getString("latest"));
      assertEquals(latest, reset.id());
      String next = publisher.publish("after", "1", "public");
      assertEquals(next, stream.next("after").id(), "it goes on live");
    }
    assertEquals(400, ann.get("/api/v1/events/stream?lastEventId=abc").status());
    assertEquals(400, ann.get("/api/v1/events/stream?since=yesterday").status());
    assertEquals(400, ann.get("/api/v1/events/stream?types=a%20b").status());
  }

  @Test
  void anyJsonValueArrivesUnchanged() throws Exception {
    try (SseReader stream = ann.stream("?types=value")) {
      stream.next("connected");
      for (String data :
          List.of("null", "\"\\n\\r\\u0000 é😀\\u2028\"", "[1.50,{\"a\":[]}]", "\"\"", "false")) {
        publisher.publish("value", data, "public");
        assertEquals(
            TestJson.json("{\"v\":" + data + "}").get("v"),
            TestJson.json(stream.next("value").data()).get("data"));
      }
    }
  }

  @Test
  void theStandardClientReadsAndResumes() throws Exception {
    String type = "std" + System.nanoTime();
    String start = publisher.publish("mark", "1", "public");
    List<InboundSseEvent> seen = Collections.synchronizedList(new ArrayList<>());
    jakarta.ws.rs.client.Client http = ClientBuilder.newClient();
    try (SseEventSource source =
        SseEventSource.target(
                http.target(ann.uri("/api/v1/events/stream"))
                    .queryParam("types", type)
                    .queryParam("lastEventId", start)
                    .queryParam("token", ann.token()))
            .build()) {
      source.register(seen::add);
      source.open();
      String id = publisher.publish(type, "{\"a\":1}", "public");
      await().until(() -> seen.size() == 2);
      assertEquals("connected", seen.get(0).getName());
      assertEquals(3000, seen.get(0).getReconnectDelay());
      assertEquals(id, seen.get(1).getId());
      assertEquals(type, seen.get(1).getName());
      assertEquals(1, TestJson.json(seen.get(1).readData()).getJsonObject("data").getInt("a"));
    } finally {
      http.close();
    }
  }

  @Test
  void disconnectedClientsFreeTheirConnections() throws Exception {
    await().until(() -> connections() == 0);
    List<SseReader> readers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      readers.add(ann.stream(""));
    }
    await().until(() -> connections() == 20);
    for (SseReader reader : readers) {
      reader.close();
    }
    await().until(() -> connections() == 0);
  }

  @Test
  void aUserHasALimitedNumberOfStreams() throws Exception {
    List<SseReader> readers = new ArrayList<>();
    try {
      for (int i = 0; i < 32; i++) {
        readers.add(bob.stream(""));
        assertEquals(200, readers.get(i).status());
      }
      Client.Reply refused = bob.get("/api/v1/events/stream");
      assertEquals(429, refused.status());
      assertNotNull(refused.header("Retry-After"));
      try (SseReader other = ann.stream("")) {
        assertEquals(200, other.status());
      }
    } finally {
      for (SseReader reader : readers) {
        reader.close();
      }
    }
    await().until(() -> connections() == 0);
  }

  @Test
  void headReturnsAtOnceAndOpensNoStream() {
    await().until(() -> connections() == 0);
    Client.Reply head =
        ann.send(
            ann.request("/api/v1/events/stream")
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertEquals(200, head.status());
    assertTrue(head.header("Content-Type").startsWith("text/event-stream"));
    assertEquals("no-cache, no-store, no-transform", head.header("Cache-Control"));
    assertEquals(0, connections());
  }

  @Test
  void optionsReturnsAtOnceAndOpensNoStream() {
    await().until(() -> connections() == 0);
    Client.Reply options =
        nobody.send(
            nobody
                .request("/api/v1/events/stream")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    assertEquals(2, options.status() / 100);
    assertTrue(options.header("Allow").contains("GET"));
    assertEquals(0, connections());
  }

  @Test
  void aStreamEndsWhenItsTokenExpires() throws Exception {
    Client shortLived = Client.of(base, "short", Duration.ofSeconds(2));
    try (SseReader stream = shortLived.stream("")) {
      stream.next("connected");
      SseReader.Frame closed = stream.next("stream.closed");
      assertEquals(
          "token_expired", TestJson.json(closed.data()).getJsonObject("data").getString("reason"));
      stream.awaitCleanEnd();
    }
    await()
        .atMost(Duration.ofSeconds(5)) // servers forgive a second
        .untilAsserted(() -> assertEquals(401, shortLived.get("/api/v1/photos").status()));
  }

  @Test
  void statisticsCountTheEventsOfAllUsersByType() {
    String type = "count" + System.nanoTime();
    publisher.publish(type, "1", "private");
    publisher.publish(type, "2", "public");
    JsonObject all = ann.get("/api/v1/events/stats").data();
    assertEquals(2, all.getJsonObject("eventsByType").getInt(type));
    assertTrue(all.getInt("totalEvents") >= 2);
    JsonObject recent = ann.get("/api/v1/events/stats?since=PT10M").data();
    assertEquals(2, recent.getJsonObject("eventsByType").getInt(type));
  }

  // ---- who may

  @Test
  void usersNeverSeeEachOthersPrivateThings() throws Exception {
    String mark = publisher.publish("mark", "1", "public");
    try (SseReader live = bob.stream("?lastEventId=" + mark);
        SseReader adminLive = admin.stream("?types=photo.*")) {
      live.next("connected");
      adminLive.next("connected");
      String secret = ann.photo(PHOTO, null);
      String secretJob = ann.transform(secret, "vintage");
      String open = ann.photo(PHOTO, "public");

      SseReader.Frame first = live.next(frame -> frame.id() != null);
      assertEquals("photo.uploaded", first.event());
      assertEquals(
          open,
          TestJson.json(first.data()).getJsonObject("data").getString("photoId"),
          "only the public");
      assertEquals(
          secret,
          TestJson.json(adminLive.next("photo.uploaded").data())
              .getJsonObject("data")
              .getString("photoId"));

      try (SseReader replay = bob.stream("?lastEventId=" + mark)) {
        assertEquals(first.id(), replay.next("photo.uploaded").id());
      }
      Set<String> history =
          bob.get("/api/v1/events?limit=100&after=" + mark).items().stream()
              .map(item -> item.asJsonObject().getString("id"))
              .collect(Collectors.toSet());
      assertEquals(Set.of(first.id()), history);

      assertEquals(404, bob.get("/api/v1/photos/" + secret).status());
      assertEquals(404, bob.delete("/api/v1/photos/" + secret).status());
      assertEquals(404, bob.get("/api/v1/transformations/" + secretJob).status());
      assertEquals(404, bob.delete("/api/v1/transformations/" + secretJob).status());
      assertEquals(
          404,
          bob.post(
                  "/api/v1/transformations",
                  "{\"photoId\":\"" + open + "\",\"styleId\":\"vintage\"}")
              .status());
      assertEquals(200, admin.get("/api/v1/photos/" + secret).status());
      assertEquals(
          403, bob.get("/api/v1/events?userId=somebody").status(), "asking for another user");
      String recent =
          new String(
              bob.get("/api/v1/transformations/recent?limit=100").bytes(), StandardCharsets.UTF_8);
      assertFalse(recent.contains(secretJob));
    }
  }

  @Test
  void aMissingOrInvalidTokenIsAnsweredWith401() throws Exception {
    for (String path :
        List.of(
            "/api/v1/photos",
            "/api/v1/styles",
            "/api/v1/events",
            "/api/v1/events/stats",
            "/api/v1/events/stream",
            "/events",
            "/api/v1/transformations/recent")) {
      assertProblem(401, "Token required", nobody.get(path));
      assertProblem(401, "Invalid token", nobody.withToken("nonsense").get(path));
      assertProblem(401, "Invalid token", ann.withToken(ann.token() + "x").get(path));
    }
    assertProblem(
        401, "Invalid token", nobody.get("/api/v1/events/stream?token=" + ann.token() + "x"));
    assertProblem(401, "Invalid token", nobody.get("/api/v1/events/stream?token=" + unsigned()));
  }

  /** The same claims with the algorithm "none". */
  private String unsigned() {
    String[] parts = ann.token().split("\\.");
    String header =
        java.util.Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
    return header + "." + parts[1] + ".";
  }

  private static void assertProblem(int status, String message, Client.Reply reply) {
    assertEquals(status, reply.status());
    assertTrue(reply.header("Content-Type").startsWith("application/problem+json"));
    JsonObject problem = reply.json();
    assertEquals(status, problem.getInt("status"));
    assertEquals(message, problem.getString("detail"));
    assertEquals(message, problem.getJsonObject("error").getString("message"));
    assertFalse(problem.getBoolean("success"));
    for (String member : List.of("type", "title", "instance")) {
      assertNotNull(problem.getString(member));
    }
  }

  @Test
  void aTokenInTheQueryIsValidOnlyForStreams() throws Exception {
    try (SseReader stream = SseReader.open(ann.uri("/api/v1/events/stream?token=" + ann.token()))) {
      assertEquals(200, stream.status());
      stream.next("connected");
    }
    assertEquals(401, nobody.get("/api/v1/photos?token=" + ann.token()).status());
    assertEquals(401, nobody.get("/api/v1/events?token=" + ann.token()).status());
  }

  // ---- every way in

  private static final String STREAM = "/api/v1/events/stream";
  private static final String SOCKET = "/api/v1/timer/ws";

  /** Makes tokens that the studio under test trusts, by the key of its dev mode. */
  private static Forge forge() throws Exception {
    RSAKey key = RSAKey.parse(Files.readString(Path.of("target/it-data/dev-key.json")));
    return new Forge(key, "devfest-studio-dev", Instant.now());
  }

  @Test
  void claimsNarrowWhatAPublisherMayDo() throws Exception {
    Client talks =
        nobody.withToken(
            forge()
                .token(
                    "\"upn\":\"talks\",\"groups\":[\"publisher\"],\"studio_publish\":[\"talk.*\"],"
                        + "\"studio_channels\":[\"events\",\"chat/room-a\",\"games/*\"]"));
    String type = "talk.t" + System.nanoTime();
    String talk = "{\"event\":\"" + type + "\",\"data\":1}";
    String other = "{\"event\":\"mark\",\"data\":1}";
    assertEquals(403, talks.post("/api/v1/events", other).status());
    assertEquals(403, talks.post("/api/v1/events", "[" + talk + "," + other + "]").status());
    assertEquals(
        403,
        talks
            .post("/api/v1/events", "{\"event\":\"talk.started\",\"data\":1,\"channel\":\"hall\"}")
            .status());
    assertFalse(
        admin.get("/api/v1/events/stats").data().getJsonObject("eventsByType").containsKey(type),
        "an array with a refused event is stored in part");
    assertEquals(200, talks.post("/api/v1/events", talk).status());
    for (String call : List.of("start", "pause", "reset", "penalty", "complete")) {
      assertEquals(403, talks.post("/api/v1/timer/" + call, "").status(), call);
    }
    assertEquals(403, talks.post("/api/v1/chat/messages", "{\"text\":\"Hello\"}").status());
    assertEquals(
        201,
        talks.post("/api/v1/chat/messages", "{\"text\":\"Hello\",\"room\":\"room-a\"}").status());
    String game = "{\"home\":\"Caen\",\"away\":\"Rouen\"}";
    assertEquals(403, talks.post("/api/v1/games", game).status());
    Client scores =
        nobody.withToken(
            forge()
                .token(
                    "\"upn\":\"scores\",\"groups\":[\"publisher\"],"
                        + "\"studio_channels\":[\"games/*\"]"));
    String id = scores.post("/api/v1/games", game).data().getString("gameId");
    String score = "{\"home_score\":1,\"away_score\":0}";
    assertEquals(200, scores.post("/api/v1/games/" + id + "/score", score).status());
    assertEquals(403, scores.post("/api/v1/events", talk).status());
    assertEquals(403, talks.post("/api/v1/games/" + id + "/score", score).status());
  }

  private static HttpRequest.BodyPublisher noBody() {
    return HttpRequest.BodyPublishers.noBody();
  }

  /** The status of a request with one header; a stream is closed at once. */
  private int status(String method, String path, String name, String value) throws IOException {
    if (method.equals("GET") && !path.startsWith("/api/v1/photos")) {
      try (SseReader stream = SseReader.open(nobody.uri(path), name + ": " + value)) {
        return stream.status();
      }
    }
    return nobody.send(nobody.request(path).method(method, noBody()).header(name, value)).status();
  }

  private int socket(String path, String name, String value) {
    try {
      Socket.open(nobody.uri(path), name, value).close();
      return 200;
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  /** The statuses for one token, by credential and by kind of request. */
  private Map<String, Integer> answers(String token) throws IOException {
    String[][] ways = {
      {"header", "", "Authorization", "Bearer " + token},
      {"query", "?token=" + URLEncoder.encode(token, StandardCharsets.UTF_8), "X-No", "header"},
      {"cookie", "", "Cookie", "studio_session=" + token}
    };
    Map<String, Integer> answers = new TreeMap<>();
    for (String[] way : ways) {
      for (String path : List.of(STREAM, "/events", "/api/v1/timer/stream", "/quota/stream")) {
        answers.put("HEAD " + path + way[0], status("HEAD", path + way[1], way[2], way[3]));
      }
      answers.put("GET " + way[0], status("GET", STREAM + way[1], way[2], way[3]));
      answers.put("GET literal " + way[0], status("GET", "/timer/stream" + way[1], way[2], way[3]));
      answers.put("socket " + way[0], socket(SOCKET + way[1], way[2], way[3]));
    }
    answers.put("REST", status("GET", "/api/v1/photos", "Authorization", "Bearer " + token));
    HttpRequest.Builder own =
        nobody
            .request("/api/v1/photos")
            .header("Sec-Fetch-Site", "same-origin")
            .header("Cookie", "studio_session=" + token);
    answers.put("REST of the own page", nobody.send(own).status());
    Client.Reply ticket = nobody.withToken(token).post("/api/v1/events/tickets", "");
    answers.put("ticket", ticket.status());
    if (ticket.status() == 200) {
      String query = "?ticket=" + ticket.data().getString("ticket");
      answers.put("HEAD ticket", status("HEAD", STREAM + query, "X-No", "header"));
      answers.put("socket ticket", socket(SOCKET + query, "X-No", "header"));
      assertEquals(401, status("GET", STREAM + query, "X-No", "header"), "once");
    }
    return answers;
  }

  @Test
  void everyKindOfTokenIsJudgedAlikeInEveryCredential() throws Exception {
    for (Forge.Kind kind : forge().kinds()) {
      answers(kind.token())
          .forEach(
              (way, status) -> assertEquals(kind.good() ? 200 : 401, status, kind + " by " + way));
    }
  }

  @Test
  void aMalformedCredentialIsRejectedAndNeverTreatedAsAnonymous() throws Exception {
    String token = ann.token();
    for (String header :
        List.of(
            "Basic YW5uOmFubg==",
            "Bearer",
            "Bearer ",
            "bearer",
            token,
            "Token " + token,
            "Bearer " + token + " x",
            "Bearer " + token + ", Bearer " + token,
            "Bearer" + token)) {
      for (String path : List.of("/api/v1/photos", STREAM, "/events")) {
        assertEquals(401, status("GET", path, "Authorization", header), path + " by " + header);
      }
      assertEquals(401, status("HEAD", STREAM, "Authorization", header), header);
      assertEquals(401, socket(SOCKET, "Authorization", header), header);
    }
    for (String scheme : List.of("bearer ", "BEARER ", "Bearer  ")) {
      assertEquals(200, status("GET", "/api/v1/photos", "Authorization", scheme + token), scheme);
      assertEquals(200, status("HEAD", STREAM, "Authorization", scheme + token), scheme);
    }
    for (String path : List.of("/api/v1/photos", STREAM)) {
      HttpRequest.Builder twice = ann.request(path).header("Authorization", "Bearer " + token);
      assertProblem(401, "Invalid token", nobody.send(twice));
    }
    assertEquals(401, status("HEAD", STREAM + "?token=" + token + "&token=x", "X-No", "header"));
  }

  @Test
  void aRejectionIsReadableForPagesOfAllowedOrigins() {
    for (String path : List.of("/api/v1/photos", STREAM, "/events", "/api/v1/events/stats")) {
      for (String token : new String[] {"nonsense", null}) {
        HttpRequest.Builder request =
            nobody.withToken(token).request(path).header("Origin", "https://app.example");
        Client.Reply reply = nobody.send(request);
        assertProblem(401, token == null ? "Token required" : "Invalid token", reply);
        assertEquals("https://app.example", reply.header("Access-Control-Allow-Origin"));
        assertEquals("true", reply.header("Access-Control-Allow-Credentials"));
        assertTrue(reply.header("Vary").contains("Origin"));
        assertEquals("nosniff", reply.header("X-Content-Type-Options"));
        assertTrue(reply.header("Content-Security-Policy").contains("default-src"));
        assertEquals(
            (token == null ? "Bearer " : "Bearer error=\"invalid_token\", ")
                + "resource_metadata=\"http://localhost:8080/.well-known/oauth-protected-resource\"",
            reply.header("WWW-Authenticate"));
      }
    }
  }

  @Test
  void clientsLearnWhichServersIssueTokens() {
    Client.Reply reply =
        nobody.send(
            nobody
                .withToken("nonsense")
                .request("/.well-known/oauth-protected-resource")
                .header("Origin", "https://app.example"));
    assertEquals(200, reply.status());
    assertEquals("application/json", reply.header("Content-Type").replaceFirst(";.*", ""));
    assertEquals("https://app.example", reply.header("Access-Control-Allow-Origin"));
    JsonObject metadata = reply.json();
    assertEquals("http://localhost:8080", metadata.getString("resource"));
    assertEquals("header", metadata.getJsonArray("bearer_methods_supported").getString(0));
    assertEquals("DevFest Studio", metadata.getString("resource_name"));
    assertEquals("http://localhost:8080/api/v1/docs", metadata.getString("resource_documentation"));
  }

  @Test
  void publicCallsIgnoreCredentials() {
    for (String header : List.of("Bearer nonsense", "Basic YTpi", "Bearer")) {
      for (String path :
          List.of(
              "/api/v1/health",
              "/api/v1/docs",
              "/api/v1/docs.json",
              "/api/v1/docs/events.json",
              "/api/v1/styles/vintage/preview",
              "/dashboard",
              "/client/devfest-studio.js",
              "/health/live")) {
        HttpRequest.Builder request = nobody.request(path).header("Authorization", header);
        assertEquals(200, nobody.send(request).status(), path);
      }
      HttpRequest.Builder none =
          nobody.request("/uploads/photos/none.jpg").header("Authorization", header);
      assertEquals(404, nobody.send(none).status());
      HttpRequest.Builder signOut =
          nobody.request("/api/v1/session").header("Authorization", header).DELETE();
      assertEquals(204, nobody.send(signOut).status());
      HttpRequest.Builder hook =
          nobody
              .request("/api/v1/github/webhook")
              .header("Authorization", header)
              .POST(HttpRequest.BodyPublishers.ofString("{}"));
      assertEquals(404, nobody.send(hook).status(), "no secret is configured");
    }
  }

  @Test
  void aCookieLivesNoLongerThanItsTokenOrTheBrowserLimit() throws Exception {
    Forge forge = forge();
    long longest = Duration.ofDays(400).toSeconds();
    for (Forge.Kind kind : forge.kinds()) {
      if (kind.good()) {
        String cookie =
            nobody.withToken(kind.token()).post("/api/v1/session", "").header("Set-Cookie");
        long age = Long.parseLong(cookie.replaceFirst("(?i).*max-age=(-?\\d+).*", "$1"));
        long most =
            kind.name().startsWith("until") || kind.name().startsWith("end") ? longest : 3_700;
        assertTrue(age > 0 && age <= most, kind.name() + ": " + cookie);
      }
    }
  }

  @Test
  void aTokenTooLargeForACookieIsStoredByTheServer() throws Exception {
    String user = "large-" + UUID.randomUUID();
    for (int size : List.of(2_000, 2_900, 3_100, 4_500)) {
      String large =
          forge().token("\"upn\":\"" + user + "\",\"more\":\"" + "m".repeat(size) + "\"");
      Client.Reply begun =
          nobody.send(
              nobody
                  .withToken(large)
                  .request("/api/v1/session")
                  .version(HttpClient.Version.HTTP_1_1) // Payara rejects this header over HTTP/2
                  .POST(noBody()));
      assertEquals(204, begun.status());
      String set = begun.header("Set-Cookie");
      assertTrue(set.length() <= 4_096, () -> "browsers would drop " + set.length());
      String cookie = set.substring(0, set.indexOf(';'));
      assertEquals(large.length() < 3_800, cookie.endsWith(large), "only what has to be is kept");
      try (SseReader stream = SseReader.open(nobody.uri(STREAM), "Cookie: " + cookie)) {
        stream.next("connected");
        assertEquals(200, socket(SOCKET, "Cookie", cookie));
        HttpRequest.Builder end =
            nobody.request("/api/v1/session").header("Cookie", cookie).DELETE();
        assertEquals(204, nobody.send(end).status());
        assertTrue(stream.next("stream.closed").data().contains("revoked"));
      }
      if (!cookie.endsWith(large)) {
        assertEquals(401, status("GET", STREAM, "Cookie", cookie), "it is forgotten");
      }
    }
  }

  @Test
  void theCookieSignsInOnlyTheStudiosOwnPages() {
    String path = "/api/v1/quota";
    String cookie = "studio_session=" + ann.token();
    String own = base.toString().replaceFirst("/$", "");
    String[][] requests = {
      {"200", "Sec-Fetch-Site", "same-origin"},
      {"200", "Origin", own},
      {"401", "Sec-Fetch-Site", "same-site"},
      {"401", "Sec-Fetch-Site", "cross-site"},
      {"401", "Sec-Fetch-Site", "none"},
      {"401", "Origin", "https://app.example"},
      {"401", "Origin", "null"},
      {"401", "X-No", "header"}
    };
    for (String[] one : requests) {
      HttpRequest.Builder request =
          nobody.request(path).header("Cookie", cookie).header(one[1], one[2]);
      assertEquals(Integer.parseInt(one[0]), nobody.send(request).status(), one[1] + one[2]);
    }
    HttpRequest.Builder both =
        nobody
            .request(path)
            .header("Cookie", cookie)
            .header("Origin", own)
            .header("Sec-Fetch-Site", "cross-site");
    assertEquals(401, nobody.send(both).status());
    HttpRequest.Builder said =
        nobody
            .request("/send-message")
            .header("Cookie", cookie)
            .header("Sec-Fetch-Site", "same-origin")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"hello\"}"));
    assertTrue(nobody.send(said).status() < 300);
    HttpRequest.Builder headerFirst =
        nobody
            .withToken("nonsense")
            .request(path)
            .header("Cookie", cookie)
            .header("Sec-Fetch-Site", "same-origin");
    assertEquals(401, nobody.send(headerFirst).status(), "the header counts first");
  }

  @Test
  void missingRightsAreForbiddenWithEveryCredential() throws Exception {
    String query = STREAM + "?userId=somebody";
    assertEquals(403, status("HEAD", query, "Authorization", "Bearer " + ann.token()));
    assertEquals(403, status("HEAD", query + "&token=" + ann.token(), "X-No", "header"));
    assertEquals(403, status("HEAD", query, "Cookie", "studio_session=" + ann.token()));
  }

  @Test
  void publishingRequiresThePublisherRole() {
    Client.Reply reply = ann.post("/api/v1/events", "{\"event\":\"a\",\"data\":1}");
    assertEquals(403, reply.status());
    assertEquals(401, nobody.post("/api/v1/events", "{\"event\":\"a\",\"data\":1}").status());
  }

  @Test
  void aMalformedPublicationStoresNothing() {
    String type = "half" + System.nanoTime();
    Client.Reply reply =
        publisher.post(
            "/api/v1/events",
            "[{\"event\":\"" + type + "\",\"data\":1},{\"event\":\"photo.x\",\"data\":1}]");
    assertEquals(400, reply.status());
    assertEquals(0, admin.get("/api/v1/events?types=" + type).items().size());
    assertEquals(400, publisher.post("/api/v1/events", "{").status());
    assertEquals(
        413,
        publisher
            .post("/api/v1/events", "{\"event\":\"a\",\"data\":\"" + "x".repeat(70_000) + "\"}")
            .status());
    assertEquals(413, publisher.post("/api/v1/events", " ".repeat(1_100_000)).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "error",
        "open",
        "message",
        "connected",
        "heartbeat",
        "erased",
        "photo.x",
        "transformation.x",
        "stream.x",
        "post.x"
      })
  void theNamesOfTheStudiosOwnEventsAreReserved(String type) {
    Client.Reply reply =
        publisher.post("/api/v1/events", "{\"event\":\"" + type + "\",\"data\":1}");
    assertEquals(400, reply.status());
    assertEquals("The event name '" + type + "' is reserved.", reply.json().getString("detail"));
  }

  // ---- photos

  // ---- styles, health, documents, page

  @Test
  void stylesHaveFiveCategoriesAndPreviews() {
    JsonObject styles = ann.get("/api/v1/styles").data();
    Set<String> categories =
        styles.getJsonArray("items").stream()
            .map(style -> style.asJsonObject().getString("category"))
            .collect(Collectors.toSet());
    assertEquals(Set.of("professional", "artistic", "tech", "creative", "thematic"), categories);
    String preview = ann.get("/api/v1/styles/vintage").data().getString("previewUrl");
    assertEquals("image/jpeg", nobody.get(path(preview)).header("Content-Type"));
    assertEquals(404, ann.get("/api/v1/styles/nope").status());
    assertEquals(400, ann.get("/api/v1/styles?category=nope").status());
    assertEquals(
        "vintage",
        ann.get("/api/v1/styles?search=vintage").items().getJsonObject(0).getString("styleId"));
  }

  @Test
  void healthAndDocumentsNeedNoToken() {
    JsonObject health = nobody.get("/api/v1/health").data();
    assertEquals("healthy", health.getString("status"));
    assertEquals(
        Set.of("database", "storage", "engine", "events"),
        health.getJsonObject("services").keySet());
    assertEquals("UP", nobody.get("/health/ready").json().getString("status"));
    assertTrue(
        nobody
            .get("/api/v1/docs.json")
            .json()
            .getJsonObject("paths")
            .containsKey("/api/v1/photos"));
    assertEquals("3.0.0", nobody.get("/api/v1/docs/events.json").json().getString("asyncapi"));
    String page = new String(nobody.get("/api/v1/docs").bytes(), StandardCharsets.UTF_8);
    for (String link : page.split("\"")) {
      if (link.startsWith("/")) {
        assertEquals(200, nobody.get(link).status(), link);
      }
    }
  }

  @Test
  void documentsNameTheAddressOfTheStudio() {
    JsonArray servers = nobody.get("/api/v1/docs.json").json().getJsonArray("servers");
    assertEquals("/", servers.getJsonObject(0).getString("url"));
    assertEquals("http://localhost:8080", servers.getJsonObject(1).getString("url"));
    JsonObject server =
        nobody
            .get("/api/v1/docs/events.json")
            .json()
            .getJsonObject("servers")
            .getJsonObject("studio");
    assertEquals("localhost:8080", server.getString("host"));
    assertEquals("http", server.getString("protocol"));
    assertEquals("/", server.getString("pathname"));
  }

  @Test
  void theEventsPageHasAStrictPolicyAndUsesRelativeLinks() {
    Client.Reply reply = nobody.get("/api/v1/docs/events");
    assertFalse(reply.header("Content-Security-Policy").contains("unsafe"));
    String page = new String(reply.bytes(), StandardCharsets.UTF_8);
    Matcher link = Pattern.compile("(?:href|src)=\"([^\"]*)\"").matcher(page);
    int found = 0;
    while (link.find()) {
      assertFalse(link.group(1).startsWith("/"), link.group(1));
      String path = URI.create("/api/v1/docs/events").resolve(link.group(1)).getPath();
      assertEquals(200, nobody.get(path).status(), path);
      found++;
    }
    assertTrue(found >= 5, page);
  }

  /** docs/integrate.md, command by command, from its very text. */
  @Test
  void theIntegrationGuideWorksAsWritten(@TempDir Path dir) throws Exception {
    Guide.of(Path.of("docs/integrate.md")).run("http://localhost:8080", base, dir);
  }

  /** The client that openapi-generator makes of the document. */
  @Test
  void aGeneratedClientUploadsTransformsListsAndPublishes(@TempDir Path dir) throws Exception {
    ApiClient api = new ApiClient();
    api.updateBaseUri(base.toString().replaceFirst("/$", ""));
    api.setRequestInterceptor(
        request -> request.setHeader("Authorization", "Bearer " + publisher.token()));
    Path file = Files.write(dir.resolve("photo.jpg"), PHOTO);

    Photo photo = new PhotosApi(api).photosUpload(file.toFile(), null, "public").getData();
    assertEquals(900, photo.getWidth());
    assertEquals(
        photo.getPhotoId(),
        new PhotosApi(api).photosList(null, 1, null).getData().getItems().get(0).getPhotoId());

    TransformationsApi transformations = new TransformationsApi(api);
    Accepted accepted =
        transformations
            .transformationsTransform(
                new Order().photoId(photo.getPhotoId()).styleId("vintage"), null)
            .getData();
    Transformation done =
        await()
            .until(
                () -> transformations.transformationsGet(accepted.getTransformationId()).getData(),
                transformation -> transformation.getStatus().equals("completed"));
    assertNull(done.getError());
    assertEquals(1.0, done.getProgress());

    EventsApi events = new EventsApi(api);
    Published published =
        events.eventsPublish(
            List.of(
                new NewEvent()
                    .event("talk.started")
                    .data(Map.of("room", "A"))
                    .visibility(NewEvent.VisibilityEnum.PUBLIC)),
            null);
    assertEquals(1, published.getEventIds().size());

    ApiException missing =
        assertThrows(ApiException.class, () -> new PhotosApi(api).photosGet("nowhere"));
    assertEquals(404, missing.getCode());
    assertEquals(
        "not_found",
        TestJson.json(missing.getResponseBody()).getJsonObject("error").getString("code"));
  }

  @Test
  void theDashboardIsPublicAndHasAStrictPolicy() throws IOException {
    Client.Reply page = nobody.get("/dashboard");
    assertEquals(200, page.status());
    String policy = page.header("Content-Security-Policy");
    assertTrue(policy.contains("default-src 'self'"));
    assertFalse(policy.contains("unsafe"));
    assertEquals(200, nobody.get("/dashboard/app.js").status());
  }

  @Test
  void everyPageHasTheSharedPartsAndIsRevalidated() throws IOException {
    for (String path :
        List.of(
            "/dashboard",
            "/dashboard/chat.html",
            "/dashboard/scores.html",
            "/dashboard/timer.html")) {
      Client.Reply page = nobody.get(path);
      assertEquals(200, page.status(), path);
      assertEquals("text/html;charset=utf-8", page.header("Content-Type").toLowerCase(Locale.ROOT));
      String html = new String(page.bytes(), StandardCharsets.UTF_8);
      for (String part :
          List.of("style.css\"", "id=\"connection\"", "id=\"sign-out\"", "id=\"sign-in\"")) {
        assertTrue(html.contains(part), path + " has no " + part);
      }
      assertFalse(html.contains("{{"), html);
      assertEquals("no-cache", page.header("Cache-Control"), path);
      HttpRequest.Builder again = nobody.request(path).header("If-None-Match", page.header("ETag"));
      assertEquals(304, nobody.send(again).status(), path);
    }
  }

  @Test
  void missingResourcesGetAProblemDocument() {
    for (String path : List.of("/nowhere", "/api/v1/nowhere", "/uploads/photos/x.jpg")) {
      Client.Reply reply = nobody.get(path);
      assertEquals(404, reply.status());
      assertEquals(404, reply.json().getInt("status"), path);
    }
    for (String id : List.of("x", "%00", "..%2f..", "a".repeat(300))) {
      assertTrue(ann.get("/api/v1/photos/" + id).status() / 100 == 4, id);
      assertTrue(ann.get("/api/v1/events?photoId=" + id).status() / 100 == 4, id);
    }
    Client.Reply wrong = ann.delete("/api/v1/photos");
    assertEquals(405, wrong.status());
    assertNotNull(wrong.header("Allow"));
  }

  @Test
  void onlyAllowedOriginsMayCallFromABrowser() {
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "origin");
    Client.Reply allowed =
        nobody.send(
            nobody
                .request("/api/v1/photos")
                .header("Origin", "https://app.example")
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    assertEquals(204, allowed.status());
    assertEquals("https://app.example", allowed.header("Access-Control-Allow-Origin"));
    assertTrue(allowed.header("Access-Control-Allow-Headers").contains("Last-Event-ID"));
    Client.Reply foreign =
        ann.send(ann.request("/api/v1/photos").header("Origin", "https://evil.example"));
    assertNull(foreign.header("Access-Control-Allow-Origin"));
    assertTrue(
        foreign.response().headers().allValues("Vary").stream()
            .anyMatch(v -> v.contains("Origin")));
  }
}
