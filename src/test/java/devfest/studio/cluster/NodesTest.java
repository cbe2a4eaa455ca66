package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodesTest {

  @TempDir Path dir;
  private Database database;
  private Transactions transactions;
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private final List<String> lost = new ArrayList<>();
  private final List<String> rejoined = new ArrayList<>();
  private Nodes nodes;

  @BeforeEach
  void open() {
    database = Database.h2(dir);
    transactions = new Transactions(database);
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return now;
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
          }
        };
    nodes =
        new Nodes(
            transactions.em(),
            clock,
            Transactions.observed(event -> lost.add(event.nodeId())),
            Transactions.observed(event -> rejoined.add(event.nodeId())));
    transactions.run(() -> nodes.join("a", "node-a"));
    transactions.run(() -> nodes.join("b", "node-b"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private List<String> renew(String id) {
    return transactions.in(() -> nodes.renew(id, "node-" + id));
  }

  /** Renews one node for a while, and returns the lost nodes of the last renewal. */
  private List<String> renewFor(String id, Duration time) {
    List<String> found = List.of();
    for (Instant end = now.plus(time); now.isBefore(end); ) {
      now = now.plus(Nodes.RENEWAL);
      found = renew(id);
    }
    return found;
  }

  @Test
  void aNodeThatIsNotSeenForFifteenSecondsIsRemovedOnce() {
    assertEquals(List.of(), renewFor("a", Nodes.LOST));
    assertEquals(List.of("b"), renewFor("a", Nodes.RENEWAL));
    transactions.run(() -> nodes.removeLost("b"));
    transactions.run(() -> nodes.removeLost("b"));
    assertEquals(List.of("b"), lost);
    assertEquals(List.of(), renewFor("a", Nodes.RENEWAL));
  }

  @Test
  void aNodeThatReturnsJustBeforeItsRemovalStays() {
    assertEquals(List.of("b"), renewFor("a", Nodes.LOST.plus(Nodes.RENEWAL)));
    assertEquals(List.of(), renew("b"));
    transactions.run(() -> nodes.removeLost("b"));
    assertEquals(List.of(), lost);
  }

  @Test
  void afterAnOutageOfTheDatabaseNoNodeIsRemovedBeforeAllHadTimeToRenew() {
    now = now.plus(Duration.ofMinutes(5));
    assertEquals(List.of(), renew("a"));
    assertEquals(List.of(), renew("b"));
    assertEquals(List.of(), renewFor("a", Nodes.LOST));
  }

  @Test
  void aNodeThatWasRemovedWhileItWasFrozenRejoinsUnderTheSameId() {
    assertEquals(List.of("b"), renewFor("a", Nodes.LOST.plus(Nodes.RENEWAL)));
    transactions.run(() -> nodes.removeLost("b"));
    assertEquals(List.of(), renew("b"));
    assertEquals(List.of("b"), rejoined);
    assertEquals(List.of(), renew("b"));
    assertEquals(List.of("b"), rejoined);
  }

  @Test
  void aNodeThatStopsIsRemovedAfterItsClientsHadTimeToReconnect() {
    transactions.run(() -> nodes.leave("b"));
    assertEquals(List.of(), renewFor("a", Nodes.RECONNECT));
    assertEquals(List.of("b"), renewFor("a", Nodes.RENEWAL));
    transactions.run(() -> nodes.removeLost("b"));
    assertEquals(List.of("b"), lost);
  }
}
