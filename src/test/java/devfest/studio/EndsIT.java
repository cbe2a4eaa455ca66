package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ends of streams: each is announced, clean, and not logged. */
class EndsIT {

  @TempDir static Path dir;
  private static Server server;

  private Client admin;
  private int logged;

  @BeforeAll
  static void start() throws IOException {
    server =
        Server.startBelow(
            "/studio/",
            dir,
            "studio.dev-mode=true",
            "studio.stream.heartbeat=PT1S",
            "studio.stream.max-lifetime=PT10S",
            "studio.stream.stall-timeout=PT2S");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void quiet() {
    admin = Client.of(server.base(), "root", "admin");
    await().until(() -> connections() == 0);
    logged = server.log().length();
  }

  private int connections() {
    return admin.get("/api/v1/events/stats").data().getInt("activeConnections");
  }

  private static String reason(SseReader.Frame frame) {
    return TestJson.json(frame.data()).getJsonObject("data").getString("reason");
  }

  private static void assertEnds(String reason, int code, Socket socket) {
    JsonObject message = TestJson.json(socket.next());
    while (!message.getString("event").equals("stream.closed")) {
      message = TestJson.json(socket.next());
    }
    assertEquals(reason, message.getJsonObject("data").getString("reason"));
    assertEquals(code, socket.closed());
  }

  private void assertNothingLogged() {
    String log = server.log().substring(logged);
    assertFalse(log.contains("WARN") || log.contains("SEVERE") || log.contains("\tat "), log);
  }

  @Test
  void aStreamEndsWithinATenthOfItsLifetime() throws Exception {
    List<SseReader> streams = new ArrayList<>();
    long begun = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      streams.add(admin.stream(""));
    }
    List<Long> lives = new ArrayList<>();
    try (Socket socket =
        Socket.open(admin.uri("/api/v1/stream/ws"), "Authorization", "Bearer " + admin.token())) {
      for (SseReader stream : streams) {
        try (stream) {
          assertEquals("lifetime", reason(stream.next("stream.closed")));
          lives.add((System.nanoTime() - begun) / 1_000_000);
          stream.awaitCleanEnd();
        }
      }
      assertEnds("lifetime", 1_001, socket);
      lives.add((System.nanoTime() - begun) / 1_000_000);
    }
    assertTrue(Collections.min(lives) >= 8_900, lives::toString);
    assertTrue(Collections.max(lives) <= 14_000, lives::toString);
    assertEquals(0, connections());
    assertNothingLogged();
  }

  @Test
  void aStreamEndsWithItsTokenWhicheverCredentialCarriedIt() throws Exception {
    Client brief = Client.of(server.base(), "brief", Duration.ofSeconds(3));
    String ticket = brief.post("/api/v1/events/tickets", "").data().getString("ticket");
    Client nobody = Client.anonymous(server.base());
    try (SseReader byHeader = brief.stream("");
        SseReader byTicket = SseReader.open(nobody.uri("/api/v1/events/stream?ticket=" + ticket));
        SseReader byQuery =
            SseReader.open(nobody.uri("/api/v1/events/stream?token=" + brief.token()));
        Socket socket = Socket.open(nobody.uri("/api/v1/stream/ws?token=" + brief.token()))) {
      for (SseReader stream : List.of(byHeader, byTicket, byQuery)) {
        assertEquals("token_expired", reason(stream.next("stream.closed")));
        stream.awaitCleanEnd();
      }
      assertEnds("token_expired", 1_008, socket);
    }
    Client.Reply again = nobody.get("/api/v1/events/stream?token=" + brief.token());
    assertEquals(401, again.status(), "who comes back with it is not let in for another moment");
    assertNothingLogged();
  }

