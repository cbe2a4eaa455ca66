package devfest.studio.transformations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.blobs.DiskStore;
import devfest.studio.blobs.Spool;
import devfest.studio.images.Jpeg;
import devfest.studio.images.Style;
import devfest.studio.images.Styles;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Transactions;
import devfest.studio.jobs.Work;
import devfest.studio.log.Database;
import devfest.studio.log.EventLog;
import devfest.studio.log.Logs;
import devfest.studio.photos.Discards;
import devfest.studio.photos.ImageSettings;
import devfest.studio.photos.Photo;
import devfest.studio.photos.Photos;
import devfest.studio.photos.Turns;
import devfest.studio.settings.DataSettings;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs by an engine of the test, on a real database and a real disk. */
@SuppressWarnings("try") // closing stops the worker
class PainterTest {

  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir Path dir;
  private Database database;
  private Transactions transactions;
  private Leases leases;
  private Photo photo;
  private DiskStore store;

  /** Runs when a result is written and its completion is not committed yet. */
  private Runnable beforeCompletion = () -> {};

  /** Blocks for ever at its first picture, and makes the others. */
  private static final class BlockingEngine implements StyleEngine {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final AtomicReference<Thread> blocked = new AtomicReference<>();

    @Override
    public String name() {
      return "blocking";
    }

    @Override
    public BufferedImage apply(Style style, BufferedImage photo, Rendering rendering)
        throws InterruptedException {
      rendering.at(0.5);
      if (blocked.compareAndSet(null, Thread.currentThread())) {
        begun.countDown();
        new CountDownLatch(1).await();
      }
      return photo;
    }
  }

