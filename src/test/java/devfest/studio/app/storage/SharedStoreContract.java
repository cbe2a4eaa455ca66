package devfest.studio.app.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.base.UnavailableException;
import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobStore;
import devfest.studio.blobs.DiskStore;
import devfest.studio.blobs.Spool;
import devfest.studio.http.Outage;
import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import devfest.studio.settings.DataSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes with directories, which they share or not, on one real database. */
abstract class SharedStoreContract {

  static final String KEY = "photos/1.jpg";

  @TempDir Path dir;
  private Database database;
  private Transactions transactions;

  abstract Database database();

  @BeforeEach
  void open() {
    database = database();
    transactions = new Transactions(database);
  }

  @AfterEach
  void close() {
    Outage.STORE.end();
    database.close();
  }

  /** A node whose calls of the marker are transactions. */
  SharedStore node(BlobStore store) {
    return new SharedStore(
        store,
        new Marker(transactions.em()) {
          @Override
          String get(Creation creation) throws IOException {
            try {
              return transactions.in(
                  () -> {
                    try {
                      return super.get(creation);
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
            } catch (UncheckedIOException e) {
              throw e.getCause();
            }
          }
        });
  }

  DiskStore disk(String name) {
    DataSettings data = new DataSettings(dir.resolve(name));
    return new DiskStore(data, new Spool(data));
  }

  SharedStore node(String name) {
    return node(disk(name));
  }

  static void write(BlobStore store) throws IOException {
    assertEquals(5, store.write(KEY, out -> out.write(bytes("pixel"))));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String read(BlobStore store, String key) throws IOException {
    try (Blob blob = store.open(key)) {
      return new String(blob.bytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void nodesThatShareADirectoryShareTheirFiles() throws Exception {
    SharedStore first = node("one");
    first.check();
    write(first);
    SharedStore second = node("one");
    assertEquals("pixel", read(second, KEY));
    second.check();
  }

  @Test
  void aNodeWithAnotherDirectoryIsRefusedAndLosesNothing() throws Exception {
    write(node("one"));
    SharedStore second = node("two");
    UnavailableException e = assertThrows(UnavailableException.class, second::check);
    assertTrue(e.getMessage().startsWith("This node's store is not the one of the database"));
    assertThrows(UnavailableException.class, () -> write(second));
    assertThrows(UnavailableException.class, () -> second.open(KEY).close());
    assertThrows(UnavailableException.class, () -> second.delete(KEY));
    try (Stream<Path> files = Files.walk(dir.resolve("two"))) {
      assertEquals(List.of(), files.filter(Files::isRegularFile).toList());
    }
  }

  @Test
  void aDirectoryOfAnOlderVersionIsMarkedByTheFirstNode() throws Exception {
    write(disk("old"));
    assertEquals("pixel", read(node("old"), KEY));
    assertTrue(Files.exists(dir.resolve("old/studio-store")));
    assertThrows(UnavailableException.class, node("empty")::check);
  }

  @Test
  void aNewDatabaseAcceptsTheStoreOfAnEarlierOne() throws Exception {
    String marker = "0f8fad5b-d9cb-469f-a165-70867728950e";
    Files.createDirectories(dir.resolve("kept"));
    Files.writeString(dir.resolve("kept/studio-store"), marker + "\n");
    node("kept").check();
    assertEquals(marker + "\n", Files.readString(dir.resolve("kept/studio-store")));
  }

  @Test
  void ofTwoFirstStartsWithTheirOwnDirectoriesOneIsAccepted() throws Exception {
    SharedStore one = node("one");
    SharedStore two = node("two");
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      List<Callable<Boolean>> starts = List.of(() -> accepted(one), () -> accepted(two));
      int accepted = 0;
      for (Future<Boolean> start : pool.invokeAll(starts)) {
        accepted += start.get() ? 1 : 0;
      }
      assertEquals(1, accepted);
    } finally {
      pool.shutdown();
    }
  }

  private static boolean accepted(SharedStore node) throws IOException {
    try {
      node.check();
      return true;
    } catch (UnavailableException e) {
      return false;
    }
  }

  @Test
  void anUnmountedDirectoryIsDetectedAndWorksAgainWhenItIsBack() throws Exception {
    SharedStore node = node("mount");
    write(node);
    Files.move(dir.resolve("mount"), dir.resolve("away"));
    assertThrows(UnavailableException.class, node::check);
    assertThrows(UnavailableException.class, () -> write(node));
    assertFalse(Files.exists(dir.resolve("mount").resolve(KEY)));
    Files.move(dir.resolve("mount"), dir.resolve("mount-point"));
    Files.move(dir.resolve("away"), dir.resolve("mount"));
    node.check();
    assertEquals("pixel", read(node, KEY));
  }

  @Test
  void aStoreThatIsAwayAtTheStartIsMarkedWhenItIsThere() throws Exception {
    Away away = new Away(disk("one"));
    SharedStore node = node(away);
    assertThrows(UnavailableException.class, node::check);
    away.away = false;
    node.check();
    write(node);
    assertTrue(Files.exists(dir.resolve("one/studio-store")));
  }

  @Test
  void inAnOutageCallsFailWithoutTryingTheStore() throws Exception {
    Away away = new Away(disk("one"));
    away.away = false;
    SharedStore node = node(away);
    write(node);
    away.away = true;
    assertThrows(UnavailableException.class, () -> write(node));
    int calls = away.calls.get();
    assertThrows(UnavailableException.class, () -> write(node));
    assertThrows(UnavailableException.class, () -> read(node, KEY));
    assertEquals(calls, away.calls.get());
    away.away = false;
    node.check();
    write(node);
  }

  /** A store that is away for some time. */
  private static final class Away implements BlobStore {

    private final BlobStore store;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean away = true;

    Away(BlobStore store) {
      this.store = store;
    }

    private BlobStore store() throws IOException {
      calls.incrementAndGet();
      if (away) {
        throw new UnavailableException("The file store does not respond.", null);
      }
      return store;
    }

    @Override
    public long write(String key, Content content) throws IOException {
      return store().write(key, content);
    }

    @Override
    public Blob open(String key) throws IOException {
      return store().open(key);
    }

    @Override
    public void delete(String key) throws IOException {
      store().delete(key);
    }

    @Override
    public void check() throws IOException {
      store().check();
    }
  }
}