  @Test
  void aStalledClientIsDisconnectedAndFindsTheReasonWhenItReadsAgain() throws Exception {
    String data = "\"" + "x".repeat(60_000) + "\"";
    String large = "{\"event\":\"large\",\"data\":" + data + "}";
    String many = "[" + String.join(",", Collections.nCopies(15, large)) + "]";
    String start = admin.publish("mark", "1", "private");
    for (int i = 0; i < 20; i++) {
      assertEquals(200, admin.post("/api/v1/events", many).status());
    }
    String query = "/api/v1/events/stream?lastEventId=" + start;
    String bearer = "Authorization: Bearer " + admin.token();
    try (SseReader woken = SseReader.stalled(admin.uri(query), bearer);
        SseReader asleep = SseReader.stalled(admin.uri(query), bearer)) {
      await().until(() -> connections() == 0);
      woken.wake();
      long position = Long.parseLong(woken.next("connected").id());
      SseReader.Frame frame = woken.next();
      for (; frame.id() != null; frame = woken.next()) {
        assertEquals(++position, Long.parseLong(frame.id()), "no gap before the end");
      }
      assertEquals("stream.closed", frame.event());
      assertEquals("stalled", reason(frame));
      woken.awaitCleanEnd();

      try (SseReader back = admin.stream("?lastEventId=" + position)) {
        assertEquals(position, Long.parseLong(back.next("connected").id()));
        assertEquals(position + 1, Long.parseLong(back.next().id()));
      }
      asleep.wake();
      asleep.awaitCut();
    }
    assertNothingLogged();
  }

  @Test
  void everyLinkIsBelowTheContextPath() throws Exception {
    String root = server.base().toString();
    String origin = root.substring(0, root.length() - "/studio/".length());
    String banner = root + "dashboard#token="; // printed when the studio responds
    await().until(() -> server.log().contains(banner));
    assertEquals("dashboard", admin.get("/").header("Location"));
    assertEquals("../dashboard", admin.get("/dashboard/index.html").header("Location"));
    assertParts("dashboard", 6);
    assertParts("dashboard/chat.html", 5);
    assertParts("api/v1/docs", 4);
    Client.Reply photo = admin.upload(TestImages.jpeg(60, 40), null);
    assertTrue(photo.header("Location").startsWith(root + "api/v1/photos/"));
    String url = photo.data().getString("photoUrl");
    assertTrue(url.startsWith(root + "uploads/photos/"), url);
    assertEquals(200, Client.anonymous(URI.create(origin + "/")).get(path(url)).status());
    assertEquals(
        "/studio/api/v1/nothing", admin.get("/api/v1/nothing").json().getString("instance"));
    try (SseReader literal = admin.follow("/events")) {
      assertEquals(200, literal.status());
    }
  }

  private static String path(String url) {
    return URI.create(url).getPath();
  }

  /** The scripts, styles and pictures that the page names are there. */
  private void assertParts(String page, int least) {
    String html = new String(admin.get("/" + page).bytes(), StandardCharsets.UTF_8);
    List<String> parts =
        Pattern.compile("(?:src|href)=\"([^\"#]+\\.(?:js|css|svg|png|webmanifest|html))\"")
            .matcher(html)
            .results()
            .map(part -> part.group(1))
            .toList();
    assertTrue(parts.size() >= least, parts::toString);
    for (String part : parts) {
      String address = path(admin.uri("/" + page).resolve(part).toString());
      assertTrue(address.startsWith("/studio/"), address);
      assertEquals(200, admin.get(address.substring("/studio".length())).status(), address);
    }
  }