  @BeforeEach
  void open() throws Exception {
    database = Database.h2(dir);
    transactions = new Transactions(database);
    leases = transactions.leases(CLOCK);
    store = new DiskStore(new DataSettings(dir), new Spool(new DataSettings(dir)));
    photo = Photos.of("ann");
    EventLog log = Logs.of(transactions.em());
    transactions.run(() -> log.open(false));
    transactions.run(() -> transactions.em().persist(photo));
    store.write(Photo.key(photo.id()), out -> Jpeg.write(Styles.builtIn().sample(), out, 0.9f));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Painter painter(StyleEngine engine, Duration timeout) {
    return painter(engine, timeout, 1);
  }

  private Painter painter(StyleEngine engine, Duration timeout, int attempts) {
    TransformationSettings settings =
        new TransformationSettings(Optional.of(1), 1_000, timeout, attempts);
    Announcer announcer =
        new Announcer(
            Logs.of(transactions.em()),
            null,
            CLOCK,
            user -> user,
            user -> user,
            Transactions.silent()) {
          @Override
          void announce(Step step) {
            if (step.kind() != Step.Kind.COMPLETED) { // whose links need a server
              super.announce(step);
            }
          }
        };
    Discards discards =
        new Discards(transactions.em(), CLOCK, leases) {
          @Override
          public void add(List<String> keys) {
            transactions.run(() -> super.add(keys));
          }
        };
    JobQueue queue =
        new JobQueue(
            transactions.em(),
            CLOCK,
            Transactions.silent(),
            leases,
            discards,
            announcer,
            new Quota(
                transactions.em(),
                CLOCK,
                Transactions.silent(),
                new QuotaSettings(0, ZoneOffset.UTC)),
            null,
            null,
            settings) {
          @Override
          boolean progress(
              Work<Transformation> work, Attempt attempt, double fraction, String step) {
            return transactions.in(() -> super.progress(work, attempt, fraction, step));
          }

          @Override
          boolean guard(Work<Transformation> work, Attempt attempt) {
            return transactions.in(() -> super.guard(work, attempt));
          }

          @Override
          boolean complete(Work<Transformation> work, Attempt attempt) {
            beforeCompletion.run();
            return transactions.in(() -> super.complete(work, attempt));
          }

          @Override
          boolean isCancelled(String id) {
            return transactions.in(() -> super.isCancelled(id));
          }
        };
    return new Painter(
        queue,
        store,
        discards,
        new Engines(List.of(engine)),
        Optional::empty,
        EnginesTest.styles("blocking"),
        new Turns(new ImageSettings(1 << 24, 1 << 28), 1),
        settings);
  }

  private String order() {
    return transactions.in(
        () -> {
          Transformation job = new Transformation(photo, "plain", Display.SHOWN, CLOCK.instant());
          transactions.em().persist(job);
          leases.added(Transformation.class);
          return job.id();
        });
  }

  private Transformation job(String id) {
    return transactions.in(() -> transactions.em().find(Transformation.class, id));
  }

  @Test
  void anEngineThatBlocksForEverLosesItsJobAtTheTimeoutAndFreesItsThread() throws Exception {
    BlockingEngine engine = new BlockingEngine();
    try (AutoCloseable work = transactions.work(painter(engine, Duration.ofMillis(800)), leases)) {
      String stuck = order();
      await().until(() -> job(stuck).status() == Status.FAILED);
      assertEquals("The job exceeded its time limit.", job(stuck).error());
      String next = order();
      await().until(() -> job(next).status() == Status.COMPLETED);
      assertTrue(Files.size(dir.resolve("transformations/" + next + ".jpg")) > 1_000);
      await().until(() -> !engine.blocked.get().isAlive());
    }
  }

  @Test
  void aCancelledJobFreesTheThreadOfAnEngineThatBlocks() throws Exception {
    BlockingEngine engine = new BlockingEngine();
    try (AutoCloseable work = transactions.work(painter(engine, Duration.ofMinutes(1)), leases)) {
      String id = order();
      engine.begun.await();
      transactions.run(
          () -> {
            Transformation job = transactions.em().find(Transformation.class, id);
            job.cancel(CLOCK.instant());
            leases.ended(job);
          });
      await().until(() -> !engine.blocked.get().isAlive());
      String next = order();
      await().until(() -> job(next).status() == Status.COMPLETED);
      assertEquals(Status.CANCELLED, job(id).status());
    }
  }

  /** An engine that returns the photo itself. */
  private static final class PlainEngine implements StyleEngine {
    @Override
    public String name() {
      return "blocking";
    }

    @Override
    public BufferedImage apply(Style style, BufferedImage photo, Rendering rendering) {
      return photo;
    }
  }

  private Path result(String id) {
    return dir.resolve(Transformation.resultKey(id));
  }

  /** The keys of the blobs that will be deleted. */
  private List<String> discarded() {
    return transactions.in(
        () ->
            transactions
                .em()
                .createQuery("select d.keys from Discard d", String.class)
                .getResultList());
  }

  @Test
  void aResultWhoseCompletionIsNotCommittedIsDeletedLater() throws Exception {
    beforeCompletion =
        () -> {
          throw new IllegalStateException("lost");
        };
    try (AutoCloseable work =
        transactions.work(painter(new PlainEngine(), Duration.ofMinutes(1)), leases)) {
      String id = order();
      await().until(() -> job(id).status() == Status.FAILED);
      assertTrue(Files.exists(result(id)));
      assertEquals(List.of(String.join("\n", job(id).resultKeys())), discarded());
    }
  }

  @Test
  void aLaterAttemptKeepsTheResultThatAnEarlierOneLeftBehind() throws Exception {
    AtomicBoolean first = new AtomicBoolean(true);
    beforeCompletion =
        () -> {
          if (first.getAndSet(false)) {
            throw new IllegalStateException("lost");
          }
        };
    try (AutoCloseable work =
        transactions.work(painter(new PlainEngine(), Duration.ofMinutes(1), 2), leases)) {
      String id = order();
      await().until(() -> job(id).status() == Status.COMPLETED);
      assertEquals(2, job(id).lease().attempts());
      assertTrue(Files.exists(result(id)));
      assertEquals(List.of(), discarded());
    }
  }

  @Test
  void aPhotoThatCannotBeDecodedFailsAtTheFirstAttempt() throws Exception {
    store.write(Photo.key(photo.id()), out -> out.write("no picture".getBytes(UTF_8)));
    try (AutoCloseable work =
        transactions.work(painter(new PlainEngine(), Duration.ofMinutes(1), 3), leases)) {
      String id = order();
      await().until(() -> job(id).status() == Status.FAILED);
      assertEquals(1, job(id).lease().attempts());
    }
  }
}
