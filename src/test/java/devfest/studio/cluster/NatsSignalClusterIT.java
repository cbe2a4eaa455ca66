package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NatsSignalClusterIT {

  @TempDir Path dir;

  private final Heard atA = new Heard();
  private final Heard atB = new Heard();
  private Daemon server;
  private Signal a;
  private Signal b;

  @BeforeEach
  void start() throws IOException {
    server = Daemon.nats(dir);
    String url = "nats://127.0.0.1:" + server.port();
    a = open(url, "a");
    b = open(url, "b");
    a.start(Executors.defaultThreadFactory(), atA);
    b.start(Executors.defaultThreadFactory(), atB);
    Awaitility.await()
        .until(() -> atA.connections.get() == 1 && atB.connections.get() == 1 && b.isConnected());
  }

  static Signal open(String url, String node) {
    return new NatsSignal(
        new ClusterSettings(
            ClusterSettings.Kind.NATS,
            Optional.of(node),
            Optional.empty(),
            List.of(url),
            Optional.empty(),
            "studio"),
        node);
  }

  @AfterEach
  void stop() {
    a.stop();
    b.stop();
    server.close();
  }

  @Test
  void otherNodesHearALine() {
    a.send("key", "{\"text\":\"été\"}");
    a.send("other", "x".repeat(Message.MAX_BYTES));
    Awaitility.await().until(() -> atB.lines.size() == 2);
  }

  @Test
  void aServerThatWasKilledIsFoundAgainAndTheSubscriptionIsReported() throws Exception {
    server.kill();
    Awaitility.await().until(() -> !a.isConnected() && !b.isConnected());
    a.send("key", "sent during the outage");
    server.start();
    Awaitility.await()
        .until(() -> atA.connections.get() > 1 && atB.connections.get() > 1 && a.isConnected());
    a.send("key", "sent afterwards");
    Awaitility.await().until(() -> atB.lines.contains("sent afterwards"));
  }

  @Test
  void aFrozenServerIsNoticedAndSendingNeverBlocks() throws Exception {
    server.freeze();
    long start = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      a.send("key " + i, "line " + i);
    }
    assertFalse(System.nanoTime() - start > Duration.ofSeconds(2).toNanos());
    Awaitility.await().until(() -> !b.isConnected());
    server.thaw();
    Awaitility.await().until(() -> atB.connections.get() > 1 && b.isConnected());
  }
}