  @Test
  void misbehavingClientsCauseNoLogEntries() throws Exception {
    String host = "Host: 127.0.0.1\r\nAuthorization: Bearer " + admin.token() + "\r\n";
    String multipart = host + "Content-Type: multipart/form-data; boundary=b\r\n";
    String json = host + "Content-Type: application/json\r\n";
    String part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx";
    URI base = server.base();
    String photo =
        path(admin.upload(TestImages.noise(400, 300), null).data().getString("photoUrl"));
    quiet();
    for (int i = 0; i < 200; i++) {
      Raw.sendAndCut(base, "GET " + photo + " HTTP/1.1\r\n" + host + "\r\n", i % 5);
    }
    for (int i = 0; i < 10; i++) {
      String api = " /studio/api/v1/";
      Raw.sendAndCut(
          base,
          "POST" + api + "photos HTTP/1.1\r\n" + multipart + "Content-Length: 9000\r\n\r\n" + part);
      Raw.sendAndCut(
          base,
          "POST" + api + "events HTTP/1.1\r\n" + json + "Content-Length: 90\r\n\r\n{\"event\":");
      Raw.send(
          base,
          "POST"
              + api
              + "events HTTP/1.1\r\nConnection: close\r\n"
              + json
              + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"); // Undertow reads zz as 0
      for (String path :
          List.of(api + "metrics", api + "docs.json", " /studio/dashboard/style.css")) {
        Raw.sendAndCut(base, "GET" + path + " HTTP/1.1\r\n" + host + "\r\n");
      }
      for (String path : List.of("%zz", "x%0aINJECTED%0d%0ax", "styles?q=%0aINJECTED", "%5C")) {
        Raw.send(base, "GET" + api + path + " HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n");
      }
    }
    assertEquals(200, admin.get("/api/v1/health").status());
    await()
        .during(Duration.ofSeconds(2))
        .untilAsserted(() -> assertEquals("", server.log().substring(logged)));
  }

  @Test
  void picturesAndStreamsCauseNoLogEntries() throws IOException {
    String url = admin.upload(TestImages.noise(400, 300), null).data().getString("photoUrl");
    String photo = path(url).substring("/studio".length());
    quiet();
    for (int i = 0; i < 10; i++) {
      assertTrue(admin.get(photo).bytes().length > 32 * 1024, "sent without a thread that waits");
      try (SseReader stream = admin.follow("/api/v1/events/stream")) {
        assertEquals(200, stream.status());
      }
    }
    for (int i = 0; i < 50; i++) { // on each of the threads that have served them
      assertEquals(200, admin.get("/api/v1/health").status());
    }
    assertEquals("", server.log().substring(logged));
  }

  @Test
  void requestsThatTheContainerRejectsGetAProblemDocument() throws Exception {
    String origin = "Origin: http://localhost:3000\r\n";
    String close = "Connection: close\r\n";
    String host = "Host: 127.0.0.1\r\n" + close + origin;
    String get = "GET /studio/api/v1/health";
    assertRefused(405, "TRACE /studio/uploads/a HTTP/1.1\r\n" + host);
    assertRefused(400, get + "/%zz HTTP/1.1\r\n" + host);
    assertRefused(400, get + "?prompt=caf\u00e9 HTTP/1.1\r\n" + host);
    assertRefused(400, get + " HTTP/1.1\r\n" + origin + close);
    assertRefused(400, "POST /studio/api/v1/events HTTP/1.1\r\nContent-Length: x\r\n" + host);
    for (String path : List.of("/uploads/a", "/dashboard", "/dashboard/style.css", "/health")) {
      for (String method : List.of("POST", "DELETE", "FOO")) {
        Raw raw = send(method + " /studio" + path + " HTTP/1.1\r\nContent-Length: 0\r\n" + host);
        assertProblem(405, raw);
        assertEquals("GET, HEAD, OPTIONS", raw.headers().get("Allow"));
      }
    }
    Raw head =
        send(
            "HEAD /studio/api/v1/events/stream HTTP/1.1\r\nAuthorization: Bearer "
                + admin.token()
                + "\r\n"
                + host);
    assertEquals(200, head.status());
    assertNull(head.headers().get("Content-Length"), "a stream has no length");
  }

  private static Raw send(String request) throws IOException {
    return Raw.send(server.base(), request + "\r\n");
  }

  /** Undertow's own parser answers without a body, and has no hook for one. */
  private static void assertRefused(int status, String request) throws IOException {
    Raw raw = send(request);
    if (Server.onWildFly()) {
      assertEquals(status, raw.status(), request);
    } else {
      assertProblem(status, raw);
    }
  }

  private static void assertProblem(int status, Raw raw) {
    assertEquals(status, raw.status());
    assertEquals("application/problem+json", raw.headers().get("Content-Type"));
    assertEquals("nosniff", raw.headers().get("X-Content-Type-Options"));
    assertEquals("Origin", raw.headers().get("Vary"));
    assertTrue(raw.headers().containsKey("Content-Security-Policy"));
    assertTrue(raw.body().contains("\"success\":false"), raw.body());
  }

  @Test
  void aVanishedClientIsDetectedWithinThreeHeartbeatsWithoutALogEntry() throws Exception {
    List<SseReader> streams = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      streams.add(admin.stream(""));
    }
    for (int i = 0; i < 20; i++) {
      streams.get(i).next("connected");
      if (i % 2 == 0) {
        streams.get(i).cut();
      } else {
        streams.get(i).close();
      }
    }
    await().atMost(Duration.ofMillis(4_500)).until(() -> connections() == 0);
    assertNothingLogged();
  }
}
