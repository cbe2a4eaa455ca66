package devfest.studio.outgoing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.outgoing.OutgoingException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges with peers that do anything. */
class OutgoingTest {

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final int MAX = 10_000;
  private static final String PASSWORD = "changeit";
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  /** A slow machine needs a moment after the deadline. */
  private static final Duration LATEST = Duration.ofSeconds(5);

  private final Outgoing client = new Outgoing(Reach.ANYWHERE, DEADLINE, MAX);
  private final AtomicLong sent = new AtomicLong();
  private Peer peer;

  @AfterEach
  void close() throws IOException {
    if (peer != null) {
      peer.close();
    }
  }

  private Response get() throws IOException, InterruptedException {
    return client.send(Request.get(peer.uri("/"), Map.of()));
  }

  private static String text(Response response) throws IOException {
    return new String(response.readBody(), ISO_8859_1);
  }

  private String answer(String response) throws IOException, InterruptedException {
    peer = Peer.that(response);
    return text(get());
  }

  private void fails(Reason reason) {
    long start = System.nanoTime();
    OutgoingException failure = assertThrows(OutgoingException.class, this::get);
    assertEquals(reason, failure.reason(), failure::toString);
    assertTrue(System.nanoTime() - start < LATEST.toNanos());
  }

  private void endless(OutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(ISO_8859_1);
    while (true) {
      out.write(bytes);
      sent.addAndGet(bytes.length);
    }
  }

