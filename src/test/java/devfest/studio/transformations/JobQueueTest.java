package devfest.studio.transformations;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.images.Styles;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import devfest.studio.photos.Photo;
import devfest.studio.photos.Photos;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue on a real database. */
class JobQueueTest {

  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final TransformationSettings SETTINGS =
      new TransformationSettings(Optional.of(1), 1_000, Duration.ofMinutes(1), 3);

  @TempDir Path dir;
  private Database database;
  private Transactions transactions;
  private final Photo photo = Photos.of("ann");

  @BeforeEach
  void open() {
    database = Database.h2(dir);
    transactions = new Transactions(database);
    transactions.run(() -> transactions.em().persist(photo));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private String add(Instant at) {
    return transactions.in(
        () -> {
          Transformation job = new Transformation(photo, "vintage", Display.SHOWN, at);
          transactions.em().persist(job);
          return job.id();
        });
  }

  /** The ids of the jobs in the order of their positions. */
  private List<String> byPosition(String... ids) {
    JobQueue queue =
        new JobQueue(
            transactions.em(),
            Clock.systemUTC(),
            Transactions.silent(),
            null,
            null,
            null,
            null,
            null,
            null,
            SETTINGS);
    Map<Long, String> positions = new TreeMap<>();
    for (String id : ids) {
      long position =
          transactions.in(() -> queue.position(transactions.em().find(Transformation.class, id)));
      positions.put(position, id);
    }
    return List.copyOf(positions.values());
  }

  private List<String> inOrderOfClaims() {
    Leases leases =
        transactions.leases(Clock.fixed(NOON.plus(Duration.ofHours(1)), ZoneOffset.UTC));
    Styles styles = Styles.builtIn();
    Painter painter = new Painter(null, null, null, null, null, styles, null, SETTINGS);
    return leases.due(painter, List.of(), 10, Duration.ZERO).jobs().stream()
        .map(Leases.Found::id)
        .toList();
  }

  @Test
  void positionsAreInTheOrderOfClaims() {
    String postponed = add(NOON);
    String second = add(NOON.plusSeconds(1));
    String third = add(NOON.plusSeconds(20));
    String simultaneous = add(NOON.plusSeconds(20));
    assertEquals(inOrderOfClaims(), byPosition(simultaneous, third, second, postponed));
    transactions.run(
        () -> {
          Transformation job = transactions.em().find(Transformation.class, postponed);
          job.lease().postpone(NOON.plusSeconds(10));
          job.requeue();
        });
    List<String> order = byPosition(simultaneous, third, second, postponed);
    assertEquals(List.of(second, postponed), order.subList(0, 2));
    assertEquals(inOrderOfClaims(), order);
  }
}
