package devfest.studio.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.base.UnavailableException;
import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Published;
import devfest.studio.events.Visibility;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class HiddenFilesTest {

  private static final Published CHANGE =
      new Published(
          List.of(
              new LoggedEvent(
                  1,
                  Instant.EPOCH,
                  Event.of("picture.hidden")
                      .visibility(Visibility.PUBLIC)
                      .channel("events")
                      .data("{}")
                      .build())));

  /** A table that can be slow, or away. */
  private static final class Table extends HiddenFiles.Rows {

    private volatile Set<String> ids = Set.of();
    private volatile boolean away;
    private volatile CountDownLatch slow = new CountDownLatch(0);
    private final CountDownLatch reading = new CountDownLatch(1);
    private int reads;

    Table() {
      super(null);
    }

    @Override
    Set<String> all() {
      reads++;
      if (away) {
        throw new IllegalStateException("the database is away");
      }
      Set<String> found = ids;
      reading.countDown();
      try {
        slow.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return found;
    }
  }

  private final Table table = new Table();
  private final HiddenFiles files = new HiddenFiles(table);

  @Test
  void theIdsAreReadAgainAfterAChangeOnly() throws Exception {
    assertFalse(files.contains("a"));
    table.ids = Set.of("a");
    assertFalse(files.contains("a"));
    files.published(CHANGE);
    assertTrue(files.contains("a"));
    assertTrue(files.contains("a"));
    assertEquals(2, table.reads);
  }

  @Test
  void aSlowReadDoesNotReplaceANewerState() throws Exception {
    table.slow = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Boolean> before = threads.submit(() -> files.contains("a"));
      table.reading.await();
      table.ids = Set.of("a");
      files.published(CHANGE);
      Future<Boolean> after = threads.submit(() -> files.contains("a"));
      table.slow.countDown();
      before.get();
      assertTrue(after.get());
      assertTrue(files.contains("a"));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void inAnOutageTheLastKnownStateCountsWithoutAQueryForEachPicture() throws Exception {
    table.ids = Set.of("a");
    assertTrue(files.contains("a"));
    table.away = true;
    files.published(CHANGE);
    for (int i = 0; i < 10; i++) {
      assertTrue(files.contains("a"));
    }
    assertEquals(2, table.reads);
  }

  @Test
  void withoutAnyKnownStateNothingIsServed() {
    table.away = true;
    assertThrows(UnavailableException.class, () -> files.contains("a"));
  }
}
