package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SseReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes whose signal is NATS, which is frozen and killed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LostSignalClusterIT {

  private static final String V1 = "/api/v1";

  private static final Duration SOON = Duration.ofSeconds(40);

  @TempDir private static Path dir;

  private static Daemon nats;
  private static Pair pair;
  private static Client publisher;
  private static Client atB;

  @BeforeAll
  static void start() throws IOException {
    nats = Daemon.nats(dir);
    pair =
        Pair.start(
            dir,
            "studio.cluster.signal=nats",
            "studio.cluster.nats.url=" + "nats://127.0.0.1:" + nats.port());
    publisher = Client.of(pair.a().base(), "paul", "publisher", "admin");
    atB = pair.atB(publisher);
  }

  @AfterAll
  static void stop() throws IOException {
    pair.close();
    nats.close();
  }

  private static String signal(Client client) {
    return client.get(V1 + "/health").data().getString("signal");
  }

  private static int connections() {
    return publisher.get(V1 + "/events/stats").data().getInt("activeConnections");
  }

  /** Publishes at one node, and returns after how many milliseconds the other has delivered it. */
  private static long deliver(SseReader b, int number) throws InterruptedException {
    long start = System.nanoTime();
    String id = publisher.publish("lost.signal", Integer.toString(number), "public");
    assertEquals(id, b.next("lost.signal").id());
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  @Test
  @Order(1)
  void whileTheSignalIsFrozenEventsArriveEverySecondAndPublishingDoesNotWait() throws Exception {
    try (SseReader b = atB.stream("?types=lost.signal")) {
      b.next("connected");
      deliver(b, 0);
      nats.freeze();
      for (int i = 1; i <= 10; i++) {
        assertTrue(deliver(b, i) < 3_000);
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> signal(publisher).equals("disconnected"));
      assertEquals(200, publisher.get(V1 + "/health").status());
      nats.thaw();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> signal(publisher).equals("connected") && signal(atB).equals("connected"));
    }
  }

  @Test
  @Order(2)
  void aRestartOfTheSignalLosesNoEvent() throws Exception {
    try (SseReader b = atB.stream("?types=lost.signal")) {
      b.next("connected");
      nats.kill();
      assertTrue(deliver(b, 0) < 3_000);
      nats.start();
      assertTrue(deliver(b, 1) < 3_000);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> signal(publisher).equals("connected") && signal(atB).equals("connected"));
      assertTrue(deliver(b, 2) < 3_000);
    }
  }

  @Test
  @Order(3)
  void nothingIsLostUnderLoadWhileTheSignalIsFrozen() throws Exception {
    try (Load load = new Load("frozen", List.of(publisher, atB))) {
      load.awaitProgress(60, SOON);
      nats.freeze();
      TimeUnit.SECONDS.sleep(4);
      load.check(); // the readers reach the last event while it is frozen
    } finally {
      nats.thaw();
    }
  }

  @Test
  @Order(4)
  void nothingIsLostUnderLoadOverARestartOfTheSignal() throws Exception {
    try (Load load = new Load("restart", List.of(publisher, atB))) {
      load.awaitProgress(60, SOON);
      nats.kill();
      load.awaitProgress(60, SOON);
      nats.start();
      load.awaitProgress(60, SOON);
      load.check();
    }
  }

  @Test
  @Order(5)
  void aNodeThatWasKilledIsRemovedAndItsStreamsAreNotCounted() throws Exception {
    try (SseReader b = atB.stream("?types=lost.signal")) {
      b.next("connected");
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> connections() == 1);
      pair.b().kill();
      b.awaitCut();
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> connections() == 0);
      assertEquals(
          404,
          publisher
              .patch(V1 + "/streams/0c1de7f4-2f0e-4a5a-8f0b-3a5b0f9f4f11", "{\"add\":[\"quota\"]}")
              .status());
      Awaitility.await()
          .atMost(Duration.ofSeconds(25))
          .until(() -> pair.query("select count(*) from node") == 1);
    }
  }
}
