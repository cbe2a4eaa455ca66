package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.http.Limit;
import devfest.studio.http.Problem;
import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import devfest.studio.settings.Frequency;
import devfest.studio.settings.Values;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rates and reservations of several nodes with one PostgreSQL. */
class PostgresLimitsIT {

  private static final Topology SHARED = new Topology(true);

  /** Ten per minute. */
  private static final Limit LIMIT = Limit.MENTIONS;

  private static final LimitSettings SETTINGS =
      LimitSettings.from(Values.of(name -> Optional.empty()));

  private static Database database;
  private static Transactions transactions;

  private Duration passed = Duration.ZERO;

  /** The clock of the database. */
  private final Clock clock =
      new Clock() {
        private final Instant start = Instant.now();

        @Override
        public Instant instant() {
          return start.plus(passed);
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

  private final RateRows rateRows =
      new RateRows(transactions.em(), clock) {
        @Override
        Count take(Limit limit, Frequency frequency, String key, int actions) {
          return transactions.in(() -> super.take(limit, frequency, key, actions));
        }

        @Override
        void prune() {
          transactions.run(super::prune);
        }
      };

  private final String user = "ann-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    database = Database.postgres();
    transactions = new Transactions(database);
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @BeforeEach
  void registerNodes() {
    for (String node : new String[] {"a", "b"}) {
      transactions.run(() -> TestCluster.unregister(transactions.em(), node));
      transactions.run(() -> TestCluster.register(transactions.em(), node));
    }
  }

  private Rates rates() {
    return new Rates(SHARED, rateRows, SETTINGS);
  }

  private boolean passes(Rates node) {
    try {
      node.take(LIMIT, user);
      return true;
    } catch (Problem e) {
      assertEquals(429, e.status());
      return false;
    }
  }

  @Test
  void racingActionsAtTwoNodesTogetherPassTheLimitOfOne() {
    Rates[] nodes = {rates(), rates()};
    long passed = IntStream.range(0, 100).parallel().filter(i -> passes(nodes[i % 2])).count();
    assertEquals(10, passed);
  }

  @Test
  void frequentActionsAtTwoNodesPassTheLimitOfOneGiveOrTakeABatch() {
    Rates[] nodes = {rates(), rates()};
    long passed =
        IntStream.range(0, 900)
            .parallel()
            .filter(
                i -> {
                  try {
                    nodes[i % 2].take(Limit.TICKETS, user);
                    return true;
                  } catch (Problem e) {
                    return false;
                  }
                })
            .count();
    assertTrue(passed >= 270 && passed <= 330, () -> passed + " of 300");
  }

  @Test
  void aRefusalByAnotherNodesActionsStatesWhenToRetry() {
    Rates here = rates();
    Rates elsewhere = rates();
    IntStream.range(0, 10).forEach(i -> elsewhere.take(LIMIT, user));
    Problem refused = assertThrows(Problem.class, () -> here.take(LIMIT, user));
    assertEquals(Duration.ofSeconds(6), refused.retryAfter());
    passed = Duration.ofMillis(5_999);
    assertFalse(passes(rates()));
    passed = Duration.ofSeconds(6);
    assertTrue(passes(rates()));
    assertFalse(passes(rates()));
  }

  @Test
  void onlyFullBucketsArePruned() {
    IntStream.range(0, 10).forEach(i -> rates().take(LIMIT, user));
    rates().prune();
    assertFalse(passes(rates()));
    passed = Duration.ofMinutes(2);
    rates().prune();
    transactions.run(
        () ->
            assertEquals(
                0,
                transactions
                    .em()
                    .createNativeQuery("select code from rate")
                    .getResultList()
                    .size()));
    assertEquals(10, IntStream.range(0, 20).filter(i -> passes(rates())).count());
  }

  private Reservations reservations(String node) {
    ReservationRows rows =
        new ReservationRows(transactions.em(), clock, new TestCluster(node)) {
          @Override
          boolean reserve(Reservations.Key key) {
            return transactions.in(() -> super.reserve(key));
          }

          @Override
          boolean renew(Reservations.Key key) {
            return transactions.in(() -> super.renew(key));
          }

          @Override
          boolean release(Reservations.Key key) {
            return transactions.in(() -> super.release(key));
          }

          @Override
          void prune() {
            transactions.run(super::prune);
          }
        };
    return new Reservations(SHARED, rows);
  }

  private Reservations.Key key() {
    return new Reservations.Key("work", user, UUID.randomUUID().toString());
  }

  @Test
  void oneOfTwoRacingNodesGetsAReservation() {
    for (int i = 0; i < 20; i++) {
      Reservations.Key[] keys = {key(), key()};
      long reserved =
          IntStream.range(0, 2)
              .parallel()
              .filter(node -> reservations(node == 0 ? "a" : "b").reserve(keys[node]))
              .count();
      assertEquals(1, reserved);
      reservations("a").release(keys[0]);
      reservations("b").release(keys[1]);
    }
  }

  @Test
  void aReservationEndsWhenItIsReleased() {
    Reservations.Key first = key();
    assertTrue(reservations("a").reserve(first));
    assertFalse(reservations("b").reserve(key()));
    reservations("b").release(key());
    assertFalse(reservations("b").reserve(key()), "only its holder releases it");
    reservations("a").release(first);
    assertTrue(reservations("b").reserve(key()));
  }

  @Test
  void aLateReleaseDoesNotEndTheNextReservationOfTheNode() {
    Reservations.Key first = key();
    assertTrue(reservations("a").reserve(first));
    assertTrue(reservations("a").reserve(key()), "the node itself knows that the first one ended");
    reservations("a").release(first);
    assertFalse(reservations("b").reserve(key()));
  }

  @Test
  void aReservationThatIsNotRenewedExpires() {
    Reservations.Key key = key();
    assertTrue(reservations("a").reserve(key));
    passed = Reservations.LEASE;
    reservations("a").renew(key);
    passed = Reservations.LEASE.multipliedBy(2);
    assertFalse(reservations("b").reserve(key()));
    passed = passed.plusMillis(1);
    assertTrue(reservations("b").reserve(key()));
  }

  @Test
  void aReservationEndsWithItsNode() {
    assertTrue(reservations("a").reserve(key()));
    transactions.run(() -> TestCluster.unregister(transactions.em(), "a"));
    assertTrue(reservations("b").reserve(key()));
  }

  @Test
  void onlyExpiredReservationsArePruned() {
    Reservations.Key key = key();
    assertTrue(reservations("a").reserve(key));
    reservations("a").prune();
    assertFalse(reservations("b").reserve(key()));
    passed = Reservations.LEASE.plusMillis(1);
    reservations("a").prune();
    assertTrue(reservations("b").reserve(key()));
  }
}
