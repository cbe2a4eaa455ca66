package devfest.studio.blobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import devfest.studio.base.UnavailableException;
import devfest.studio.settings.DataSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every blob store. */
abstract class BlobStoreContract {

  static final String KEY = "photos/thumbnails/7.jpg";

  @TempDir Path dir;
  Spool spool;
  BlobStore store;

  /** Opens an empty store. */
  abstract BlobStore open() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    spool = new Spool(new DataSettings(dir));
    spool.tidy();
    store = open();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  long write(String key, String text) throws IOException {
    return store.write(key, out -> out.write(bytes(text)));
  }

  String read(String key) throws IOException {
    try (Blob blob = store.open(key)) {
      return new String(blob.bytes(), StandardCharsets.UTF_8);
    }
  }

  String tag(String key) throws IOException {
    try (Blob blob = store.open(key)) {
      return blob.tag();
    }
  }

  long unfinished() throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("unfinished"))) {
      return files.count();
    }
  }

  @Test
  void aBlobIsReadAsWritten() throws Exception {
    assertEquals(5, write(KEY, "pixel"));
    assertEquals("pixel", read(KEY));
    assertEquals(0, write("photos/empty", ""));
    assertEquals("", read("photos/empty"));
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
  void aRangeNeedNotBeReadToItsEnd() throws Exception {
    store.write(KEY, out -> out.write(new byte[5_000_000]));
    for (int i = 0; i < 20; i++) {
      try (Blob blob = store.open(KEY);
          InputStream range = blob.read(i, 4_000_000)) {
        assertEquals(0, range.read());
      }
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
  void theTagIsTheDigestOfTheContent() throws Exception {
    write(KEY, "pixel");
    assertEquals("ab4086ecd47c568d5ba5739d4078988f", tag(KEY));
    write("photos/other", "pixel");
    assertEquals(tag(KEY), tag("photos/other"));
    write(KEY, "voxel");
    assertNotEquals(tag("photos/other"), tag(KEY), "same size, other content");
  }

  @Test
  void aReplacedBlobNeverMixesTwoVersions() throws Exception {
    write(KEY, "old old old");
    try (Blob blob = store.open(KEY)) {
      write(KEY, "new new new");
      try (InputStream range = blob.read(4, 7)) {
        assertArrayEquals(bytes("old old"), range.readAllBytes());
      } catch (UnavailableException e) {
        assertEquals("The file was replaced while it was being read.", e.getMessage());
      }
    }
    assertEquals("new new new", read(KEY));
  }

  @Test
  void aDeletedBlobIsMissing() throws Exception {
    assertThrows(NoSuchFileException.class, () -> store.open(KEY));
    write(KEY, "pixel");
    store.delete(KEY);
    store.delete(KEY);
    assertThrows(NoSuchFileException.class, () -> store.open(KEY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "../a",
        "a/../../b",
        "a/..",
        "a//b",
        ".a",
        "a\0b",
        "a\\b",
        "a b",
        "a?b",
        "a%2Fb",
        "a#b",
        "é",
        "a/"
      })
  void unusualKeysAreRefused(String key) {
    assertThrows(IllegalArgumentException.class, () -> store.delete(key));
    assertThrows(IllegalArgumentException.class, () -> store.open(key));
    assertThrows(IllegalArgumentException.class, () -> write(key, "x"));
  }

  @Test
  void aStoreThatCannotWriteReportsIt() throws Exception {
    store.check();
    store.check();
    Files.delete(dir.resolve("unfinished"));
    Files.writeString(dir.resolve("unfinished"), "in the way");
    assertThrows(IOException.class, store::check);
  }
}
