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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Revocations and the list of streams over two nodes, also while the signal is frozen. */
class RevocationClusterIT {

  private static final String V1 = "/api/v1";
  private static final String STREAMS = V1 + "/streams";

  @TempDir private static Path dir;

  private static Daemon nats;
  private static Pair pair;
  private static Client root;

  @BeforeAll
  static void start() throws IOException {
    nats = Daemon.nats(dir);
    pair =
        Pair.start(
            dir,
            "studio.cluster.signal=nats",
            "studio.cluster.nats.url=nats://127.0.0.1:" + nats.port());
    root = Client.of(pair.a().base(), "root", "admin");
    awaitSignal();
  }

  @AfterAll
  static void stop() throws IOException {
    pair.close();
    nats.close();
  }

  private static void awaitSignal() {
    for (Client node : List.of(root, pair.atB(root))) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  node.get(V1 + "/health").data().getString("signal").equals("connected")
                      && node.get(STREAMS).data().getInt("missingNodes") == 0);
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
}
