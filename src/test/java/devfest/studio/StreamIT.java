package devfest.studio;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Cloud;
import io.cloudevents.CloudEvent;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream of a server with narrow limits, as clients of every kind meet it. */
class StreamIT {

  private static final String STREAM = "/api/v1/events/stream";

  @TempDir static Path dir;
  private static Server server;

  private Client ann;
  private Client bob;
  private Client nobody;
  private Client publisher;
  private Client admin;

  @BeforeAll
  static void start() throws IOException {
    server =
        Server.start(
            dir,
            "-Xmx512m",
            "studio.dev-mode=true",
            "studio.anonymous-access=public",
            "studio.trusted-proxies=127.0.0.1",
            "studio.stream.heartbeat=PT1S",
            "studio.stream.stall-timeout=PT10M", // a busy machine needs minutes to fill the heap
            "studio.stream.max-connections=100",
            "studio.stream.max-connections-per-user=80",
            "studio.stream.max-connections-per-address=3");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void clients() {
    String suffix = UUID.randomUUID().toString();
    nobody = Client.anonymous(server.base());
    ann = Client.of(server.base(), "ann-" + suffix);
    bob = Client.of(server.base(), "bob-" + suffix);
    publisher = Client.of(server.base(), "pub-" + suffix, "publisher");
    admin = Client.of(server.base(), "root-" + suffix, "admin");
    await().until(() -> connections() == 0);
  }

  private int connections() {
    return admin.get("/api/v1/events/stats").data().getInt("activeConnections");
  }

  private static String reason(SseReader.Frame frame) {
    return TestJson.json(frame.data()).getJsonObject("data").getString("reason");
  }

  /** Publishes a private event of the client's user. */
  private String publishTo(Client client, String type) {
    String user = client.user();
    return publisher
        .post(
            "/api/v1/events",
            "{\"event\":\"%s\",\"userId\":\"%s\",\"data\":1}".formatted(type, user))
        .json()
        .getJsonArray("eventIds")
        .getString(0);
  }

  // ---- ways in

  private String ticket(Client client) {
    return client.post("/api/v1/events/tickets", "").data().getString("ticket");
  }

  private String cookie(Client client) {
    String cookie = client.post("/api/v1/session", "").header("Set-Cookie");
    return cookie.substring(0, cookie.indexOf(';'));
  }

  @Test
  void ticketTokenAndCookieOpenTheStreamOfTheirUser() throws Exception {
    try (SseReader byTicket = SseReader.open(nobody.uri(STREAM + "?ticket=" + ticket(ann)));
        SseReader byToken = SseReader.open(nobody.uri(STREAM + "?token=" + ann.token()));
        SseReader byCookie = SseReader.open(nobody.uri(STREAM), "Cookie: " + cookie(ann));
        SseReader byHeader = ann.stream("")) {
      for (SseReader stream : List.of(byTicket, byToken, byCookie, byHeader)) {
        stream.next("connected");
      }
      String id = publishTo(ann, "secret");
      for (SseReader stream : List.of(byTicket, byToken, byCookie, byHeader)) {
        assertEquals(id, stream.next("secret").id());
      }
    }
  }

  @Test
  void theFirstCredentialCountsEvenIfALaterOneIsValid() {
    String good = "&token=" + ann.token();
    assertEquals(401, nobody.get(STREAM + "?ticket=nonsense" + good).status());
    assertEquals(401, nobody.withToken("nonsense").get(STREAM + "?" + good).status());
    HttpRequest.Builder wrongToken =
        nobody.request(STREAM + "?token=nonsense").header("Cookie", cookie(ann));
    assertEquals(401, nobody.send(wrongToken).status());
  }

  @Test
  void ticketQueryTokenAndCookieAreValidOnlyForStreams() {
    for (String path : List.of("/api/v1/photos", "/api/v1/transformations")) {
      assertEquals(401, nobody.get(path + "?ticket=" + ticket(ann)).status());
      assertEquals(401, nobody.get(path + "?token=" + ann.token()).status());
      assertEquals(401, nobody.send(nobody.request(path).header("Cookie", cookie(ann))).status());
    }
    String event = "{\"event\":\"a\",\"data\":1}";
    assertEquals(401, nobody.post("/api/v1/events?token=" + publisher.token(), event).status());
  }

  @Test
  void racingRequestsRedeemATicketOnce() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 10; round++) {
        URI uri = nobody.uri(STREAM + "?ticket=" + ticket(ann));
        CyclicBarrier together = new CyclicBarrier(4);
        List<Future<Integer>> racing = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          racing.add(
              pool.submit(
                  () -> {
                    together.await(10, TimeUnit.SECONDS);
                    try (SseReader stream = SseReader.open(uri)) {
                      return stream.status();
                    }
                  }));
        }
        int letIn = 0;
        for (Future<Integer> status : racing) {
          letIn += status.get(20, TimeUnit.SECONDS) == 200 ? 1 : 0;
        }
        assertEquals(1, letIn);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aRequestThatOpensNoStreamDoesNotUseUpTheTicket() throws Exception {
    String path = STREAM + "?ticket=" + ticket(ann);
    assertEquals(200, nobody.send(nobody.request(path).method("HEAD", noBody())).status());
    assertEquals(400, nobody.get(path + "&padding=much").status());
    try (SseReader stream = SseReader.open(nobody.uri(path))) {
      assertEquals(200, stream.status());
    }
    assertEquals(401, nobody.get(path).status());
  }

