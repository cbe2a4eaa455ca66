package devfest.studio.transformations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Changed;
import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import devfest.studio.photos.Photos;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quota on a real database. */
class QuotaTest {

  private static final Instant EVENING = Instant.parse("2026-11-25T22:30:00Z");
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  @TempDir Path dir;
  private Database database;
  private Transactions transactions;
  private final List<Changed> changes = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() {
    database = Database.h2(dir);
    transactions = new Transactions(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Quota quota(int perDay, Instant now) {
    return new Quota(
        transactions.em(),
        Clock.fixed(now, ZoneOffset.UTC),
        Transactions.<Changed>observed(changes::add),
        new QuotaSettings(perDay, PARIS));
  }

  private static Transformation transformation(String owner) {
    return new Transformation(Photos.of(owner), "vintage", Display.SHOWN, EVENING);
  }

  /** Counts a new transformation of the user. */
  private Transformation take(Quota quota, String user) {
    Transformation transformation = transformation(user);
    transactions.run(() -> quota.charge(transformation));
    return transformation;
  }

  private Quota.State state(Quota quota, String user) {
    return transactions.in(() -> quota.of(user));
  }

  @Test
  void transformationsCountUpToTheLimit() {
    Quota quota = quota(2, EVENING);
    assertEquals(2, state(quota, "ann").remaining());
    take(quota, "ann");
    take(quota, "ann");
    assertEquals(0, state(quota, "ann").remaining());
    QuotaExhausted refusal = assertThrows(QuotaExhausted.class, () -> take(quota, "ann"));
    assertEquals(Optional.of(Duration.ofMinutes(30).plusSeconds(1)), refusal.retryAfter());
    assertEquals(2, state(quota, "ann").used());
    assertEquals(0, state(quota, "bob").used(), "users have their own quota");
    assertEquals(List.of(new Changed("quota", "ann"), new Changed("quota", "ann")), changes);
  }

  @Test
  void aDayEndsAtMidnightOfTheConfiguredZone() {
    Instant midnight = Instant.parse("2026-11-25T23:00:00Z");
    assertEquals(midnight, state(quota(2, EVENING), "ann").resetsAt());
    take(quota(2, midnight.minusMillis(1)), "ann");
    assertEquals(1, state(quota(2, midnight.minusMillis(1)), "ann").used());
    assertEquals(0, state(quota(2, midnight), "ann").used());
  }

  @Test
  void aLimitOfZeroMeansNoLimit() {
    Quota quota = quota(0, EVENING);
    for (int i = 0; i < 5; i++) {
      take(quota, "ann");
    }
    assertEquals(5, state(quota, "ann").used());
    assertNull(state(quota, "ann").remaining());
    assertEquals(0, state(quota, "ann").limit());
  }

  @Test
  void aTransformationIsRefundedOnceToTheDayOfItsAcceptance() {
    Quota today = quota(3, EVENING);
    Quota tomorrow = quota(3, EVENING.plus(Duration.ofDays(1)));
    Transformation transformation = take(today, "ann");
    take(today, "ann");
    take(tomorrow, "ann");
    transactions.run(() -> tomorrow.refund(transformation));
    transactions.run(() -> tomorrow.refund(transformation));
    assertEquals(1, state(today, "ann").used());
    assertEquals(1, state(tomorrow, "ann").used());
  }

  @Test
  void aTransformationThatWasNotCountedIsNotRefunded() {
    Quota quota = quota(3, EVENING);
    take(quota, "ann");
    transactions.run(() -> quota.refund(transformation("ann")));
    assertEquals(1, state(quota, "ann").used());
  }

  @Test
  void aRollbackCountsNothing() {
    Quota quota = quota(3, EVENING);
    assertThrows(
        IllegalStateException.class,
        () ->
            transactions.run(
                () -> {
                  quota.charge(transformation("ann"));
                  throw new IllegalStateException("the order fails");
                }));
    assertEquals(0, state(quota, "ann").used());
  }

  @Test
  void racingRequestsDoNotExceedTheLimit() throws Exception {
    Quota quota = quota(5, EVENING);
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Boolean>> racing = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        String user = i % 2 == 0 ? "ann" : "bob";
        racing.add(
            () -> {
              try {
                take(quota, user);
                return true;
              } catch (QuotaExhausted e) {
                return false;
              }
            });
      }
      int accepted = 0;
      for (Future<Boolean> future : pool.invokeAll(racing)) {
        accepted += future.get() ? 1 : 0;
      }
      assertEquals(10, accepted);
    } finally {
      pool.shutdown();
    }
    assertEquals(5, state(quota, "ann").used());
    assertEquals(5, state(quota, "bob").used());
  }

  @Test
  void oldDaysArePrunedAndNewOnesStillCount() {
    Quota old = quota(3, EVENING);
    take(old, "ann");
    Quota later = quota(3, EVENING.plus(Duration.ofDays(31)));
    transactions.run(later::prune);
    assertEquals(1, state(old, "ann").used(), "a refund is still possible");
    Quota last = quota(3, EVENING.plus(Duration.ofDays(32)));
    transactions.run(last::prune);
    assertEquals(0, state(old, "ann").used());
    take(last, "ann");
    assertEquals(1, state(last, "ann").used());
    assertTrue(last.today() > old.today());
  }
}
