package devfest.studio.security;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import devfest.studio.http.Problem;
import jakarta.ws.rs.NotAuthorizedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys of an issuer that changes them, is slow, or does not answer. */
class RemoteKeysTest {

  private static final String ISSUER = "https://issuer.example";

  /** Keys never become too old during a test. */
  private static final RemoteKeys.Pace CALM =
      new RemoteKeys.Pace(Duration.ofMinutes(4), Duration.ofSeconds(10), Duration.ofHours(1));

  private static RSAKey first;
  private static RSAKey second;
  private static RSAKey third;

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final AtomicInteger fetches = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;
  private Tokens tokens;

  /** The answer of the issuer; not guarded, as each test changes it between requests. */
  private volatile String published;

  private volatile int status = 200;
  private volatile boolean hanging;

  @BeforeAll
  static void makeKeys() throws Exception {
    first = new RSAKeyGenerator(2048).keyID("first").generate();
    second = new RSAKeyGenerator(2048).keyID("second").generate();
    third = new RSAKeyGenerator(2048).keyID("third").generate();
  }

  @BeforeEach
  void startIssuer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(pool);
    server.createContext(
        "/keys",
        exchange -> {
          fetches.incrementAndGet();
          byte[] body = published.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          if (hanging) { // the headers are there, and then a little at a time
            try {
              over.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    publish(first);
  }

  @AfterEach
  void stop() {
    over.countDown();
    if (tokens != null) {
      tokens.close();
    }
    server.stop(0);
    pool.shutdownNow();
  }

  private void publish(JWK... keys) {
    published = new JWKSet(List.of(keys)).toString();
  }

  private void trust(RemoteKeys.Pace pace) {
    Map<String, String> settings =
        Map.of(
            "studio.jwt.issuers.test.issuer",
            ISSUER,
            "studio.jwt.issuers.test.jwks",
            "http://localhost:" + server.getAddress().getPort() + "/keys");
    tokens =
        new Tokens(
            TokenConfig.of(
                name -> Optional.ofNullable(settings.get(name)),
                settings.keySet(),
                Optional.empty(),
                pace),
            new RevokedUsers(),
            Clock.systemUTC());
  }

  private static String by(RSAKey key) {
    return new Forge(key, ISSUER, Instant.now()).token("\"upn\":\"ann\"");
  }

  private void accepted(RSAKey key) {
    assertEquals("ann", tokens.verify(by(key)).getName());
  }

  private void refused(RSAKey key) {
    assertThrows(NotAuthorizedException.class, () -> tokens.verify(by(key)));
  }

  private void unavailable(RSAKey key) {
    Problem problem = assertThrows(Problem.class, () -> tokens.verify(by(key)));
    assertEquals(503, problem.status());
    assertTrue(problem.retryAfter().toSeconds() > 0);
  }

  @Test
  void aRotatedKeyIsFetchedAtOnceAndUnknownOnesAtMostOnceInTenSeconds() {
    assertEquals(Duration.ofSeconds(10), RemoteKeys.Pace.USUAL.pause());
    trust(new RemoteKeys.Pace(Duration.ofMinutes(4), Duration.ofSeconds(4), Duration.ofHours(1)));
    accepted(first);
    accepted(first);
    assertEquals(1, fetches.get());
    publish(first, second);
    accepted(second);
    accepted(first);
    assertEquals(2, fetches.get());
    publish(first, second, third);
    for (int i = 0; i < 20; i++) {
      refused(third);
    }
    accepted(first);
    assertEquals(2, fetches.get(), "an unknown key costs the issuer no more than that");
    await().ignoreExceptions().until(() -> tokens.verify(by(third)) != null);
    assertEquals(3, fetches.get());
  }

  @Test
  void aWithdrawnKeyIsDroppedAutomatically() {
    trust(new RemoteKeys.Pace(Duration.ofSeconds(4), Duration.ofSeconds(1), Duration.ofHours(1)));
    accepted(first);
    publish(second);
    await().untilAsserted(() -> refused(first));
    accepted(second);
    assertTrue(
        RemoteKeys.Pace.USUAL.age().compareTo(Duration.ofMinutes(5)) < 0, "as the contract has it");
  }

  @Test
  void allKeysCanBeWithdrawn() {
    trust(new RemoteKeys.Pace(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofHours(1)));
    accepted(first);
    publish();
    await().untilAsserted(() -> refused(first));
  }

  @Test
  void knownKeysStayValidForTheConfiguredTimeWhileTheIssuerIsDown() {
    trust(
        new RemoteKeys.Pace(Duration.ofSeconds(4), Duration.ofMillis(200), Duration.ofSeconds(7)));
    accepted(first);
    status = 500;
    int before = fetches.get();
    await()
        .until(
            () -> {
              if (fetches.get() < before + 3) {
                accepted(first);
                refused(second);
              }
              return fetches.get() >= before + 3;
            });
    await().untilAsserted(() -> unavailable(first));
    status = 200;
    await()
        .ignoreExceptions() // until the next fetch
        .untilAsserted(() -> accepted(first));
  }

  @Test
  void aTokenIsNotInvalidBecauseItsIssuerNeverAnswered() {
    trust(CALM);
    published = "<html>";
    unavailable(first);
    unavailable(first);
    publish(first);
    await().ignoreExceptions().until(() -> tokens.verify(by(first)) != null);
  }

  @Test
  void aSlowIssuerDelaysOneRequestAndNoKnownKey() throws Exception {
    trust(CALM);
    accepted(first);
    hanging = true;
    List<Future<Long>> unknown = new ArrayList<>();
    CountDownLatch begun = new CountDownLatch(20);
    for (int i = 0; i < 20; i++) {
      Callable<Long> call =
          () -> {
            begun.countDown();
            long start = System.nanoTime();
            RuntimeException refusal =
                assertThrows(RuntimeException.class, () -> tokens.verify(by(second)));
            assertTrue(refusal instanceof NotAuthorizedException || refusal instanceof Problem);
            return System.nanoTime() - start;
          };
      unknown.add(pool.submit(call));
    }
    assertTrue(begun.await(10, TimeUnit.SECONDS));
    await().until(() -> fetches.get() == 2);
    long start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      accepted(first);
    }
    assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(2), "known keys do not wait");
    for (Future<Long> call : unknown) {
      assertTrue(call.get(10, TimeUnit.SECONDS) < TimeUnit.SECONDS.toNanos(8));
    }
    assertEquals(2, fetches.get(), "one fetch for all");
  }

  @Test
  void anEndlessAnswerIsCutOff() {
    trust(CALM);
    published = "{\"keys\":[" + " ".repeat(1_000_000) + "]}";
    unavailable(first);
    publish(first);
    await().ignoreExceptions().until(() -> tokens.verify(by(first)) != null);
  }
}
