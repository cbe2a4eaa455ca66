package devfest.studio.photos;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobStore;
import devfest.studio.blobs.DiskStore;
import devfest.studio.blobs.Spool;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import devfest.studio.settings.DataSettings;
import jakarta.persistence.PersistenceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blobs and the rows that have them deleted, on a real database and a real disk. */
@SuppressWarnings("try") // closing stops the worker
class DiscardsTest {

  private static final Duration TWO_HOURS = Duration.ofHours(2);

  @TempDir Path dir;
  private Database database;
  private Transactions transactions;
  private DiskStore store;
  private Runnable beforeRemoval = () -> {};

  @BeforeEach
  void open() {
    database = Database.h2(dir);
    transactions = new Transactions(database);
    store = new DiskStore(new DataSettings(dir), new Spool(new DataSettings(dir)));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Discards discards(Clock clock) {
    return new Discards(transactions.em(), clock, transactions.leases(clock));
  }

  private Discards discards() {
    return discards(Clock.systemUTC());
  }

  private AutoCloseable sweep(BlobStore from, Clock clock) {
    Leases leases = transactions.leases(clock);
    Discards swept =
        new Discards(transactions.em(), clock, leases) {
          @Override
          void remove(String id) {
            beforeRemoval.run();
            transactions.run(() -> super.remove(id));
          }
        };
    return transactions.work(new Sweep(from, swept), leases);
  }

  private Path blob(String key) throws IOException {
    store.write(key, out -> out.write(1));
    return dir.resolve(key);
  }

  private long rows() {
    return transactions.in(
        () ->
            transactions
                .em()
                .createQuery("select count(d) from Discard d", Long.class)
                .getSingleResult());
  }

  @Test
  void aDeletionThatIsRolledBackKeepsItsBlobs() throws Exception {
    Path file = blob("photos/1.jpg");
    assertThrows(
        IllegalStateException.class,
        () ->
            transactions.run(
                () -> {
                  discards().add(List.of("photos/1.jpg"));
                  transactions.em().flush();
                  throw new IllegalStateException("rolled back");
                }));
    try (AutoCloseable sweep = sweep(store, Clock.systemUTC())) {
      Path other = blob("photos/2.jpg");
      transactions.run(() -> discards().add(List.of("photos/2.jpg")));
      await().until(() -> Files.notExists(other));
    }
    assertTrue(Files.exists(file));
  }

  @Test
  void blobsAreSweptAfterAKillBetweenCommitAndSweep() throws Exception {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      keys.add("photos/" + i + ".jpg");
      blob("photos/" + i + ".jpg");
    }
    transactions.run(() -> discards().add(keys));
    database.close(); // nothing has swept
    open();
    assertTrue(Files.exists(dir.resolve("photos/0.jpg")));
    assertEquals(3, rows());
    try (AutoCloseable sweep = sweep(store, Clock.systemUTC())) {
      await().until(() -> rows() == 0);
    }
    for (String key : keys) {
      assertFalse(Files.exists(dir.resolve(key)), key);
    }
  }

  @Test
  void aBlobThatNoRowRefersToIsDeletedLater() throws Exception {
    transactions.in(() -> discards().guard(List.of("archives/1.zip")));
    Path file = blob("archives/1.zip");
    try (AutoCloseable sweep = sweep(store, Clock.systemUTC())) {
      TimeUnit.MILLISECONDS.sleep(1_500);
    }
    assertTrue(Files.exists(file), "it may still be kept");
    try (AutoCloseable sweep = sweep(store, Clock.offset(Clock.systemUTC(), TWO_HOURS))) {
      await().until(() -> Files.notExists(file));
    }
  }

  @Test
  void aKeptBlobStaysAndAnExpiredOneIsDeletedAtOnce() throws Exception {
    String kept = transactions.in(() -> discards().guard(List.of("archives/1.zip")));
    String expired = transactions.in(() -> discards().guard(List.of("archives/2.zip")));
    Path first = blob("archives/1.zip");
    Path second = blob("archives/2.zip");
    transactions.run(() -> discards().keep(kept));
    transactions.run(() -> discards().expire(kept));
    transactions.run(() -> discards().expire(expired));
    try (AutoCloseable sweep = sweep(store, Clock.offset(Clock.systemUTC(), TWO_HOURS))) {
      await().until(() -> Files.notExists(second) && rows() == 0);
    }
    assertTrue(Files.exists(first));
    assertThrows(
        IllegalStateException.class, () -> transactions.run(() -> discards().keep(expired)));
  }

  @Test
  void anUnreachableStoreIsRetried() throws Exception {
    Path file = blob("photos/1.jpg");
    AtomicInteger tries = new AtomicInteger();
    BlobStore away =
        new BlobStore() {
          @Override
          public long write(String key, Content content) throws IOException {
            return store.write(key, content);
          }

          @Override
          public Blob open(String key) throws IOException {
            return store.open(key);
          }

          @Override
          public void delete(String key) throws IOException {
            if (tries.incrementAndGet() == 1) {
              throw new IOException("away");
            }
            store.delete(key);
          }

          @Override
          public void check() throws IOException {
            store.check();
          }
        };
    transactions.run(() -> discards().add(List.of("photos/1.jpg")));
    try (AutoCloseable sweep = sweep(away, Clock.systemUTC())) {
      await().until(() -> Files.notExists(file) && rows() == 0);
    }
    assertEquals(2, tries.get());
  }

  @Test
  void aGuardIsNotKeptAfterAnInterruptedDeletion() throws Exception {
    String guard = transactions.in(() -> discards().guard(List.of("archives/1.zip")));
    Path file = blob("archives/1.zip");
    transactions.run(() -> discards().expire(guard));
    CountDownLatch interrupted = new CountDownLatch(1);
    beforeRemoval =
        () -> {
          interrupted.countDown();
          throw new PersistenceException(new SQLException("away", "08006"));
        };
    try (AutoCloseable sweep = sweep(store, Clock.systemUTC())) {
      assertTrue(interrupted.await(20, TimeUnit.SECONDS));
    }
    assertFalse(Files.exists(file));
    assertEquals(1, rows());
    assertThrows(IllegalStateException.class, () -> transactions.run(() -> discards().keep(guard)));
    assertThrows(
        IllegalStateException.class,
        () -> transactions.run(() -> discards().guard(guard, List.of("archives/1.zip"))));
  }

  @Test
  void aGuardThatIsTakenAgainLastsForAnotherHour() throws Exception {
    Path file = blob("transformations/1.jpg");
    List<String> keys = List.of("transformations/1.jpg");
    transactions.run(() -> discards().guard("job", keys));
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(40));
    transactions.run(() -> discards(later).guard("job", keys));
    Clock muchLater = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(80));
    try (AutoCloseable sweep = sweep(store, muchLater)) {
      TimeUnit.MILLISECONDS.sleep(1_500);
    }
    assertTrue(Files.exists(file));
    assertEquals(1, rows());
  }
}
