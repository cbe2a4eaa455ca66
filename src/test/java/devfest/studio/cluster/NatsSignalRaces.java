package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Signals whose connections are closed thousands of times. The library had a race between the end
 * of a reconnection and its writer, after which the connection received messages and sent none.
 */
class NatsSignalRaces {

  private static final int NODES = 8;

  /** Of each node; all together enough to meet a fault of one reconnection in a thousand. */
  private static final int CONNECTIONS = 500;

  private static final Logger LOG = Logger.getLogger(NatsSignal.class.getName());

  /** Each reconnection has a warning. */
  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void log() {
    LOG.setLevel(null);
  }

  @Test
  void aSignalSendsOnEachConnectionAfterOneIsClosed() throws IOException {
    try (ClosingNats server = new ClosingNats()) {
      Map<String, Signal> signals =
          IntStream.range(0, NODES)
              .mapToObj(Integer::toString)
              .collect(
                  Collectors.toMap(
                      node -> node, node -> NatsSignalClusterIT.open(server.url(), node)));
      try {
        signals.values().forEach(each -> each.start(Executors.defaultThreadFactory(), new Heard()));
        for (int i = 1; i <= CONNECTIONS; i++) {
          int expected = i;
          Awaitility.await()
              .pollDelay(Duration.ZERO)
              .pollInterval(Duration.ofMillis(2))
              .untilAsserted(
                  () -> {
                    List<String> behind =
                        signals.keySet().stream()
                            .filter(node -> server.published(node) < expected)
                            .toList();
                    behind.forEach(node -> signals.get(node).send("key", node));
                    assertEquals(List.of(), behind, () -> "nodes at connection " + expected);
                  });
        }
      } finally {
        signals.values().forEach(Signal::stop);
      }
    }
  }
}
