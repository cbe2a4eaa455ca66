package devfest.studio.app.transfer;

import static devfest.studio.app.transfer.Space.KB;
import static devfest.studio.app.transfer.Space.MB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {

  /** The most bytes in memory: all pieces that fit into 1 MB. */
  private static final int IN_MEMORY = 1023 * KB;

  @TempDir Path dir;
  private Space space;

  @BeforeEach
  void makeSpace() {
    space = new Space(dir, 4 * MB, 16 * MB);
  }

  private static void write(Content content, byte[] bytes, int step) throws IOException {
    for (int at = 0; at < bytes.length; at += step) {
      content.write(bytes, at, Math.min(step, bytes.length - at));
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        KB - 1,
        KB,
        KB + 1,
        3 * KB,
        3 * KB + 1,
        64 * KB - 1,
        64 * KB,
        64 * KB + 1,
        127 * KB,
        127 * KB + 1,
        IN_MEMORY - 1,
        IN_MEMORY,
        IN_MEMORY + 1,
        MB - 1,
        MB,
        MB + 1,
        3 * MB
      })
  void theBytesAreReadAsTheyWereWritten(int size) throws IOException {
    byte[] bytes = Space.bytes(size);
    for (int step : List.of(1_000, 16 * KB, 4 * MB)) {
      try (Content content = space.content()) {
        write(content, bytes, step);
        assertEquals(size, content.length());
        try (InputStream in = content.read()) {
          assertArrayEquals(bytes, in.readAllBytes(), "written in steps of " + step);
          assertEquals(-1, in.read());
        }
      }
      space.assertFree();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, KB, KB + 1, 4 * KB})
  void singleBytesAreReadAsTheyWereWritten(int size) throws IOException {
    byte[] bytes = Space.bytes(size);
    try (Content content = space.content()) {
      write(content, bytes, 1);
      InputStream in = content.read();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        out.write(b);
      }
      assertArrayEquals(bytes, out.toByteArray());
    }
  }

  @Test
  void oneCallFillsABufferAcrossPieces() throws IOException {
    byte[] bytes = Space.bytes(10 * KB);
    try (Content content = space.content()) {
      write(content, bytes, bytes.length);
      byte[] buffer = new byte[9 * KB];
      InputStream in = content.read();
      assertEquals(0, in.read(buffer, 0, 0));
      assertEquals(buffer.length, in.read(buffer));
      assertArrayEquals(Arrays.copyOf(bytes, buffer.length), buffer);
      assertEquals(KB, in.read(buffer));
      assertEquals(-1, in.read(buffer));
    }
  }

  @Test
  void aFileIsUsedOnlyForMoreThanThePiecesOfOneMegabyte() throws IOException {
    try (Content content = space.content()) {
      write(content, new byte[IN_MEMORY], 16 * KB);
      assertEquals(List.of(), space.files());
      write(content, new byte[1], 1);
      assertEquals(1, space.files().size());
      space.assertMemoryFree();
    }
    space.assertFree();
  }

  @Test
  void withoutMemoryAFileIsUsedAtOnce() throws IOException {
    Space none = new Space(dir, KB - 1, MB);
    byte[] bytes = Space.bytes(10);
    try (Content content = none.content()) {
      write(content, bytes, 3);
      assertEquals(1, none.files().size());
      assertArrayEquals(bytes, content.read().readAllBytes());
    }
    none.assertFree();
  }

  @Test
  void bytesMoveToAFileWhenTheSharedMemoryIsUsedUp() throws IOException {
    Space small = new Space(dir, 3 * KB, MB);
    byte[] bytes = Space.bytes(4 * KB);
    try (Content content = small.content()) {
      write(content, bytes, 700);
      small.assertMemoryFree();
      assertArrayEquals(bytes, content.read().readAllBytes());
    }
    small.assertFree();
  }

  @ParameterizedTest
  @ValueSource(ints = {KB, 4 * KB})
  void withoutMemoryAndDiskSpaceWritingFails(int disk) throws IOException {
    Space small = new Space(dir, 3 * KB, disk);
    try (Content content = small.content()) {
      assertThrows(Content.FullException.class, () -> write(content, new byte[8 * KB], 100));
    }
    small.assertFree();
  }

  @Test
  void closingSeveralTimesGivesTheSpaceBackOnce() throws IOException {
    for (int size : List.of(10, 2 * MB)) {
      Content content = space.content();
      write(content, new byte[size], size);
      content.close();
      content.release();
      content.close();
      space.assertFree();
    }
  }

  @Test
  void closingWhileTheFileIsReadDeletesIt() throws IOException {
    Content content = space.content();
    write(content, new byte[2 * MB], MB);
    InputStream in = content.read();
    assertEquals(0, in.read());
    content.release();
    space.assertFree();
    assertThrows(IOException.class, in::read);
  }

  @Test
  void theNextBytesOfAStreamAreAppended() throws IOException {
    byte[] bytes = Space.bytes(3 * KB);
    InputStream source = new ByteArrayInputStream(bytes);
    try (Content content = space.content()) {
      content.read(source, KB);
      assertEquals(KB, content.length());
      content.read(source, 5 * KB); // the stream ends before
      assertArrayEquals(bytes, content.read().readAllBytes());
    }
  }
}
