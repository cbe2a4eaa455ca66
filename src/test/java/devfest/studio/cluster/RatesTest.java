package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.http.Limit;
import devfest.studio.http.Outage;
import devfest.studio.http.Problem;
import devfest.studio.settings.Frequency;
import devfest.studio.settings.Values;
import jakarta.persistence.PersistenceException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RatesTest {

  /** Ten per minute. */
  private static final Limit LIMIT = Limit.MENTIONS;

  /** 300 per minute, thus in batches of six. */
  private static final Limit FREQUENT = Limit.TICKETS;

  private static final LimitSettings SETTINGS =
      LimitSettings.from(Values.of(name -> Optional.empty()));

  /** The database, which other nodes use, too. */
  private static final class Rows extends RateRows {
    private int calls;
    private final Set<String> keys = new HashSet<>();
    private Count answer = new Count(Duration.ofSeconds(6), Optional.empty());
    private RuntimeException failure;

    Rows() {
      super(null, Clock.systemUTC());
    }

    @Override
    Count take(Limit limit, Frequency frequency, String key, int actions) {
      calls++;
      keys.add(key);
      if (failure != null) {
        throw failure;
      }
      return answer;
    }
  }

  private final Rows rows = new Rows();
  private final Rates rates = new Rates(new Topology(true), rows, SETTINGS);

  private Problem refusal() {
    return assertThrows(Problem.class, () -> rates.take(LIMIT, "ann"));
  }

  @Test
  void aRejectionStatesWhenToRetry() {
    for (int i = 0; i < 10; i++) {
      rates.takeHere(LIMIT, "ann", "192.0.2.7");
    }
    Problem refused = refusal();
    assertEquals(429, refused.status());
    assertEquals("At most 10 mentions per minute are allowed.", refused.getMessage());
    assertTrue(refused.retryAfter().toSeconds() <= 6);
    assertEquals(0, rows.calls, "this node refuses without the database");
  }

  @Test
  void theDatabaseRefusesWhatOtherNodesHaveUsedUp() {
    rows.answer = new RateRows.Count(Duration.ofMinutes(1), Optional.of(Duration.ofSeconds(6)));
    assertEquals(Duration.ofSeconds(6), refusal().retryAfter());
    refusal();
    assertEquals(1, rows.calls, "this node remembers the count of all nodes");
  }

  @Test
  void anEmbeddedDatabaseIsNotUsed() {
    new Rates(new Topology(false), rows, SETTINGS).take(LIMIT, "ann");
    assertEquals(0, rows.calls);
  }

  @Test
  void withoutTheDatabaseEachNodeCountsAlone() {
    rows.failure = new PersistenceException("away");
    for (int i = 0; i < 10; i++) {
      assertDoesNotThrow(() -> rates.take(LIMIT, "ann"));
    }
    assertEquals(429, refusal().status());
  }

  @Test
  void inAnOutageOfTheDatabaseNobodyWaitsForIt() {
    Outage.DATABASE.begin(new PersistenceException("away"));
    try {
      rates.take(LIMIT, "ann");
      assertEquals(0, rows.calls);
    } finally {
      Outage.DATABASE.end();
    }
    rates.take(LIMIT, "ann");
    assertEquals(1, rows.calls);
  }

  @Test
  void frequentActionsAreCountedOnAllNodesInBatches() {
    rows.answer = new RateRows.Count(Duration.ofMillis(1_200), Optional.empty());
    for (int i = 0; i < 6; i++) {
      rates.take(FREQUENT, "ann");
    }
    assertEquals(1, rows.calls);
    rates.take(FREQUENT, "ann");
    assertEquals(2, rows.calls);
  }

  @Test
  void anAddressIsNotTheUserWithTheSameName() {
    rates.take(LIMIT, "192.0.2.7");
    rates.takeAddress(LIMIT, "192.0.2.7");
    assertEquals(2, rows.keys.size());
  }
}
