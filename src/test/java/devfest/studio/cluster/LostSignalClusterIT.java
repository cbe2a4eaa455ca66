package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.Socket;
import devfest.studio.SseReader;
import jakarta.json.JsonObject;
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

/**
 * Two nodes whose signal is NATS, which is frozen and killed: events, revocations and the list of
 * streams.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LostSignalClusterIT {

  private static final String V1 = "/api/v1";
  private static final String STREAMS = V1 + "/streams";

  @TempDir private static Path dir;

  private static Daemon nats;
  private static Pair pair;
  private static Client publisher;
  private static Client atB;
  private static Client root;

  @BeforeAll
  static void start() throws IOException {
    nats = Daemon.nats(dir);
    pair =
        Pair.start(
            dir,
            "studio.cluster.signal=nats",
            "studio.cluster.nats.url=nats://127.0.0.1:" + nats.port());
    publisher = Client.of(pair.a().base(), "paul", "publisher", "admin");
    atB = pair.atB(publisher);
    root = Client.of(pair.a().base(), "root", "admin");
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
      Awaitility.await().until(() -> signal(publisher).equals("disconnected"));
      assertEquals(200, publisher.get(V1 + "/health").status());
      nats.thaw();
      awaitSignal();
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
      awaitSignal();
      assertTrue(deliver(b, 2) < 3_000);
    }
  }

  private static void awaitSignal() {
    for (Client node : List.of(root, pair.atB(root))) {
      Awaitility.await()
          .untilAsserted(
              () -> {
                assertEquals("connected", signal(node), node.uri("/")::toString);
                assertEquals(
                    0, node.get(STREAMS).data().getInt("missingNodes"), node.uri("/")::toString);
              });
    }
  }

  /** Revokes at one node, and returns after how many milliseconds the other has ended it all. */
  private static long revoke(String user) throws Exception {
    Client atA = Client.of(pair.a().base(), user);
    Client atB = pair.atB(atA);
    long millis;
    try (SseReader stream = atB.stream("");
        Socket socket = Socket.open(atB.uri("/timer/ws?token=" + atB.token()))) {
      stream.next("connected");
      socket.next();
      long start = System.nanoTime();
      assertEquals(204, root.delete(V1 + "/users/" + user + "/sessions").status());
      assertEquals(401, atA.get(V1 + "/quota").status());
      assertTrue(stream.next("stream.closed").data().contains("revoked"));
      assertEquals(1_008, socket.closed());
      millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
    assertEquals(401, atB.get(V1 + "/quota").status());
    Client fresh = pair.atB(Client.of(pair.a().base(), user));
    assertEquals(200, fresh.get(V1 + "/quota").status());
    return millis;
  }

  @Test
  @Order(3)
  void aUserIsRevokedAtBothNodesWithinFiveSecondsAlsoWithoutTheSignal() throws Exception {
    long connected = revoke("ann");
    assertTrue(connected < 2_000, connected + " ms");
    nats.freeze();
    try {
      long frozen = revoke("bob");
      assertTrue(frozen < 5_000, frozen + " ms");
    } finally {
      nats.thaw();
      awaitSignal();
    }
  }

  private static JsonObject listed(String user) {
    return root.get(STREAMS + "?limit=100").items().getValuesAs(JsonObject.class).stream()
        .filter(each -> !each.isNull("user") && each.getString("user").equals(user))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Order(4)
  void streamsOfTheOtherNodeAreListedAndEnded() throws Exception {
    Client eve = pair.atB(Client.of(pair.a().base(), "eve"));
    try (SseReader stream = eve.stream("")) {
      stream.next("connected");
      JsonObject item = listed("eve");
      assertEquals("b", item.getString("node"));
      assertEquals(204, root.delete(STREAMS + "/" + item.getString("clientId")).status());
      assertTrue(stream.next("stream.closed").data().contains("revoked"));
      assertEquals(404, root.delete(STREAMS + "/" + item.getString("clientId")).status());
    }
    try (SseReader stream = eve.stream("")) {
      stream.next("connected");
      String id = listed("eve").getString("clientId");
      nats.freeze();
      long start = System.nanoTime();
      assertEquals(204, root.delete(STREAMS + "/" + id).status());
      assertTrue(stream.next("stream.closed").data().contains("revoked"));
      long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
      assertTrue(millis < 5_000, millis + " ms");
      assertEquals(1, root.get(STREAMS).data().getInt("missingNodes"));
    } finally {
      nats.thaw();
      awaitSignal();
    }
  }

  @Test
  @Order(5)
  void nothingIsLostUnderLoadWhileTheSignalIsFrozen() throws Exception {
    try (Load load = new Load("frozen", List.of(publisher, atB))) {
      load.awaitProgress(60);
      nats.freeze();
      TimeUnit.SECONDS.sleep(4);
      load.check(); // the readers reach the last event while it is frozen
    } finally {
      nats.thaw();
    }
  }

  @Test
  @Order(6)
  void nothingIsLostUnderLoadOverARestartOfTheSignal() throws Exception {
    try (Load load = new Load("restart", List.of(publisher, atB))) {
      load.awaitProgress(60);
      nats.kill();
      load.awaitProgress(60);
      nats.start();
      load.awaitProgress(60);
      load.check();
    }
  }

  @Test
  @Order(7)
  void aNodeThatWasKilledIsRemovedAndItsStreamsAreNotCounted() throws Exception {
    try (SseReader b = atB.stream("?types=lost.signal")) {
      b.next("connected");
      // The streams of the tests before are ended by a heartbeat.
      Awaitility.await().until(() -> connections() == 1);
      pair.b().kill();
      b.awaitCut();
      Awaitility.await().until(() -> connections() == 0);
      assertEquals(
          404,
          publisher
              .patch(V1 + "/streams/0c1de7f4-2f0e-4a5a-8f0b-3a5b0f9f4f11", "{\"add\":[\"quota\"]}")
              .status());
      Awaitility.await()
          .atMost(Duration.ofSeconds(25)) // after the node's last renewal it takes 15
          .until(() -> pair.query("select count(*) from node") == 1);
    }
  }
}
