package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that send or read slowly, at the same address as a user who is served meanwhile. The
 * server has the configuration of payara-config or wildfly-config.
 */
class SlowClientsIT {

  /** More than the request threads of both servers. */
  private static final int MANY = 230;

  private static final Duration ATTACK = Duration.ofSeconds(3);

  /** Far above a response time, and far below the time of any slow client. */
  private static final Duration SERVED = Duration.ofSeconds(3);

  /** WildFly parses and answers what a client sends until the kernel's buffers are full. */
  private static final Duration SERVED_BESIDE_UNREAD =
      Server.onWildFly() ? Duration.ofSeconds(20) : SERVED;

  @TempDir static Path dir;

  private static Server server;
  private static Client user;
  private static SseReader stream;
  private static String picture;

  @BeforeAll
  static void start() throws Exception {
    server =
        Server.start(
            Server.Launch.at(Server.freePort()).with("studio.cli"),
            dir,
            "-Xmx512m",
            "studio.dev-mode=true",
            "studio.github.webhook-secret=s");
    user = Client.of(server.base(), "ann", "publisher");
    stream = user.stream("?types=a,last");
    stream.next("connected");
    String url = user.upload(TestImages.jpeg(1500, 1000), null).data().getString("photoUrl");
    picture = URI.create(url).getPath();
  }

  /** The stream lasts through all attacks, and no time limit for slow clients ends it. */
  @AfterAll
  static void stop() throws Exception {
    try (Server closed = server;
        SseReader read = stream) {
      String last = user.publish("last", "1", "private");
      assertEquals(last, read.next("last").id(), closed::log);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/nothing",
        "/api/v1/events",
        "/api/v1/photos",
        "/api/v1/github/webhook",
        "/dashboard/style.css"
      })
  void slowBodiesDoNotDelayOthers(String path) throws Exception {
    String signature = "X-Hub-Signature-256: sha256=" + "0".repeat(64) + "\r\n";
    try (SlowClients clients =
        SlowClients.sending(server.base(), MANY, head("POST", path, signature, 100_000))) {
      assertOthersAreServed(clients);
    }
  }

