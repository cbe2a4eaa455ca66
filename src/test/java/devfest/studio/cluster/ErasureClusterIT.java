package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SseReader;
import devfest.studio.users.Traces;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user who was at both nodes is erased at one of them. */
class ErasureClusterIT {

  private static final String V1 = "/api/v1";
  private static final String ZOE = V1 + "/users/" + Traces.USER;

  @TempDir private static Path dir;
  private static Pair pair;

  @BeforeAll
  static void start() throws Exception {
    pair = Pair.start(dir);
  }

  @AfterAll
  static void stop() throws Exception {
    if (pair != null) {
      pair.close();
    }
  }

  @Test
  void nothingIsLeftAtEitherNodeAndInTheDatabase() throws Exception {
    Client rootAtA = Client.of(pair.a().base(), "root", "admin");
    Client rootAtB = pair.atB(rootAtA);
    Client zoe = Client.of(pair.a().base(), Traces.USER, "publisher");
    Client zoeAtB = pair.atB(zoe);
    Traces traces = Traces.leave(zoe, Client.of(pair.a().base(), "bob", "publisher"));
    try (SseReader own = zoeAtB.stream("");
        SseReader admins = rootAtB.stream("?replay=1000")) {
      own.next("connected");
      admins.next(frame -> frame.data() != null && frame.data().contains(Traces.MARK));
      long start = System.nanoTime();
      assertEquals(204, rootAtA.delete(ZOE).status());
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      Awaitility.await()
          .atMost(Duration.ofSeconds(1))
          .untilAsserted(() -> assertFalse(replay(rootAtB).contains(Traces.MARK)));
      own.next("stream.closed");
      assertTrue(millis < 20_000, millis + " ms");
    }
    for (String picture : traces.pictures()) {
      assertEquals(404, rootAtB.get(picture).status());
    }
    assertEquals(List.of(), Traces.found(Traces.readable(rootAtB)));
    assertEquals(401, zoeAtB.get(V1 + "/photos").status());
    for (int round = 0; round < 4; round++) {
      Client again = Client.of(pair.a().base(), Traces.USER);
      List<CompletableFuture<Void>> writers =
          Stream.of(pair.a(), pair.b(), pair.b())
              .map(node -> CompletableFuture.runAsync(() -> Traces.write(node.base(), again)))
              .toList();
      TimeUnit.MILLISECONDS.sleep(300);
      assertEquals(204, rootAtA.delete(ZOE).status());
      for (CompletableFuture<Void> writer : writers) {
        writer.get(60, TimeUnit.SECONDS);
      }
    }
    assertEquals(List.of(), pair.cells(Traces.MARK));
    Awaitility.await().untilAsserted(() -> assertEquals(List.of(), Traces.in(dir.resolve("data"))));
  }

  private static String replay(Client by) throws Exception {
    StringBuilder all = new StringBuilder();
    try (SseReader replay = by.stream("?replay=1000")) {
      for (SseReader.Frame frame : replay.during(Duration.ofMillis(300))) {
        all.append(frame.data());
      }
    }
    return all.toString();
  }
}
