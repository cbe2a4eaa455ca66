package devfest.studio.blobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.settings.DataSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskStoreTest {

  private static final String KEY = "photos/thumbnails/7.jpg";

  @TempDir Path dir;
  private Spool spool;
  private DiskStore store;

  @BeforeEach
  void open() {
    spool = new Spool(new DataSettings(dir));
    spool.tidy();
    store = new DiskStore(new DataSettings(dir), spool);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private long write(String key, String text) throws IOException {
    return store.write(key, out -> out.write(bytes(text)));
  }

  private String read(String key) throws IOException {
    try (Blob blob = store.open(key)) {
      return new String(blob.bytes(), StandardCharsets.UTF_8);
    }
  }

  private long unfinished() throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("unfinished"))) {
      return files.count();
    }
  }

  @Test
  void aBlobIsReadAsWrittenAndStoredAsAFileOfItsName() throws Exception {
    assertEquals(5, write(KEY, "pixel"));
    assertEquals("pixel", read(KEY));
    assertEquals("pixel", Files.readString(dir.resolve(KEY)));
    assertEquals(0, unfinished());
  }

  @Test
  void rangesAreReadIndependently() throws Exception {
    write(KEY, "0123456789");
    try (Blob blob = store.open(KEY);
        InputStream first = blob.read(2, 3);
        InputStream second = blob.read(7, 3)) {
      assertEquals(10, blob.size());
      assertEquals('2', first.read());
      assertArrayEquals(bytes("789"), second.readAllBytes());
      assertArrayEquals(bytes("34"), first.readAllBytes());
      assertEquals(-1, first.read());
    }
  }

  @Test
  void aChannelReadsSequentiallyAndSeeks() throws Exception {
    write(KEY, "0123456789");
    try (BlobChannel channel = new BlobChannel(store.open(KEY))) {
      ByteBuffer four = ByteBuffer.allocate(4);
      assertEquals(4, channel.position(6).read(four));
      assertArrayEquals(bytes("6789"), four.array());
      assertEquals(-1, channel.read(four.clear()));
      assertEquals(4, channel.position(1).read(four));
      assertEquals(5, channel.position());
      assertArrayEquals(bytes("1234"), four.array());
    }
  }

  @Test
  void aFailedWriteKeepsTheOlderBlob() throws Exception {
    write(KEY, "old");
    assertThrows(
        IOException.class,
        () ->
            store.write(
                KEY,
                out -> {
                  out.write(bytes("new, but"));
                  throw new IOException("cut");
                }));
    assertEquals("old", read(KEY));
    assertEquals(0, unfinished());
    write(KEY, "new");
    assertEquals("new", read(KEY));
  }

  @Test
  void differentContentHasADifferentTag() throws Exception {
    write(KEY, "one");
    String before;
    try (Blob blob = store.open(KEY)) {
      before = blob.tag();
    }
    write(KEY, "other");
    try (Blob blob = store.open(KEY)) {
      assertNotEquals(before, blob.tag());
    }
  }

  @Test
  void aDeletedBlobIsStillReadableThroughOpenChannels() throws Exception {
    write(KEY, "pixel");
    try (Blob blob = store.open(KEY)) {
      store.delete(KEY);
      store.delete(KEY);
      assertArrayEquals(bytes("pixel"), blob.bytes());
    }
    assertThrows(NoSuchFileException.class, () -> store.open(KEY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/etc/passwd", "../a", "a/../../b", "a/..", "a//b", ".a", "a\0b", "a\\b"})
  void noKeyEscapesTheDirectory(String key) {
    assertThrows(IllegalArgumentException.class, () -> store.delete(key));
    assertThrows(IllegalArgumentException.class, () -> store.open(key));
    assertThrows(IllegalArgumentException.class, () -> write(key, "x"));
  }

  @Test
  void aStoreThatCannotWriteReportsIt() throws Exception {
    store.check();
    Files.delete(dir.resolve("unfinished"));
    Files.writeString(dir.resolve("unfinished"), "in the way");
    assertThrows(IOException.class, store::check);
  }

  @Test
  void startupDeletesOldTemporaryFiles() throws Exception {
    Path old = Files.writeString(dir.resolve("unfinished/old"), "x");
    Path young = Files.writeString(dir.resolve("unfinished/young"), "x");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(4_000)));
    spool.tidy();
    assertTrue(Files.notExists(old));
    assertTrue(Files.exists(young));
  }
}