  @Test
  void ticketsAreIssuedOnlyToKnownUsersAndLastThirtySeconds() {
    assertEquals(401, nobody.post("/api/v1/events/tickets", "").status());
    JsonObject ticket = ann.post("/api/v1/events/tickets", "").data();
    Duration left = Duration.between(Instant.now(), Instant.parse(ticket.getString("expiresAt")));
    assertTrue(left.toSeconds() >= 25 && left.toSeconds() <= 30, left::toString);
  }

  @Test
  void theCookieIsSameSiteAndHttpOnlyAndEndsWithTheSession() throws Exception {
    Client.Reply begun = ann.post("/api/v1/session", "");
    assertEquals(204, begun.status());
    String cookie = begun.header("Set-Cookie");
    for (String attribute : List.of("HttpOnly", "SameSite=Strict", "Path=/")) {
      assertTrue(cookie.contains(attribute), attribute);
    }
    assertFalse(cookie.contains("Secure"), "the public URL is http");
    assertEquals(401, nobody.post("/api/v1/session", "").status());

    try (SseReader stream = SseReader.open(nobody.uri(STREAM), "Cookie: " + cookie(ann));
        SseReader other = ann.stream("")) {
      stream.next("connected");
      HttpRequest.Builder end =
          nobody.request("/api/v1/session").header("Cookie", cookie(ann)).DELETE();
      Client.Reply ended = nobody.send(end);
      assertEquals(204, ended.status());
      assertTrue(ended.header("Set-Cookie").contains("Max-Age=0"));
      assertEquals("revoked", reason(stream.next("stream.closed")));
      stream.awaitCleanEnd();
      String id = publishTo(ann, "still");
      assertEquals(id, other.next("still").id(), "what another credential opened stays");
    }
  }

  // ---- limits

  @Test
  void stalledClientsDoNotFillTheHeapAndMissNothing() throws Exception {
    int readers = 78; // at 6 MB each they would exceed the heap
    int events = 1_500;
    String data = "\"" + "x".repeat(4_000) + "\"";
    String event = "{\"event\":\"large\",\"visibility\":\"public\",\"data\":" + data + "}";
    String many = "[" + String.join(",", Collections.nCopies(20, event)) + "]";
    List<SseReader> asleep = new ArrayList<>();
    try (SseReader awake = publisher.stream("?types=large")) {
      long first = Long.parseLong(awake.next("connected").id()) + 1;
      for (int i = 0; i < readers; i++) {
        String bearer = "Authorization: Bearer " + bob.token();
        asleep.add(SseReader.stalled(bob.uri(STREAM + "?types=large"), bearer));
      }
      for (int i = 0; i < events; i += 20) {
        assertEquals(200, publisher.post("/api/v1/events", many).status());
        for (int n = 0; n < 20; n++) {
          assertEquals(first + i + n, Long.parseLong(awake.next("large").id()));
        }
      }
      for (SseReader reader : asleep.subList(0, 10)) {
        reader.wake();
        for (int n = 0; n < events; n++) {
          assertEquals(first + n, Long.parseLong(reader.next("large").id()));
        }
      }
    } finally {
      for (SseReader reader : asleep) {
        reader.close();
      }
    }
    assertFalse(server.log().contains("OutOfMemoryError"), server::log);
  }

