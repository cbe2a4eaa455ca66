package devfest.studio.jobs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.base.Backoff;
import devfest.studio.http.Outage;
import devfest.studio.log.Database;
import jakarta.persistence.PersistenceException;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract of jobs on every database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("try") // closing stops the worker
abstract class JobsContract {

  private static final Duration LEASE = Duration.ofSeconds(10);

  /** The work of a chore. */
  private interface Deed {
    void run(Chore chore, Attempt attempt) throws Exception;
  }

  private final Time time = new Time();
  Database database;
  Transactions transactions;
  private Leases leases;

  abstract Database open();

  @BeforeAll
  void openDatabase() {
    database = open();
    transactions = new Transactions(database);
    leases = transactions.leases(time);
    transactions.run(() -> transactions.em().createNativeQuery(Chore.TABLE).executeUpdate());
  }

  @AfterAll
  void closeDatabase() {
    database.close();
  }

  @BeforeEach
  void empty() {
    time.passed = Duration.ZERO;
    transactions.run(() -> transactions.em().createQuery("delete from Chore c").executeUpdate());
  }

  /** A clock that can be put forward. */
  private static final class Time extends Clock {
    private volatile Duration passed = Duration.ZERO;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(passed);
    }

    void pass(Duration more) {
      passed = passed.plus(more);
    }
  }

  class Chores implements Work<Chore> {
    private final Deed deed;
    private Duration timeout = Duration.ofMinutes(1);
    private int attempts = 3;
    private int perUser = Integer.MAX_VALUE;

    Chores(Deed deed) {
      this.deed = deed;
    }

    @Override
    public Class<Chore> type() {
      return Chore.class;
    }

    @Override
    public Set<? extends Enum<?>> openStatuses() {
      return Set.of(Chore.Status.OPEN);
    }

    @Override
    public int concurrency() {
      return 2;
    }

    @Override
    public int perUser() {
      return perUser;
    }

    @Override
    public Duration lease() {
      return LEASE;
    }

    @Override
    public Optional<Duration> timeout() {
      return Optional.of(timeout);
    }

    @Override
    public int maxAttempts() {
      return attempts;
    }

    @Override
    public Backoff backoff() {
      return new Backoff(Duration.ofSeconds(4), 3, Duration.ofSeconds(20));
    }

    @Override
    public String faultMessage() {
      return "fault";
    }

    @Override
    public void failed(Chore chore, String reason) {
      chore.end(Chore.Status.FAILED, reason);
    }

    @Override
    public void run(Chore chore, Attempt attempt) throws Exception {
      deed.run(chore, attempt);
      transactions.run(
          () ->
              leases
                  .lockClaimed(this, attempt)
                  .orElseThrow(attempt::lost)
                  .end(Chore.Status.DONE, null));
    }
  }

  final Chores idle = new Chores((chore, attempt) -> {});

  void add(String... ids) {
    transactions.run(
        () -> {
          for (String id : ids) {
            transactions.em().persist(new Chore(id, time.instant()));
          }
          leases.added(Chore.class);
        });
  }

  private Chore chore(String id) {
    return transactions.in(() -> transactions.em().find(Chore.class, id));
  }

  private Attempt claim(String id) {
    Attempt attempt = new Attempt(id, "", Optional.empty());
    assertTrue(leases.claim(idle, attempt).isPresent(), id);
    return attempt;
  }

  private List<String> due(int limit) {
    return ids(leases.due(idle, List.of(), limit, Duration.ZERO));
  }

  private static List<String> ids(Leases.Due due) {
    return due.jobs().stream().map(Leases.Found::id).toList();
  }

  private boolean holds(Attempt attempt) {
    return leases.lockClaimed(idle, attempt).isPresent();
  }

  @Test
  void aClaimHoldsUntilItsLeaseEnds() {
    add("a");
    assertEquals(List.of("a"), due(10));
    claim("a");
    assertEquals(List.of(), due(10));
    time.pass(LEASE.minusSeconds(2));
    assertFalse(leases.claim(idle, new Attempt("a", "", Optional.empty())).isPresent());
    time.pass(Duration.ofSeconds(3));
    assertEquals(List.of("a"), due(10));
    claim("a");
    assertEquals(2, chore("a").lease().attempts());
  }

  @Test
  void aJobRunsAsSoonAsItIsDue() throws Exception {
    Instant dueAt = time.instant().plusMillis(2_300);
    transactions.run(() -> transactions.em().persist(new Chore("a", dueAt)));
    Leases.Due next = leases.due(idle, List.of(), 10, Duration.ofSeconds(3));
    assertEquals(List.of(), next.jobs());
    assertTrue(next.next().toMillis() <= 2_300, next::toString);
    AtomicReference<Instant> ranAt = new AtomicReference<>();
    Chores punctual = new Chores((chore, attempt) -> ranAt.set(time.instant()));
    try (AutoCloseable loop = transactions.work(punctual, leases)) {
      awaitEnd(Chore.Status.DONE, "a");
    }
    Duration late = Duration.between(dueAt, ranAt.get());
    assertFalse(late.isNegative(), late::toString);
    assertTrue(late.toMillis() < 600, late::toString);
  }

  @Test
  void itIsKnownForHowLongAJobHasWaited() {
    add("a");
    assertTrue(leases.overdue(idle).toMillis() < 1_000);
    time.pass(LEASE);
    Duration waited = leases.overdue(idle);
    assertTrue(waited.compareTo(LEASE) >= 0, waited::toString);
    claim("a");
    assertEquals(Duration.ZERO, leases.overdue(idle));
  }

  @Test
  void aLoopLooksAsSoonAsAClaimExpires() {
    add("a", "b");
    claim("a");
    Duration ahead = Duration.ofSeconds(3);
    assertEquals(
        new Leases.Due(List.of(new Leases.Found("b", "")), ahead),
        leases.due(idle, List.of(), 1, ahead));
    time.pass(LEASE.minusSeconds(2));
    Leases.Due due = leases.due(idle, List.of(), 1, ahead);
    assertEquals(List.of("b"), ids(due), "a claimed job takes no place");
    assertTrue(due.next().compareTo(Duration.ofSeconds(2)) <= 0, due::toString);
    time.pass(due.next());
    assertEquals(List.of("a"), ids(leases.due(idle, List.of(), 1, ahead)));
  }

  @Test
  void aRenewedClaimHoldsForAnotherLease() {
    add("a");
    Attempt attempt = claim("a");
    time.pass(LEASE.minusSeconds(2));
    assertTrue(leases.renew(idle, attempt));
    time.pass(LEASE.minusSeconds(2));
    assertEquals(List.of(), due(10));
    assertTrue(holds(attempt));
  }

  @Test
  void onlyTheCurrentClaimEndsAJob() {
    add("a");
    Attempt dead = claim("a");
    time.pass(LEASE.plusSeconds(1));
    Attempt present = claim("a");
    assertFalse(holds(dead));
    assertFalse(leases.renew(idle, dead));
    assertFalse(leases.fail(idle, dead, "late", true));
    leases.release(idle, dead);
    assertTrue(chore("a").isOpen());
    assertTrue(holds(present));
    assertTrue(leases.fail(idle, present, "done for", true));
    assertEquals("done for", chore("a").reason());
    assertFalse(holds(present), "it ends once");
  }

  @Test
  void aReleaseOrAnOutageIsNotCountedAsAnAttempt() {
    add("a", "b");
    leases.release(idle, claim("a"));
    assertEquals(0, chore("a").lease().attempts());
    leases.suspend(idle, claim("b"), Duration.ofSeconds(5));
    assertEquals(0, chore("b").lease().attempts());
    assertEquals(List.of("a"), due(10));
    time.pass(Duration.ofSeconds(5));
    assertEquals(List.of("a", "b"), due(10));
  }

  @Test
  void eachFailedAttemptWaitsLongerAndTheLastEndsTheJob() {
    add("a");
    for (int seconds : new int[] {4, 12}) {
      Attempt attempt = claim("a");
      Instant before = time.instant();
      assertTrue(leases.fail(idle, attempt, "no luck", false));
      Duration wait = Duration.between(before, chore("a").lease().dueAt());
      assertTrue(wait.toMillis() >= seconds * 1_000L - 1, wait::toString);
      assertTrue(wait.toMillis() <= seconds * 1_250L + 5_000, wait::toString);
      assertEquals(List.of(), due(10));
      time.pass(wait.plusMillis(5));
    }
    leases.fail(idle, claim("a"), "no luck", false);
    assertEquals(Chore.Status.FAILED, chore("a").status());
    assertEquals("no luck", chore("a").reason());
  }

  @Test
  void waitsAreBoundedAndVary() {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), 4, Duration.ofSeconds(30));
    Set<Duration> seen = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 100; i++) {
      Duration wait = backoff.after(9);
      assertTrue(wait.toMillis() >= 30_000 && wait.toMillis() <= 37_500, wait::toString);
      seen.add(wait);
    }
    assertTrue(seen.size() > 10, seen::toString);
  }

  @Test
  void aJobFailsWhenItsWorkersKeepDying() {
    add("a");
    for (int i = 0; i < 3; i++) {
      claim("a");
      time.pass(LEASE.plusSeconds(1));
    }
    assertFalse(leases.claim(idle, new Attempt("a", "", Optional.empty())).isPresent());
    assertEquals("fault", chore("a").reason());
  }

  @Test
  void racingClaimsOfAJobSucceedOnce() throws Exception {
    String[] ids = new String[60];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = "job" + i;
    }
    add(ids);
    Map<String, AtomicInteger> claims = new ConcurrentHashMap<>();
    ExecutorService pool = Executors.newFixedThreadPool(6);
    List<Future<?>> claimers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      claimers.add(
          pool.submit(
              () -> {
                List<String> due = due(5);
                while (!due.isEmpty()) {
                  for (String id : due) {
                    if (leases.claim(idle, new Attempt(id, "", Optional.empty())).isPresent()) {
                      claims.computeIfAbsent(id, key -> new AtomicInteger()).incrementAndGet();
                    }
                  }
                  due = due(5);
                }
              }));
    }
    for (Future<?> claimer : claimers) {
      claimer.get(60, TimeUnit.SECONDS);
    }
    pool.shutdown();
    assertEquals(Set.of(ids), claims.keySet());
    assertTrue(claims.values().stream().allMatch(n -> n.get() == 1), claims::toString);
  }

  private void awaitEnd(Chore.Status status, String id) {
    await().until(() -> chore(id).status() == status);
  }

  @Test
  void anAttemptThatWaitsForItsClaimIsNeitherLostNorTimedOut() throws Exception {
    Chores slowToClaim =
        new Chores((chore, attempt) -> attempt.check()) {
          @Override
          public Duration lease() {
            return Duration.ofSeconds(8); // renewed every two seconds
          }

          @Override
          public void claimed(Chore chore) {
            sleep(Duration.ofSeconds(4));
          }
        };
    slowToClaim.timeout = Duration.ofSeconds(1);
    add("slow");
    try (AutoCloseable loop = transactions.work(slowToClaim, leases)) {
      awaitEnd(Chore.Status.DONE, "slow");
      assertEquals(1, chore("slow").lease().attempts());
    }
  }

  private static void sleep(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aJobAddedOnThisNodeStartsAtOnce() throws Exception {
    try (AutoCloseable loop = transactions.work(idle, leases)) {
      long start = System.nanoTime();
      for (int i = 0; i < 12; i++) {
        add("prompt" + i);
        String id = "prompt" + i;
        await().pollInterval(Duration.ofMillis(5)).until(() -> !chore(id).isOpen());
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.toSeconds() < 10, "by ticks alone it takes 12 s, and took " + took);
    }
  }

  @Test
  void concurrentJobsAreLimited() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Chores counting =
        new Chores(
            (chore, attempt) -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              TimeUnit.MILLISECONDS.sleep(300);
              now.decrementAndGet();
            });
    add("a", "b", "c", "d", "e", "f");
    try (AutoCloseable loop = transactions.work(counting, leases)) {
      for (String id : List.of("a", "b", "c", "d", "e", "f")) {
        awaitEnd(Chore.Status.DONE, id);
      }
    }
    assertEquals(2, most.get());
  }

  @Test
  void aUserWithSlowJobsLeavesRoomForOthers() throws Exception {
    Set<String> working = ConcurrentHashMap.newKeySet();
    Chores slow =
        new Chores(
            (chore, attempt) -> {
              working.add(chore.id());
              if (chore.id().startsWith("ann")) {
                attempt.interruptible(() -> new CountDownLatch(1).await(1, TimeUnit.DAYS));
              }
            });
    slow.perUser = 1;
    // More than a search finds, and due before that of the other user.
    for (int i = 0; i < 20; i++) {
      add("ann" + i);
    }
    transactions.run(
        () -> transactions.em().persist(new Chore("bob", "bob", time.instant().plusMillis(1))));
    try (AutoCloseable loop = transactions.work(slow, leases)) {
      awaitEnd(Chore.Status.DONE, "bob");
      assertEquals(Set.of("ann0", "bob"), working);
    }
  }

  @Test
  void aStopReleasesJobsInProgress() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Chores endless =
        new Chores(
            (chore, attempt) ->
                attempt.interruptible(
                    () -> {
                      begun.countDown();
                      new CountDownLatch(1).await();
                      return null;
                    }));
    add("a");
    try (AutoCloseable loop = transactions.work(endless, leases)) {
      assertTrue(begun.await(20, TimeUnit.SECONDS));
    }
    assertEquals(0, chore("a").lease().attempts());
    assertEquals(List.of("a"), due(10), "another node goes on at once");
  }

  @Test
  void aTimeoutEndsABlockedJobAndFreesItsPlace() throws Exception {
    List<ServerSocket> opened = new ArrayList<>();
    Chores stuck =
        new Chores(
            (chore, attempt) -> {
              switch (chore.id()) {
                case "interruptible" ->
                    attempt.interruptible(() -> new CountDownLatch(1).await(1, TimeUnit.DAYS));
                case "closeable" -> {
                  ServerSocket socket = new ServerSocket(0);
                  opened.add(socket);
                  attempt.closeOnStop(socket);
                  attempt.interruptible(socket::accept);
                }
                case "deaf" -> deaf();
                default -> {
                  // done
                }
              }
            });
    stuck.timeout = Duration.ofMillis(300);
    stuck.attempts = 1;
    add("interruptible", "closeable");
    try (AutoCloseable loop = transactions.work(stuck, leases)) {
      awaitEnd(Chore.Status.FAILED, "interruptible");
      awaitEnd(Chore.Status.FAILED, "closeable");
      assertEquals("The job exceeded its time limit.", chore("closeable").reason());
      assertTrue(opened.get(0).isClosed());
      add("deaf");
      awaitEnd(Chore.Status.FAILED, "deaf");
      add("next1", "next2", "next3");
      for (String id : List.of("next1", "next2", "next3")) {
        awaitEnd(Chore.Status.DONE, id);
      }
    } finally {
      release.countDown();
    }
  }

  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger interrupts = new AtomicInteger();

  /** Neither an interrupt nor a close ends it. */
  private void deaf() {
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException e) {
        interrupts.incrementAndGet();
      }
    }
  }

  @Test
  void aJobEndedElsewhereStopsItsWorker() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Chores endless =
        new Chores(
            (chore, attempt) -> {
              try {
                attempt.interruptible(
                    () -> {
                      begun.countDown();
                      return new CountDownLatch(1).await(1, TimeUnit.DAYS);
                    });
              } finally {
                stopped.countDown();
              }
            });
    add("a");
    try (AutoCloseable loop = transactions.work(endless, leases)) {
      assertTrue(begun.await(20, TimeUnit.SECONDS));
      transactions.run(
          () -> {
            Chore chore = transactions.em().find(Chore.class, "a");
            chore.end(Chore.Status.DONE, "cancelled");
            leases.ended(chore);
          });
      assertTrue(stopped.await(20, TimeUnit.SECONDS));
    }
    assertEquals("cancelled", chore("a").reason());
  }

  @Test
  void workContinuesAfterAnOutage() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    Chores failing =
        new Chores(
            (chore, attempt) -> {
              if (tries.incrementAndGet() == 1) {
                throw new IOException("No space left on device");
              }
            });
    try (AutoCloseable loop = transactions.work(failing, leases)) {
      transactions.fail(new PersistenceException(new SQLException("away", "08006")));
      TimeUnit.MILLISECONDS.sleep(2_500);
      transactions.fail(null);
      add("a");
      awaitEnd(Chore.Status.DONE, "a");
    } finally {
      endDiskOutage();
    }
    assertEquals(2, tries.get());
    assertEquals(1, chore("a").lease().attempts(), "the outage did not count");
  }

  /** Ends the outage that a job reported, and waits until failures are not attributed to it. */
  private static void endDiskOutage() {
    Outage.DISK.end();
    await().until(() -> Outage.behind(new IOException("other")).isEmpty());
  }

  @Test
  void aFullDiskPostponesAllJobsInsteadOfTryingEachOfThem() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    AtomicBoolean full = new AtomicBoolean(true);
    Chores writing =
        new Chores(
            (chore, attempt) -> {
              tries.incrementAndGet();
              if (full.get()) {
                throw new IOException("No space left on device");
              }
            });
    writing.attempts = 1;
    String[] ids = {"a", "b", "c", "d", "e", "f"};
    add(ids);
    try (AutoCloseable loop = transactions.work(writing, leases)) {
      await().until(() -> tries.get() > 0);
      sleep(Duration.ofSeconds(4));
      assertTrue(tries.get() <= 2, "one per slot, and not " + tries);
      assertTrue(Outage.DISK.isOn(), "the health check and the log show it");
      full.set(false);
      for (String id : ids) {
        awaitEnd(Chore.Status.DONE, id);
        assertEquals(1, chore(id).lease().attempts(), id);
      }
    } finally {
      endDiskOutage();
    }
  }

  @Test
  void aJobInProgressSurvivesAnOutageOfTheDatabaseThatIsLongerThanItsLease() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    Chores interrupted =
        new Chores(
            (chore, attempt) -> {
              if (tries.incrementAndGet() == 1) {
                transactions.fail(new PersistenceException(new SQLException("away", "08006")));
              }
            });
    interrupted.attempts = 1;
    interrupted.timeout = Duration.ofSeconds(1);
    add("a");
    try (AutoCloseable loop = transactions.work(interrupted, leases)) {
      await().until(() -> tries.get() == 1);
      time.pass(LEASE.plusSeconds(1));
      sleep(Duration.ofSeconds(2));
      transactions.fail(null);
      awaitEnd(Chore.Status.DONE, "a");
    }
    assertEquals(2, tries.get());
    assertEquals(1, chore("a").lease().attempts());
  }

  @Test
  void aKnownReasonBecomesTheJobsError() throws Exception {
    Chores refusing =
        new Chores(
            (chore, attempt) -> {
              throw JobException.permanent("not this one", null);
            });
    add("a");
    try (AutoCloseable loop = transactions.work(refusing, leases)) {
      awaitEnd(Chore.Status.FAILED, "a");
    }
    assertEquals("not this one", chore("a").reason());
    assertEquals(1, chore("a").lease().attempts());
  }
}
