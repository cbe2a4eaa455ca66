package devfest.studio.socket;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.Socket;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** WebSockets: credentials, limits, and their ends. */
class SocketIT extends SharedServerTest {

  /** Masked frames (RFC 6455 § 5.2): one byte of binary data, and the status 1000. */
  private static final byte[] BINARY = {(byte) 0x82, (byte) 0x81, 0, 0, 0, 0, 0};

  private static final byte[] CLOSE = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xE8};

  @Test
  void aSocketAnswersSyncMessagesAndIgnoresOthers() {
    drive("reset", "");
    try (Socket socket =
        Socket.open(ann.uri("/timer/ws"), "Authorization", "Bearer " + ann.token())) {
      socket.next();
      socket.settle(); // the reset may be sent too
      socket.say("{\"type\":\"sync\"}");
      assertEquals("timer_update", json(socket.next()).getString("type"));
      for (String odd :
          List.of(
              "", "nix", "{", "[]", "{\"type\":1}", "{\"type\":\"x\"}", "42", "[".repeat(1_000))) {
        socket.say(odd);
      }
      await().pollDelay(Duration.ofMillis(300)).until(() -> socket.waiting() == 0);
      long begun = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        socket.say("{\"type\":\"sync\"}");
      }
      await().pollDelay(Duration.ofMillis(500)).until(() -> true);
      long tenths = (System.nanoTime() - begun) / 100_000_000;
      assertTrue(socket.waiting() <= tenths + 2, () -> socket.waiting() + " in " + tenths);
      socket.say("x".repeat(5_000));
      assertEquals(1_009, socket.closed());
    }
    try (Socket socket = Socket.open(ann.uri("/timer/ws?token=" + ann.token()))) {
      socket.sayBytes(new byte[10]);
      assertEquals(1_003, socket.closed());
    }
  }

  @Test
  void aMessageThatIsTooLongClosesItsSocketBeforeItsEnd() throws Exception {
    try (Socket socket = Socket.open(ann.uri("/timer/ws?token=" + ann.token()))) {
      for (int i = 0; i < 11; i++) {
        socket.sayPart("x".repeat(100));
      }
      assertEquals(1_009, socket.closed(), "in fragments");
    }
    for (int type : new int[] {1, 2}) {
      try (java.net.Socket socket = new java.net.Socket(base().getHost(), base().getPort())) {
        socket.setSoTimeout(20_000);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.write(handshake(ann, 13).getBytes(StandardCharsets.UTF_8));
        InputStream in = socket.getInputStream();
        assertTrue(in.read() >= 0, "it is open");
        out.writeShort(0x80FF | type << 8); // a masked frame of 4 MB, of which only 40 KB follow
        out.writeLong(4L << 20);
        out.writeInt(0);
        long begun = System.nanoTime();
        try {
          for (int i = 0; i < 40; i++) {
            out.write(new byte[1_000]);
            out.flush();
            TimeUnit.MILLISECONDS.sleep(5); // so that the server reads it in many pieces
          }
          in.readAllBytes();
        } catch (SocketTimeoutException e) {
          fail("A frame of type " + type + " stays open.");
        } catch (IOException e) {
          // the server has closed the socket before it was sent
        }
        assertTrue(System.nanoTime() - begun < 10_000_000_000L, "frame of type " + type);
      }
    }
  }

  @Test
  void aSocketAcceptsTheCredentialsOfAStreamAndAllowedOrigins() {
    java.net.URI ws = ann.uri("/timer/ws");
    String own = base().toString().replaceFirst("/$", "");
    assertEquals(401, Socket.refusal(ann.uri("/timer/ws?token=nix")));
    assertEquals(401, Socket.refusal(ann.uri(V1 + "/timer/ws?ticket=nix")));
    assertEquals(401, Socket.refusal(ws, "Authorization", "Bearer nix"));
    assertEquals(401, Socket.refusal(ws, "Cookie", "studio_session=nix"));
    assertEquals(403, Socket.refusal(ws, "Origin", "https://evil.example"));
    assertEquals(403, Socket.refusal(ws, "Origin", "null"));
    assertEquals(426, ann.get("/timer/ws").status());
    for (String spelling : List.of("/timer/%77s", "/timer/ws;x=1", "/api/v1//timer/ws", "/nix")) {
      assertEquals(404, Socket.refusal(ann.uri(spelling + "?token=" + ann.token())), spelling);
    }
    Socket.open(ws, "Origin", own).close();
    assertEquals(403, Socket.refusal(ws, "Origin", own + "1"));
    Socket.open(ws, "Origin", "http://localhost:3000").close();
    Socket.open(ann.uri("/timer/ws?token=" + ann.token())).close();
    Socket.open(ws, "Cookie", "studio_session=" + ann.token()).close();
    String ticket = ann.post(V1 + "/events/tickets", "").data().getString("ticket");
    Socket.open(ann.uri("/timer/ws?ticket=" + ticket)).close();
    assertEquals(401, Socket.refusal(ann.uri("/timer/ws?ticket=" + ticket)), "once");
  }

  @Test
  void aSocketEndsWithItsTokenOrSessionAndCountsAsAConnection() throws Exception {
    Client brief = Client.of(base(), "brief-" + UUID.randomUUID(), Duration.ofSeconds(4));
    try (Socket socket = Socket.open(brief.uri("/timer/ws?token=" + brief.token()))) {
      assertEquals(1_008, socket.closed());
    }
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      sockets.add(Socket.open(bob.uri("/timer/ws?token=" + bob.token())));
      sockets.get(i).next();
    }
    HttpResponse<?> seventh = Socket.refused(bob.uri("/timer/ws?token=" + bob.token()));
    assertEquals(429, seventh.statusCode());
    assertTrue(Integer.parseInt(seventh.headers().firstValue("Retry-After").orElseThrow()) > 0);
    assertTrue(answer(bob, 13, "too_many_streams").startsWith("HTTP/1.1 429 "));
    assertEquals(429, bob.follow(V1 + "/timer/stream").status());
    sockets.forEach(Socket::close);
    await().untilAsserted(() -> bob.follow(V1 + "/timer/stream").close());

    String cookie = "studio_session=" + ann.token();
    try (Socket socket = Socket.open(ann.uri("/timer/ws"), "Cookie", cookie)) {
      socket.next();
      HttpRequest.Builder end = nobody.request(V1 + "/session").header("Cookie", cookie);
      assertEquals(204, nobody.send(end.DELETE()).status());
      assertEquals(1_008, socket.closed());
    }
  }

  @Test
  void aRejectedSocketDoesNotDisturbOthers() {
    drive("start", "{\"duration\":600}");
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        sockets.add(Socket.open(bob.uri("/timer/ws?token=" + bob.token())));
        sockets.get(i).next();
      }
      for (int i = 0; i < 75; i++) {
        assertEquals(429, Socket.refusal(bob.uri("/timer/ws?token=" + bob.token())));
        if (i % 5 == 0) {
          drive("penalty", "{\"seconds\":1}");
        }
      }
      assertAllTellTheTime(sockets);
    } finally {
      sockets.forEach(Socket::close);
    }
  }

  @Test
  void aPlainRequestIsToldToUpgradeAtOnce() throws IOException {
    try (java.net.Socket socket = new java.net.Socket(base().getHost(), base().getPort())) {
      socket.setSoTimeout(10_000); // the server closes an idle connection later
      String request = "GET /timer/ws HTTP/1.1\r\nHost: x\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 426 "), answer);
      assertTrue(answer.contains("Upgrade: websocket"), answer);
      assertTrue(answer.contains("upgrade_required"), answer);
    }
  }

  private static String handshake(Client by, int version) {
    return "GET /timer/ws?token=%s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            .formatted(by.token())
        + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + "Sec-WebSocket-Version: %d\r\n\r\n".formatted(version);
  }

  /** The answer to a handshake of that version, up to those words. */
  private String answer(Client by, int version, String upTo) throws IOException {
    try (java.net.Socket socket = new java.net.Socket(base().getHost(), base().getPort())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(handshake(by, version).getBytes(StandardCharsets.US_ASCII));
      StringBuilder answer = new StringBuilder();
      while (answer.indexOf(upTo) < 0) {
        int next = read(socket);
        assertTrue(next >= 0, answer::toString);
        answer.append((char) next);
      }
      return answer.toString();
    }
  }

  /** The next byte, or -1 if none arrives. */
  private static int read(java.net.Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketTimeoutException e) {
      return -1;
    }
  }

  private void assertAllTellTheTime(List<Socket> sockets) {
    drive("penalty", "{\"seconds\":1}");
    double remaining = number(ann.get(V1 + "/timer").data(), "remaining");
    for (Socket socket : sockets) {
      while (number(json(socket.next()), "remaining") > remaining) {
        assertTrue(socket.waiting() < 1_000);
      }
    }
  }

  @Test
  void aSocketClosedRightAfterOpeningDoesNotDisturbOthers() {
    drive("start", "{\"duration\":600}");
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        sockets.add(Socket.open(bob.uri("/timer/ws?token=" + bob.token())));
      }
      for (int i = 0; i < 3; i++) {
        List<Socket> closed = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
          Client one = Client.of(base(), "one-" + n);
          closed.add(Socket.open(one.uri("/timer/ws?token=" + one.token())));
          closed.get(n).sayBytes(new byte[10]);
        }
        closed.forEach(socket -> assertEquals(1_003, socket.closed()));
      }
      assertAllTellTheTime(sockets);
    } finally {
      sockets.forEach(Socket::close);
    }
  }

  /**
   * Payara takes a new request into the objects of a socket that has closed. What is being sent to
   * the socket must not get into the new response. Without {@link UpgradedConnection} that happened
   * once in some thousand sockets, so this test does not find it in each run; the unit test does.
   */
  @Test
  void requestsBesideSocketsThatCloseGetTheirOwnResponses() throws Exception {
    drive("start", "{\"duration\":86400}");
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<?>> closing = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Client one = Client.of(base(), "closing-" + i).withOwnConnections();
        closing.add(threads.submit(() -> openAndClose(one)));
      }
      List<Future<?>> others = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Client one = ann.withOwnConnections();
        others.add(
            threads.submit(
                () -> {
                  while (!over.get()) {
                    assertTrue(one.get(V1 + "/timer").data().containsKey("remaining"));
                  }
                }));
      }
      while (!closing.stream().allMatch(Future::isDone)) {
        drive("penalty", "{\"seconds\":1}"); // is sent to all sockets
        Thread.sleep(20);
      }
      over.set(true);
      for (Future<?> thread : others) {
        thread.get();
      }
      for (Future<?> thread : closing) {
        thread.get();
      }
    } finally {
      over.set(true);
      threads.shutdown();
    }
  }

  /** Opens sockets that send, with their first bytes, what closes them. */
  private Void openAndClose(Client by) throws IOException {
    for (int i = 0; i < 200; i++) {
      try (java.net.Socket socket = new java.net.Socket(base().getHost(), base().getPort())) {
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(handshake(by, 13).getBytes(StandardCharsets.US_ASCII));
        int first = socket.getInputStream().read();
        socket.getOutputStream().write(i % 2 == 0 ? BINARY : CLOSE);
        String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertTrue(first == 'H' && rest.startsWith("TTP/1.1 101 "), rest);
      }
    }
    return null;
  }

  @Test
  void dataThatComesWithTheHandshakeIsRead() throws IOException {
    byte[] handshake = handshake(ann, 13).getBytes(StandardCharsets.US_ASCII);
    byte[] both = Arrays.copyOf(handshake, handshake.length + BINARY.length);
    System.arraycopy(BINARY, 0, both, handshake.length, BINARY.length);
    try (java.net.Socket socket = new java.net.Socket(base().getHost(), base().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(both);
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(all.startsWith("HTTP/1.1 101 "), all);
      assertTrue(all.contains("Only text messages are accepted."), all);
    }
  }

  @Test
  void aFailedHandshakeKeepsNoConnection() throws IOException {
    Client eve = Client.of(base(), "eve-" + UUID.randomUUID());
    for (int i = 0; i < 10; i++) {
      String answer = answer(eve, 5, "\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 4") && !answer.contains(" 429 "), answer);
    }
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      sockets.add(Socket.open(eve.uri("/timer/ws?token=" + eve.token())));
    }
    sockets.forEach(Socket::close);
  }

  @Test
  void aSocketEndsEvenIfItsClientDoesNotAnswer() throws IOException {
    Client brief = Client.of(base(), "brief-" + UUID.randomUUID(), Duration.ofSeconds(5));
    String answer = answer(brief, 13, "token_expired");
    assertTrue(answer.startsWith("HTTP/1.1 101 "), answer);
    assertTrue(answer.contains("\u0089\0"), "it was pinged");
  }

  @Test
  void socketsClosedAtOnceFreeTheirConnections() {
    drive("reset", "");
    for (int i = 0; i < 100; i++) {
      Client one = Client.of(base(), "gone-" + i);
      Socket.open(one.uri("/timer/ws?token=" + one.token())).close();
    }
    await().until(() -> metric("studio_connections{transport=\"websocket\"}") == 0);
  }
}