  @Test
  void connectionsOfDisconnectedClientsAreFreedBeforeOthersAreRejected() throws Exception {
    Client carl = Client.of(server.base(), "carl-" + UUID.randomUUID());
    for (int load = 0; load < 3; load++) {
      List<SseReader> tabs = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        SseReader tab = carl.stream("?heartbeat=event");
        assertEquals(200, tab.status(), "tab " + i + " of load " + load);
        tabs.add(tab);
      }
      if (load == 2) {
        assertEquals(429, carl.get(STREAM).status(), "all clients are still there");
      }
      for (SseReader tab : tabs) {
        tab.close();
      }
    }
  }

  @Test
  void anonymousClientsAreLimitedByTheAddressThatATrustedProxyReports() throws Exception {
    List<SseReader> open = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        open.add(nobody.stream("", "X-Forwarded-For: 192.0.2.1"));
        assertEquals(200, open.get(i).status());
      }
      HttpRequest.Builder fourth =
          nobody.request(STREAM).header("X-Forwarded-For", "9.9.9.9, 192.0.2.1");
      Client.Reply refused = nobody.send(fourth);
      assertEquals(429, refused.status());
      assertNotNull(refused.header("Retry-After"));
      open.add(nobody.stream("", "X-Forwarded-For: 192.0.2.2"));
      assertEquals(200, open.get(3).status(), "another address");
      open.add(ann.stream("", "X-Forwarded-For: 192.0.2.1"));
      assertEquals(200, open.get(4).status(), "a user is counted as such");
    } finally {
      for (SseReader stream : open) {
        stream.close();
      }
    }
  }

  @Test
  void aFullNodeRejectsStreamsWithRetryAfterAndAcceptsAgain() throws Exception {
    List<SseReader> open = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        open.add((i % 2 == 0 ? ann : bob).stream(""));
      }
      for (int i = 0; i < 50; i++) {
        Client.Reply refused = publisher.get(STREAM);
        assertEquals(503, refused.status());
        assertTrue(Integer.parseInt(refused.header("Retry-After")) > 0);
      }
      assertEquals(100, connections());
      open.remove(0).close();
      await().until(() -> connections() == 99);
      open.add(publisher.stream(""));
      assertEquals(200, open.get(99).status());
    } finally {
      for (SseReader stream : open) {
        stream.close();
      }
    }
  }

  @Test
  void noConnectionLeaksAfterAStormOfAbortedClients() throws Exception {
    for (int round = 0; round < 5; round++) {
      List<SseReader> open = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        open.add(ann.stream("?replay=10"));
      }
      publisher.publish("storm", "1", "public");
      for (SseReader stream : open) {
        stream.cut();
      }
      publisher.publish("storm", "2", "public");
    }
    await().until(() -> connections() == 0);
    try (SseReader stream = ann.stream("")) {
      stream.next("connected");
      assertEquals(1, connections());
    }
  }

  // ---- options

  @Test
  void heartbeatsAreCommentsEventsOrMessages() throws Exception {
    try (SseReader comments = ann.stream("");
        SseReader events = ann.stream("?heartbeat=event");
        SseReader messages = ann.stream("?heartbeat=message")) {
      comments.next(f -> f.comment() != null && f.comment().matches("heartbeat \\d{13}"));
      assertTrue(events.next("heartbeat").data().matches("\\d{13}"));
      messages.next(f -> f.event() == null && f.data() != null && f.data().matches("\\d{13}"));
    }
  }

  @Test
  void paddingIsSentFirst() throws Exception {
    try (SseReader stream = ann.stream("?padding=2048")) {
      SseReader.Frame first = stream.next(frame -> true);
      assertEquals(2048, first.comment().length());
      assertEquals("connected", stream.next().event());
    }
  }

  @Test
  void withoutTheEnvelopeFramesCarryOnlyTheirData() throws Exception {
    try (SseReader stream = ann.stream("?envelope=false")) {
      assertNotNull(TestJson.json(stream.next("connected").data()).getString("clientId"));
      String id = publisher.publish("bare", "{\"a\":[1]}", "public");
      SseReader.Frame frame = stream.next("bare");
      assertEquals(id, frame.id());
      assertEquals("{\"a\":[1]}", frame.data());
    }
  }

  private static CloudEvent cloudEvent(SseReader.Frame frame) {
    CloudEvent event = Cloud.read(frame.data());
    assertEquals("application/json", event.getDataContentType());
    assertNotNull(event.getTime());
    return event;
  }

  @Test
  void everyFrameIsACloudEventOnRequest() throws Exception {
    String clientId;
    List<SseReader.Frame> frames = new ArrayList<>();
    try (SseReader stream =
        ann.stream("?format=cloudevents&heartbeat=event&channels=events&lastEventId=5")) {
      frames.add(stream.next("connected"));
      clientId = TestJson.json(frames.get(0).data()).getJsonObject("data").getString("clientId");
      frames.add(stream.next("stream.reset"));
      String photo = ann.photo(TestImages.jpeg(300, 200), "private");
      String id = ann.transform(photo, "vintage");
      do {
        frames.add(stream.next());
      } while (!"transformation.completed".equals(frames.get(frames.size() - 1).event()));
      frames.add(stream.next("heartbeat"));
      assertEquals(204, admin.delete("/api/v1/streams/" + clientId).status());
      frames.add(stream.next("stream.closed"));

      List<CloudEvent> events = frames.stream().map(StreamIT::cloudEvent).toList();
      assertEquals(
          events.size(),
          events.stream().map(CloudEvent::getId).distinct().count(),
          "a source gives each event an id of its own");
      List<String> items = new ArrayList<>();
      for (int i = 0; i < frames.size(); i++) {
        String type = events.get(i).getType();
        assertEquals(frames.get(i).event(), type);
        if (type.equals("photo.uploaded")) {
          assertEquals(photo, events.get(i).getSubject());
        } else if (type.startsWith("transformation.")) {
          assertEquals(id, events.get(i).getSubject());
        } else {
          assertNull(events.get(i).getSubject());
        }
        if (type.startsWith("transformation.") && frames.get(i).id() != null) {
          assertEquals(frames.get(i).id(), events.get(i).getId());
          assertEquals(ann.user(), events.get(i).getExtension("userid"));
          items.add(TestJson.json(frames.get(i).data()).toString());
        }
      }
      assertEquals(2, items.size());
      assertTrue(events.stream().anyMatch(e -> e.getType().equals("transformation.progress")));
      assertEquals(
          items,
          ann.get("/api/v1/events?format=cloudevents&transformationId=" + id).items().stream()
              .map(JsonValue::toString)
              .toList());
    }
  }

  @Test
  void aLiteralPathSendsCloudEventsToo() throws Exception {
    try (SseReader stream = ann.follow("/events?format=cloudevents&envelope=")) {
      stream.next("connected");
      String id = publisher.publish("bare", "{\"a\":[1]}", "public");
      CloudEvent event = cloudEvent(stream.next("bare"));
      assertEquals(id, event.getId());
      assertEquals("{\"a\":[1]}", Cloud.data(event));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/stream?format=cloudevents",
        "/api/v1/quota/stream?format=cloudevents",
        "/api/v1/quota/stream?format=xml",
        "/api/v1/events?format=xml",
        "/events?format=cloudevents&envelope=false",
      })
  void aFormatThatAStreamDoesNotHaveIsRefusedWithAReason(String path) {
    Client.Reply refused = ann.get(path);
    assertEquals(400, refused.status());
    assertTrue(refused.json().getString("detail").contains("format"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "format=json",
        "format=cloudevents&envelope=false",
        "heartbeat=never",
        "padding=-1",
        "padding=1000000",
        "envelope=perhaps",
        "replay=-1",
        "replay=many",
        "since=soon",
        "lastEventId=1e9",
        "types=a%20b",
        "channels=%00",
        "userId=%00",
        "photoId=1",
      })
  void aMalformedOptionIsRejectedWithAReason(String option) {
    Client.Reply refused = ann.get(STREAM + "?" + option);
    assertEquals(400, refused.status());
    assertFalse(refused.json().getString("detail").isEmpty());
  }

  @Test
  void filtersNarrowByTypeChannelAndUser() throws Exception {
    try (SseReader byType = admin.stream("?types=talk.*,lunch");
        SseReader byChannel = admin.stream("?channels=hall");
        SseReader byUser = admin.stream("?userId=" + ann.user())) {
      for (SseReader stream : List.of(byType, byChannel, byUser)) {
        stream.next("connected");
      }
      String body =
          "[{\"event\":\"other\",\"data\":1},{\"event\":\"talk.began\",\"data\":1},"
              + "{\"event\":\"door\",\"channel\":\"hall\",\"data\":1},"
              + "{\"event\":\"hers\",\"userId\":\"%s\",\"data\":1},{\"event\":\"lunch\",\"data\":1}]";
      List<String> ids = new ArrayList<>();
      publisher
          .post("/api/v1/events", body.formatted(ann.user()))
          .json()
          .getJsonArray("eventIds")
          .forEach(id -> ids.add(((jakarta.json.JsonString) id).getString()));
      assertEquals(ids.get(1), byType.next().id());
      assertEquals(ids.get(4), byType.next().id());
      assertEquals(ids.get(2), byChannel.next().id());
      assertEquals(ids.get(3), byUser.next().id());
    }
    assertEquals(403, ann.get(STREAM + "?userId=" + bob.user()).status());
  }

  @Test
  void resumeParametersHaveAnOrderOfPrecedence() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(publisher.publish("way", "" + i, "public"));
    }
    String query = "?types=way&lastEventId=%s&since=PT1H&replay=1".formatted(ids.get(2));
    try (SseReader header = ann.stream(query, "Last-Event-ID: " + ids.get(1));
        SseReader parameter = ann.stream(query);
        SseReader emptyHeader = ann.stream(query, "Last-Event-ID: ");
        SseReader replay = ann.stream("?types=way&lastEventId=&replay=1")) {
      assertEquals(ids.get(2), header.next("way").id());
      assertEquals(ids.get(3), parameter.next("way").id());
      assertEquals(ids.get(3), emptyHeader.next("way").id());
      assertEquals(ids.get(4), replay.next("way").id());
    }
  }

  // ---- other transports

  @Test
  void aLongPollReturnsWithTheNextEvent() throws Exception {
    String start = publisher.publish("before", "1", "public");
    String wait = "/api/v1/events?types=polled&after=" + start;
    long begun = System.nanoTime();
    JsonObject nothing = ann.get(wait + "&wait=PT1S").data();
    assertTrue(System.nanoTime() - begun > 900_000_000L);
    assertTrue(nothing.getJsonArray("items").isEmpty());

    CompletableFuture<JsonObject> waiting =
        CompletableFuture.supplyAsync(
            () ->
                ann.get(wait.replace(start, nothing.getString("position")) + "&wait=PT30S").data());
    await().until(() -> connections() == 1);
    publishTo(bob, "polled");
    assertFalse(waiting.isDone(), "somebody else's");
    String id = publisher.publish("polled", "1", "public");
    JsonObject page = waiting.get(5, TimeUnit.SECONDS);
    assertEquals(id, page.getJsonArray("items").getJsonObject(0).getString("id"));
    assertEquals(id, page.getString("position"));
    assertEquals(
        id,
        ann.get(wait + "&wait=PT30S").data().getJsonArray("items").getJsonObject(0).getString("id"),
        "what is there already comes at once");
    JsonObject cloud =
        ann.get(wait + "&wait=PT30S&format=cloudevents")
            .data()
            .getJsonArray("items")
            .getJsonObject(0);
    assertEquals("1.0", cloud.getString("specversion"));
    assertEquals(id, cloud.getString("id"));
    assertEquals(400, ann.get(wait + "&wait=long").status());
    JsonObject reset = ann.get("/api/v1/events?after=5&wait=PT5S").data().getJsonObject("reset");
    assertEquals("unknown", reset.getString("reason"), "a gap is told here too");
  }

  @Test
  void oneConnectionCarriesTheChannelsAsUnnamedEvents() throws Exception {
    try (SseReader stream = SseReader.open(nobody.uri("/api/v1/stream?token=" + ann.token()))) {
      SseReader.Frame connected = stream.next("connected");
      String id = publisher.publish("talk", "{\"a\":1}", "public");
      SseReader.Frame frame =
          stream.next(f -> id.equals(f.id())); // after the snapshots of the feeds
      assertNull(frame.event());
      JsonObject data = TestJson.json(frame.data());
      assertEquals("events", data.getString("channel"));
      assertEquals("talk", data.getString("event"));
      assertEquals(1, data.getJsonObject("data").getInt("a"));
      try (SseReader resumed =
          SseReader.open(
              nobody.uri("/api/v1/stream?channels=events&token=" + ann.token()),
              "Last-Event-ID: " + connected.id())) {
        resumed.next("connected");
        assertEquals(id, resumed.next().id());
      }
    }
    assertEquals(400, ann.get("/api/v1/stream?channels=events,nowhere").status());
    for (String method : List.of("HEAD", "OPTIONS")) {
      HttpRequest.Builder request =
          ann.request("/api/v1/stream").method(method, HttpRequest.BodyPublishers.noBody());
      assertEquals(200, ann.send(request).status(), method);
    }
  }

  @Test
  void http2CarriesStreams() throws Exception {
    HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(trusting()).build();
    Client brief = Client.of(server.base(), "brief", Duration.ofSeconds(5));
    HttpRequest request =
        HttpRequest.newBuilder(server.secure().resolve(STREAM))
            .header("Authorization", "Bearer " + brief.token())
            .build();
    HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
    assertEquals(HttpClient.Version.HTTP_2, response.version());
    assertEquals(200, response.statusCode());
    assertFalse(response.headers().map().containsKey("connection"), "it is not of HTTP/2");
    String id = publisher.publish("second", "1", "public");
    List<String> lines = response.body().toList(); // to the clean end
    assertEquals("retry: 3000", lines.get(0));
    assertEquals("event: second", lines.get(lines.indexOf("id: " + id) + 1));
    assertTrue(lines.contains("event: stream.closed"));
  }

  private static SSLContext trusting() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsAll()}, null);
    return context;
  }

  /** The certificate of the server is self-signed. */
  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  // ---- slow readers

  /** About 16 MB: more than the server and the sockets buffer for a reader. */
  private List<String> publishMuch() {
    String data = "\"" + "x".repeat(60_000) + "\"";
    String event = "{\"event\":\"big\",\"visibility\":\"public\",\"data\":" + data + "}";
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 18; i++) {
      publisher
          .post("/api/v1/events", "[" + String.join(",", Collections.nCopies(15, event)) + "]")
          .json()
          .getJsonArray("eventIds")
          .forEach(id -> ids.add(((jakarta.json.JsonString) id).getString()));
    }
    return ids;
  }

  private static void read(SseReader stream, List<String> ids) throws InterruptedException {
    for (String id : ids) {
      assertEquals(id, stream.next("big").id());
    }
  }

  @Test
  void fiftyStalledClientsDelayNobodyAndMissNothing() throws Exception {
    List<SseReader> stalled = new ArrayList<>();
    try (SseReader fast = ann.stream("?types=big")) {
      fast.next("connected");
      long begun = System.nanoTime();
      List<String> first = publishMuch();
      read(fast, first);
      Duration alone = Duration.ofNanos(System.nanoTime() - begun);
      for (int i = 0; i < 50; i++) {
        stalled.add(
            SseReader.stalled(
                bob.uri(STREAM + "?types=big,mark&lastEventId=" + first.get(first.size() - 1)),
                "Authorization: Bearer " + bob.token()));
      }
      begun = System.nanoTime();
      List<String> second = publishMuch();
      read(fast, second);
      Duration beside = Duration.ofNanos(System.nanoTime() - begun);
      // A client that delayed others would do so until its stall timeout of two minutes.
      assertTrue(
          beside.compareTo(alone.multipliedBy(10).plusSeconds(20)) < 0,
          () -> alone + " alone, " + beside + " beside");
      for (SseReader reader : List.of(stalled.get(0), stalled.get(49))) {
        reader.wake();
        read(reader, second);
      }
    } finally {
      for (SseReader reader : stalled) {
        reader.cut();
      }
    }
    await().until(() -> connections() == 0);
  }
}