  @Test
  void slowBodiesOfAUserWithATokenDoNotDelayOthers() throws Exception {
    String bearer = "Authorization: Bearer " + Client.of(server.base(), "eve").token() + "\r\n";
    try (SlowClients clients =
        SlowClients.sending(
            server.base(), MANY, head("POST", "/api/v1/chat/messages", bearer, 100_000))) {
      assertOthersAreServed(clients);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPTIONS /api/v1/styles", "GET /api/v1/timer/ws"})
  void slowBodiesOfMethodsThatHaveNoneDoNotDelayOthers(String call) throws Exception {
    String head =
        call
            + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 100\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    try (SlowClients clients = SlowClients.sending(server.base(), MANY, head)) {
      assertOthersAreServed(clients);
    }
  }

  @Test
  void slowReadersOfLargePicturesDoNotDelayOthers() throws Exception {
    String url = user.upload(TestImages.noise(4_600, 4_000), null).data().getString("photoUrl");
    String request = "GET " + URI.create(url).getPath() + " HTTP/1.1\r\nHost: x\r\n\r\n";
    try (SlowClients clients = SlowClients.sipping(server.base(), MANY, request)) {
      assertOthersAreServed(clients);
      assertEquals(0, clients.closed(), "connections closed although they read");
    }
  }

  @Test
  void slowHeadsDoNotDelayOthers() throws Exception {
    try (SlowClients clients =
        SlowClients.sending(
            server.base(), MANY, "GET /api/v1/styles HTTP/1.1\r\nHost: x\r\nX-Long: ")) {
      assertOthersAreServed(clients);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"picture", "/api/v1/styles", "/api/v1/docs.json", "/api/v1/nothing"})
  void unreadResponsesDoNotDelayOthers(String path) throws Exception {
    String request =
        "GET "
            + (path.equals("picture") ? picture : path)
            + " HTTP/1.1\r\nHost: x\r\n"
            + "Authorization: Bearer "
            + user.token()
            + "\r\n\r\n";
    try (SlowClients clients = SlowClients.deaf(server.base(), MANY, request, 200)) {
      assertOthersAreServed(clients, SERVED_BESIDE_UNREAD);
    }
  }

  @Test
  void bodiesThatGoOnAfterARefusalDoNotDelayOthers() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int i = 0; i < 8; i++) {
        Future<?> ignored = threads.submit(() -> flood(over));
      }
      assertOthersAreServed();
    } finally {
      over.set(true);
      threads.shutdown();
      assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
    }
  }

  /** Sends as fast as the server reads, and connects again when it closes. */
  private static void flood(AtomicBoolean over) {
    byte[] head =
        head("POST", "/api/v1/nothing", "", Integer.MAX_VALUE).getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[64 * 1024];
    while (!over.get()) {
      try (Socket socket = new Socket(server.base().getHost(), server.base().getPort())) {
        socket.getOutputStream().write(head);
        while (!over.get()) {
          socket.getOutputStream().write(bytes);
        }
      } catch (IOException e) {
        // the server closed the connection
      }
    }
  }

  @Test
  void manyRequestsOnOneConnectionDoNotDelayOthers() throws Exception {
    String token = Client.of(server.base(), "eve", "publisher").token();
    try (SlowClients clients =
        SlowClients.multiplexing(server.base(), 3, "/api/v1/events", token)) {
      assertOthersAreServed(clients);
    }
  }

  private static void assertOthersAreServed(SlowClients clients) {
    assertOthersAreServed(clients, SERVED);
  }

  private static void assertOthersAreServed(SlowClients clients, Duration limit) {
    await().until(() -> clients.held() > 0);
    assertOthersAreServed(limit);
  }

  private static void assertOthersAreServed() {
    assertOthersAreServed(SERVED);
  }

  private static void assertOthersAreServed(Duration limit) {
    long end = System.nanoTime() + ATTACK.toNanos();
    do {
      assertServed("styles", limit, () -> user.get("/api/v1/styles").status());
      assertServed(
          "publishing",
          limit,
          () -> user.post("/api/v1/events", "{\"event\":\"a\",\"data\":1}").status());
      assertServed("a picture", limit, () -> user.get(picture).status());
    } while (System.nanoTime() < end);
  }

  private static void assertServed(
      String what, Duration limit, java.util.function.IntSupplier call) {
    long begin = System.nanoTime();
    assertEquals(200, call.getAsInt(), what);
    Duration time = Duration.ofNanos(System.nanoTime() - begin);
    assertTrue(time.compareTo(limit) < 0, () -> what + " took " + time);
  }

  @Test
  void aBodyThatIsRefusedIsNotAwaited() throws Exception {
    assertEquals(404, statusWithoutBody("POST", "/api/v1/nothing", "", 1_000));
    assertEquals(405, statusWithoutBody("POST", "/dashboard", "", 1_000));
    assertEquals(405, statusWithoutBody("PUT", "/api/v1/photos", "", 1_000));
    assertEquals(400, statusWithoutBody("OPTIONS", "/api/v1/photos", "", 1_000));
    assertEquals(401, statusWithoutBody("POST", "/api/v1/photos", "", 1_000));
    String invalid = "Authorization: Bearer x\r\n";
    assertEquals(401, statusWithoutBody("POST", "/api/v1/photos", invalid, 1_000));
    assertEquals(
        401, statusWithoutBody("POST", "/api/v1/photos", invalid + "Expect: 100-continue\r\n", 9));
    String guest = "Authorization: Bearer " + Client.of(server.base(), "eve").token() + "\r\n";
    assertEquals(403, statusWithoutBody("POST", "/api/v1/events", guest, 1_000));
    assertEquals(413, statusWithoutBody("POST", "/api/v1/github/webhook", "", 99_000_000));
  }

  /** Sends a head alone, and reads until the server closes the connection. */
  private static int statusWithoutBody(String method, String path, String header, int length)
      throws IOException {
    URI base = server.base();
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(head(method, path, header, length).getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
      assertTrue(answer.contains("application/problem+json"), answer);
      return Integer.parseInt(answer.split(" ")[1]);
    }
  }

  private static String head(String method, String path, String header, int length) {
    return (method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + header)
        + "Content-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }
}
