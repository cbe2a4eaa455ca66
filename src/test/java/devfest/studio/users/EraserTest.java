package devfest.studio.users;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import devfest.studio.personal.Holding;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EraserTest {

  @TempDir Path dir;

  /** A holding whose erasure calls the function. */
  private record Part(String name, Predicate<String> erasure) implements Holding {
    @Override
    public boolean erase(String user) {
      return erasure.test(user);
    }
  }

  @Test
  void holdingsAreAskedUntilNoneHasAnythingAndAFailureRepeatsTheErasure() throws Exception {
    ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>(List.of("one"));
    AtomicInteger photos = new AtomicInteger(3);
    AtomicInteger failures = new AtomicInteger(1);
    Part events = new Part("events", user -> log.poll() != null);
    Part pictures =
        new Part(
            "photos",
            user -> {
              assertEquals("ann", user);
              if (photos.get() == 1 && failures.getAndDecrement() > 0) {
                throw new IllegalStateException("a conflict");
              }
              if (photos.get() == 0) {
                return false;
              }
              photos.decrementAndGet();
              return log.add("photo.deleted"); // which the first holding has to erase
            });
    try (Database database = Database.h2(dir)) {
      Transactions transactions = new Transactions(database);
      AtomicInteger ended = new AtomicInteger();
      var leases = transactions.leases(Clock.systemUTC());
      Erasures erasures =
          new Erasures(
              transactions.em(),
              Clock.systemUTC(),
              leases,
              null,
              null,
              Transactions.observed(erased -> ended.incrementAndGet())) {
            @Override
            void end(devfest.studio.jobs.Work<Erasure> work, devfest.studio.jobs.Attempt attempt) {
              transactions.run(() -> super.end(work, attempt));
            }
          };
      transactions.run(
          () -> transactions.em().persist(new Erasure("ann", Clock.systemUTC().instant())));
      try (AutoCloseable work =
          transactions.work(new Eraser(List.of(events, pictures), erasures), leases)) {
        assertTrue(work != null);
        Awaitility.await().until(() -> ended.get() == 1);
      }
      assertEquals(0, photos.get());
      assertTrue(log.isEmpty(), log::toString);
      long rows =
          transactions.in(
              () ->
                  transactions
                      .em()
                      .createQuery("select count(e) from Erasure e", Long.class)
                      .getSingleResult());
      assertEquals(0, rows);
    }
  }
}