  private static void drip(OutputStream out, String text) throws Exception {
    while (true) {
      out.write(text.getBytes(ISO_8859_1));
      out.flush();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Test
  void aRequestArrivesAsItIsAndItsResponseIsRead() throws Exception {
    peer = Peer.that("HTTP/1.1 201 Created\r\nContent-Length: 2\r\nX-Id: 7\r\nx-id: 8\r\n\r\nok");
    Response response =
        client.send(
            Request.post(
                peer.uri("/a%20b?c=d"), Map.of("Content-Type", "text/plain"), new byte[3]));
    assertEquals(201, response.status());
    assertEquals("ok", text(response));
    assertEquals("7", response.header("x-id").orElseThrow());
    assertEquals(2, response.headers().get("x-id").size());
    List<String> head = peer.requests.get(0).lines().toList();
    assertEquals("POST /a%20b?c=d HTTP/1.1", head.get(0));
    assertEquals(
        Set.of(
            "Host: 127.0.0.1:" + peer.port(),
            "Connection: close",
            "User-Agent: devfest-studio",
            "Accept-Encoding: identity",
            "Content-Type: text/plain",
            "Content-Length: 3"),
        Set.copyOf(head.subList(1, head.size())));
  }

  @Test
  void everyFramingOfABodyIsRead() throws Exception {
    assertEquals("", answer("HTTP/1.1 204 No Content\r\n\r\n"));
    assertEquals("to the end", answer("HTTP/1.1 200 OK\r\n\r\nto the end"));
    assertEquals("ab", answer("HTTP/1.0 200\nContent-Length: 2\n\nabcd"));
    assertEquals("after", answer("HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\nafter"));
    assertEquals(
        "chunk by chunk",
        answer(
            OK
                + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nchunk\r\n9;x=y\r\n by chunk\r\n0\r\nTrailer: x\r\n\r\n"));
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    Peer target = Peer.that("HTTP/1.1 200 OK\r\n\r\n");
    try (target) {
      peer = Peer.that("HTTP/1.1 302 Found\r\nLocation: " + target.uri("/") + "\r\n\r\n");
      assertEquals(302, get().status());
      assertTrue(target.requests.isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 503 Unavailable\r\nRetry-After: 0\r\n\r\n",
        "HTTP/1.1 503 Unavailable\r\nRetry-After: 00\r\n\r\n",
        "HTTP/1.1 503 Unavailable\r\nRetry-After: 1\r\nRetry-After: 0\r\n\r\n",
        "HTTP/1.1 503 Unavailable\r\nRetry-After: 1\r\n\r\n",
        "HTTP/1.1 503 Unavailable\r\nRetry-After: 99999999999\r\n\r\n",
        "HTTP/1.1 408 Request Timeout\r\n\r\n",
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\n\r\n",
        "HTTP/1.1 421 Misdirected\r\n\r\n",
        "HTTP/1.1 307 Moved\r\nLocation: /b\r\n\r\n",
      })
  void aRequestIsSentOnce(String response) throws Exception {
    peer = Peer.that(response);
    for (Request request :
        List.of(
            Request.get(peer.uri("/"), Map.of()),
            Request.post(peer.uri("/"), Map.of(), new byte[1]))) {
      assertEquals(response.substring(9, 12), Integer.toString(client.send(request).status()));
    }
    assertEquals(2, peer.requests.size());
  }

  @Test
  void aRequestIsSentOnceAlsoIfTheConnectionBreaks() throws Exception {
    peer = Peer.that("");
    fails(Reason.UNREACHABLE);
    assertEquals(1, peer.requests.size());
  }

  @Test
  void cookiesAreNotKept() throws Exception {
    peer = Peer.that("HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\n\r\n");
    get();
    get();
    assertEquals(peer.requests.get(0), peer.requests.get(1));
  }

  @Test
  void aCompressedBodyIsNotExpanded() throws Exception {
    assertEquals("packed", answer(OK + "Content-Encoding: gzip\r\n\r\npacked"));
  }

  @Test
  void requestsToOneHostDoNotWaitForEachOther() throws Exception {
    int many = 70; // more than OkHttp starts by default
    CountDownLatch arrived = new CountDownLatch(many);
    peer =
        Peer.that(
            out -> {
              arrived.countDown();
              assertTrue(arrived.await(30, TimeUnit.SECONDS));
              out.write(OK.concat("\r\n").getBytes(ISO_8859_1));
            });
    ExecutorService callers = Executors.newFixedThreadPool(many);
    try {
      Callable<Integer> call = () -> patient().send(Request.get(peer.uri("/"), Map.of())).status();
      for (Future<Integer> status : callers.invokeAll(Collections.nCopies(many, call))) {
        assertEquals(200, status.get());
      }
    } finally {
      callers.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 999 Odd\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1 x\r\nab\r\n",
        "HTTP/1.1 200 OK\r\n: b\r\n\r\n",
        "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
        "HTTP/1.1 -12 Odd\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nab",
      })
  void aMalformedResponseIsRefused(String response) throws Exception {
    peer = Peer.that(response);
    fails(Reason.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nContent-Len",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: b\r\n"
      })
  void aResponseThatEndsTooEarlyIsAFailure(String response) throws Exception {
    peer = Peer.that(response);
    fails(Reason.UNREACHABLE);
  }

  @Test
  void anEndlessBodyEndsAtTheBound() throws Exception {
    peer =
        Peer.that(
            out -> {
              out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
              endless(out, "x".repeat(1_000));
            });
    fails(Reason.TOO_LARGE);
    peer.close();
    peer =
        Peer.that(
            out -> {
              out.write(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(ISO_8859_1));
              endless(out, "3e8\r\n" + "x".repeat(1_000) + "\r\n");
            });
    fails(Reason.TOO_LARGE);
    assertTrue(sent.get() < 20_000_000, sent::toString); // the buffers of two connections
  }

  @Test
  void aBodyOfTheMaximumSizeIsRead() throws Exception {
    assertEquals(MAX, answer("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(MAX)).length());
    peer.close();
    peer = Peer.that("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(MAX + 1));
    fails(Reason.TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 ",
        "HTTP/1.1 200 OK\r\nA: ",
        "HTTP/1.1 200 OK\r\nA: b\r\n",
        "HTTP/1.1 103 Early\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n",
      })
  void endlessHeadersEndAtABound(String start) throws Exception {
    String each = start.endsWith("\n") ? start.substring(start.lastIndexOf('H')) : "x".repeat(100);
    String repeated = start.endsWith("b\r\n") ? "A: b\r\n" : each;
    peer =
        Peer.that(
            out -> {
              out.write(start.getBytes(ISO_8859_1));
              endless(out, repeated);
            });
    fails(Reason.TOO_LARGE);
    assertTrue(sent.get() < 10_000_000, sent::toString); // the buffers of a connection
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nA: ",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;"
      })
  void aResponseThatDripsEndsAtTheDeadline(String start) throws Exception {
    peer =
        Peer.that(
            out -> {
              out.write(start.getBytes(ISO_8859_1));
              drip(out, "H");
            });
    fails(Reason.TIMED_OUT);
  }

  @Test
  void aStreamEndsAtTheDeadline() throws Exception {
    peer =
        Peer.that(
            out -> {
              out.write((OK + "\r\n").getBytes(ISO_8859_1));
              drip(out, "x");
            });
    try (Response response = client.open(Request.get(peer.uri("/"), Map.of()))) {
      OutgoingException failure =
          assertTimeoutPreemptively(
              LATEST, () -> assertThrows(OutgoingException.class, response::readBody));
      assertEquals(Reason.TIMED_OUT, failure.reason());
    }
    theConnectionEnds();
  }

  @Test
  void aPeerThatNeitherReadsNorAnswersIsLeftAtTheDeadline() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      Request request = Request.post(uri, Map.of(), new byte[50_000_000]);
      OutgoingException failure = assertThrows(OutgoingException.class, () -> client.send(request));
      assertEquals(Reason.TIMED_OUT, failure.reason());
      assertEquals("did not respond within 1 s", failure.getMessage());
    }
  }

  @Test
  void aHandshakeThatStallsEndsAtTheDeadline() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI uri = URI.create("https://localhost:" + silent.getLocalPort());
      OutgoingException failure =
          assertThrows(OutgoingException.class, () -> client.send(Request.get(uri, Map.of())));
      assertEquals(Reason.TIMED_OUT, failure.reason());
    }
  }

  @Test
  void aPortWithoutAServerAndAnUnknownNameAreUnreachable() throws Exception {
    peer = Peer.that("");
    int free = peer.port();
    peer.close();
    for (String uri : new String[] {"http://127.0.0.1:" + free, "http://no-such-host.invalid"}) {
      OutgoingException failure =
          assertThrows(
              OutgoingException.class, () -> client.send(Request.get(URI.create(uri), Map.of())));
      assertEquals(Reason.UNREACHABLE, failure.reason(), uri);
    }
  }

  private static Outgoing resolving(Reach reach, Dns names) {
    return new Outgoing(reach, DEADLINE, MAX, Outgoing.COMMON.newBuilder().dns(names).build());
  }

  private static List<InetAddress> addresses(String... literals) throws IOException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String literal : literals) {
      addresses.addAll(List.of(InetAddress.getAllByName(literal)));
    }
    return addresses;
  }

  @Test
  void aNameServerThatDoesNotAnswerDelaysACheckForSecondsOnly() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    Outgoing waiting =
        resolving(
            Reach.PUBLIC,
            host -> {
              Awaitility.await().until(() -> answer.getCount() == 0);
              return List.of();
            });
    try {
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> {
            for (int i = 0; i < 3; i++) {
              OutgoingException failure =
                  assertThrows(
                      OutgoingException.class,
                      () -> waiting.check(URI.create("https://slow.example/")));
              assertEquals(Reason.UNREACHABLE, failure.reason());
            }
          });
    } finally {
      answer.countDown();
    }
  }

  @Test
  void aNameWithAForbiddenAddressIsRefusedBeforeAConnection() throws Exception {
    peer = Peer.that(OK + "\r\n");
    for (String mapped : new String[] {"127.0.0.1", "::1", "64:ff9b::7f00:1"}) {
      List<InetAddress> addresses = addresses("192.88.98.1", mapped);
      Outgoing guarded = resolving(Reach.PUBLIC, host -> addresses);
      URI uri = URI.create("http://example.org:" + peer.port() + "/");
      OutgoingException failure =
          assertThrows(OutgoingException.class, () -> guarded.send(Request.get(uri, Map.of())));
      assertEquals(Reason.FORBIDDEN_ADDRESS, failure.reason());
    }
    assertTrue(peer.connections.isEmpty());
  }

  @Test
  void aNameIsResolvedOnceAndEachOfItsAddressesIsTried() throws Exception {
    peer = Peer.that(OK + "\r\n");
    AtomicLong lookups = new AtomicLong();
    List<InetAddress> addresses = addresses("::1", "127.0.0.1");
    Outgoing other =
        resolving(
            Reach.ANYWHERE,
            host -> {
              lookups.incrementAndGet();
              return addresses;
            });
    URI uri = URI.create("http://example.org:" + peer.port() + "/");
    assertEquals(200, other.send(Request.get(uri, Map.of())).status());
    assertTrue(peer.requests.get(0).contains("Host: example.org:" + peer.port()));
    assertEquals(1, lookups.get());
  }

  @Test
  void aNameThatIsNotResolvedEndsAtTheDeadline() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    Outgoing other =
        resolving(
            Reach.ANYWHERE,
            host -> {
              Awaitility.await().forever().until(() -> over.getCount() == 0);
              throw new UnknownHostException(host);
            });
    URI uri = URI.create("http://example.org/");
    OutgoingException failure =
        assertThrows(OutgoingException.class, () -> other.send(Request.get(uri, Map.of())));
    assertEquals(Reason.TIMED_OUT, failure.reason());
    over.countDown();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]"})
  void theUrlOfAUserDoesNotReachThisMachine(String host) throws Exception {
    peer = Peer.that("HTTP/1.1 200 OK\r\n\r\n");
    Outgoing guarded = new Outgoing(Reach.PUBLIC, DEADLINE, MAX);
    URI uri = URI.create("http://" + host + ":" + peer.port() + "/");
    OutgoingException failure =
        assertThrows(OutgoingException.class, () -> guarded.send(Request.get(uri, Map.of())));
    assertEquals(Reason.FORBIDDEN_ADDRESS, failure.reason());
    assertTrue(peer.requests.isEmpty());
  }

  private static Outgoing patient() {
    return new Outgoing(Reach.ANYWHERE, Duration.ofMinutes(1), MAX);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n\r\n"})
  void anInterruptEndsTheExchange(String start) throws Exception {
    peer =
        Peer.that(
            out -> {
              out.write(start.getBytes(ISO_8859_1));
              drip(out, "");
            });
    Outgoing patient = patient();
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                Response response = patient.send(Request.get(peer.uri("/"), Map.of()));
                end.completeExceptionally(new AssertionError(response.status()));
              } catch (Exception e) {
                end.complete(e);
              }
            });
    thread.start();
    Awaitility.await().until(() -> !peer.requests.isEmpty());
    thread.interrupt();
    assertTrue(end.get(5, TimeUnit.SECONDS) instanceof InterruptedException);
    theConnectionEnds();
  }

  private void theConnectionEnds() throws IOException {
    Socket connection = peer.connections.get(0);
    connection.setSoTimeout(5_000);
    assertEquals(-1, connection.getInputStream().read());
  }

  @Test
  void closingAResponseFromAnotherThreadEndsTheRead() throws Exception {
    peer =
        Peer.that(
            out -> {
              out.write("HTTP/1.1 200 OK\r\n\r\nx".getBytes(ISO_8859_1));
              out.flush();
              drip(out, "");
            });
    Response response = patient().open(Request.get(peer.uri("/"), Map.of()));
    assertEquals('x', response.body().read());
    Executor later = CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(response::close, later);
    assertTimeoutPreemptively(
        LATEST, () -> assertThrows(OutgoingException.class, response::readBody));
    closed.get(5, TimeUnit.SECONDS);
    theConnectionEnds();
  }

  @Test
  void closingAResponseThatIsNotReadEndsTheConnectionAtOnce() throws Exception {
    peer =
        Peer.that(
            out -> {
              out.write((OK + "Content-Length: 9\r\n\r\nstart").getBytes(ISO_8859_1));
              drip(out, "");
            });
    patient().open(Request.get(peer.uri("/"), Map.of())).close();
    theConnectionEnds();
  }

  @Test
  void theHeadersOfAStreamAreThereBeforeItsBody() throws Exception {
    CompletableFuture<Void> read = new CompletableFuture<>();
    peer =
        Peer.that(
            out -> {
              out.write(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(ISO_8859_1));
              out.flush();
              read.get(5, TimeUnit.SECONDS);
              out.write("2\r\nok\r\n0\r\n\r\n".getBytes(ISO_8859_1));
            });
    try (Response response = patient().open(Request.get(peer.uri("/"), Map.of()))) {
      assertEquals(200, response.status());
      read.complete(null);
      assertEquals("ok", text(response));
    }
  }

  @Test
  void aRequestCannotContainASecondOne() {
    URI uri = URI.create("http://example.org/");
    for (Map<String, String> headers :
        List.of(Map.of("A", "b\r\nC: d"), Map.of("A: b\r\nC", "d"), Map.of("", "d"))) {
      assertThrows(IllegalArgumentException.class, () -> Request.get(uri, headers));
    }
    for (String bad : new String[] {"file:///etc/passwd", "http:/x", "ftp://example.org/", "x"}) {
      assertThrows(
          IllegalArgumentException.class, () -> Request.get(URI.create(bad), Map.of()), bad);
    }
  }

  @Test
  void noThreadRemainsWhenNothingIsSent() throws Exception {
    peer = Peer.that("HTTP/1.1 200 OK\r\n\r\n");
    get();
    Awaitility.await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("studio-outgoing")));
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().matches("Ok(io|Http).*"))
            .allMatch(Thread::isDaemon)); // these end after 60 s
    assertEquals(200, get().status());
    assertFalse(peer.requests.isEmpty());
  }

  @Test
  void aProxyOfTheJvmIsUsedForTheOperatorsUrlsOnly() throws Exception {
    peer = Peer.that("HTTP/1.1 200 OK\r\n\r\nby proxy");
    System.setProperty("http.proxyHost", "127.0.0.1");
    System.setProperty("http.proxyPort", Integer.toString(peer.port()));
    try {
      URI uri = URI.create("http://studio.invalid/x");
      assertEquals("by proxy", text(client.send(Request.get(uri, Map.of()))));
      assertTrue(peer.requests.get(0).startsWith("GET http://studio.invalid/x HTTP/1.1\n"));
      Outgoing guarded = new Outgoing(Reach.PUBLIC, DEADLINE, MAX);
      OutgoingException failure =
          assertThrows(OutgoingException.class, () -> guarded.send(Request.get(uri, Map.of())));
      assertEquals(Reason.UNREACHABLE, failure.reason()); // the name, not the proxy's address
      assertEquals(1, peer.requests.size());
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyPort");
    }
  }

  @Test
  void aTunnelThatTheProxyRefusesIsAFailure() throws Exception {
    peer = Peer.that("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    System.setProperty("https.proxyHost", "127.0.0.1");
    System.setProperty("https.proxyPort", Integer.toString(peer.port()));
    try {
      Request request = Request.get(URI.create("https://studio.invalid/x"), Map.of());
      OutgoingException failure = assertThrows(OutgoingException.class, () -> client.send(request));
      assertEquals(Reason.UNREACHABLE, failure.reason());
      assertTrue(peer.requests.get(0).startsWith("CONNECT studio.invalid:443 HTTP/1.1\n"));
    } finally {
      System.clearProperty("https.proxyHost");
      System.clearProperty("https.proxyPort");
    }
  }

  @Test
  void aSocksProxyOfTheJvmIsNotUsed() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    Peer socks = Peer.that("");
    peer = Peer.that(OK + "\r\n");
    System.setProperty("socksProxyHost", "127.0.0.1");
    System.setProperty("socksProxyPort", Integer.toString(socks.port()));
    System.setProperty("socksNonProxyHosts", "");
    try (socks) {
      Outgoing other = resolving(Reach.ANYWHERE, host -> List.of(loopback));
      URI uri = URI.create("http://example.org:" + peer.port() + "/");
      assertEquals(200, other.send(Request.get(uri, Map.of())).status());
      assertTrue(socks.connections.isEmpty());
    } finally {
      System.clearProperty("socksProxyHost");
      System.clearProperty("socksProxyPort");
      System.clearProperty("socksNonProxyHosts");
    }
  }

  @Test
  void aPeerOverTlsNeedsATrustedCertificateForItsName(@TempDir Path folder) throws Exception {
    KeyStore store = certificate(folder.resolve("peer.p12"));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    OkHttpClient trusting =
        Outgoing.COMMON
            .newBuilder()
            .sslSocketFactory(
                tls.getSocketFactory(), (X509TrustManager) trust.getTrustManagers()[0])
            .build();
    ServerSocket server =
        tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    peer = new Peer(server, out -> out.write((OK + "\r\nsecret").getBytes(ISO_8859_1)));
    Request right = Request.get(URI.create("https://localhost:" + peer.port() + "/"), Map.of());
    Request wrong = Request.get(URI.create("https://127.0.0.1:" + peer.port() + "/"), Map.of());

    Outgoing other = new Outgoing(Reach.ANYWHERE, LATEST, MAX, trusting);
    assertEquals("secret", text(other.send(right)));
    String message = "has no valid certificate, or none of the expected TLS";
    assertEquals(
        message, assertThrows(OutgoingException.class, () -> other.send(wrong)).getMessage());
    assertEquals(
        message, assertThrows(OutgoingException.class, () -> client.send(right)).getMessage());
    assertEquals(1, peer.requests.stream().filter(head -> !head.isEmpty()).count());
  }

  private static KeyStore certificate(Path file) throws Exception {
    List<String> keytool =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keyalg",
            "EC",
            "-alias",
            "peer",
            "-dname",
            "CN=peer",
            "-ext",
            "san=dns:localhost",
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            file.toString());
    assertEquals(0, new ProcessBuilder(keytool).inheritIO().start().waitFor());
    KeyStore made = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "peer",
        made.getKey("peer", PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        made.getCertificateChain("peer"));
    store.setCertificateEntry("trusted", made.getCertificate("peer"));
    return store;
  }
}
