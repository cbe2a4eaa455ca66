package devfest.studio.summary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.archive.ArchiveStream;
import devfest.studio.blobs.Blob;
import devfest.studio.summary.PictureArchive.Picture;
import jakarta.json.bind.JsonbBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureArchiveTest {

  private static final Instant AT = Instant.parse("2026-11-21T10:42:00Z");

  /** More than one piece of a file, and much less than a file. */
  private static final int BUFFERS = 64 * 1024;

  private static final int LARGE = 20 * 1024 * 1024;

  @TempDir Path dir;

  /** A file in memory. */
  private static final class Stored implements Blob {

    private final byte[] content;

    Stored(byte[] content) {
      this.content = content;
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public String tag() {
      return "";
    }

    @Override
    public InputStream read(long first, long length) {
      return new ByteArrayInputStream(content, (int) first, (int) length);
    }

    @Override
    public void close() {}
  }

  /** Counts what an archive reads of its files. */
  private static final class Readings {

    /** The bytes of the second readings, which are the content of the archive. */
    private long content;

    private int largest;
    private int files;
    private int streams;
    private int most;

    /** Returns a file of zeros. */
    Blob open() {
      files++;
      return new Blob() {

        private int readings;

        @Override
        public long size() {
          return LARGE;
        }

        @Override
        public String tag() {
          return "";
        }

        @Override
        public InputStream read(long first, long length) {
          readings++;
          streams++;
          most = Math.max(most, streams);
          return zeros(length, readings > 1);
        }

        @Override
        public void close() {
          files--;
        }
      };
    }

    private InputStream zeros(long length, boolean counts) {
      return new InputStream() {

        private long left = length;

        @Override
        public int read() {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : 0;
        }

        @Override
        public int read(byte[] target, int offset, int count) {
          largest = Math.max(largest, count);
          int n = (int) Math.min(left, count);
          if (n == 0) {
            return -1;
          }
          Arrays.fill(target, offset, offset + n, (byte) 0);
          left -= n;
          content += counts ? n : 0;
          return n;
        }

        @Override
        public void close() {
          streams--;
        }
      };
    }
  }

  private static Picture picture(String id, String name) {
    return new Picture(
        id, id, "photo", name, "ann", "vintage", "Vintage", AT, AT.plusMillis(1_500), "public");
  }

  private static ArchiveStream archive(List<Picture> pictures, PictureArchive.Files files) {
    return new ArchiveStream(
        new PictureArchive(pictures.iterator(), files), JsonbBuilder.create(), () -> {});
  }

  private Path write(List<Picture> pictures, PictureArchive.Files files) throws IOException {
    Path file = dir.resolve("pictures.zip");
    try (InputStream in = archive(pictures, files);
        OutputStream out = Files.newOutputStream(file)) {
      in.transferTo(out);
    }
    return file;
  }

  private static String table(ZipFile zip) throws IOException {
    return new String(
        zip.getInputStream(zip.getEntry(PictureArchive.TABLE)).readAllBytes(),
        StandardCharsets.UTF_8);
  }

  @Test
  void picturesAreStoredAsTheyAreAndTheTableIsLast() throws IOException {
    byte[] content = {1, 2, 3};
    Path file = write(List.of(picture("one", "=Ada")), picture -> new Stored(content));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      List<String> names = zip.stream().map(ZipEntry::getName).toList();
      String name = "pictures/2026-11-21_10-42-00_vintage_one.jpg";
      assertEquals(List.of(name, "pictures.csv"), names);
      assertEquals(ZipEntry.STORED, zip.getEntry(name).getMethod());
      assertArrayEquals(content, zip.getInputStream(zip.getEntry(name)).readAllBytes());
      assertEquals(
          "file,transformationId,photoId,name,userId,styleId,style,createdAt,completedAt,visibility\r\n"
              + name
              + ",one,photo,'=Ada,ann,vintage,Vintage,2026-11-21T10:42:00.000Z,2026-11-21T10:42:01.500Z,public\r\n",
          table(zip));
    }
  }

  @Test
  void aPictureThatHasVanishedIsLeftOut() throws IOException {
    Path file =
        write(
            List.of(picture("one", "Ada"), picture("gone", "Bob"), picture("two", "Cy")),
            picture -> {
              if (picture.key().equals("gone")) {
                throw new NoSuchFileException(picture.key());
              }
              return new Stored(new byte[1]);
            });
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertEquals(3, zip.size());
      assertFalse(table(zip).contains("gone"));
      assertEquals(3, table(zip).lines().count());
    }
  }

  /** An archive with more files than fit the original format. */
  @Test
  void thousandsOfPicturesAreReadBack() throws IOException {
    int count = 70_000;
    List<Picture> pictures =
        IntStream.range(0, count).mapToObj(i -> picture(new UUID(0, i).toString(), "Ada")).toList();
    try (ZipFile zip = new ZipFile(write(pictures, picture -> new Stored(new byte[8])).toFile())) {
      assertEquals(count + 1, zip.size());
      assertEquals(count + 1, table(zip).lines().count());
    }
  }

  @Test
  void nothingIsReadBeforeTheClientAcceptsIt() throws IOException {
    int[] read = {0};
    List<Picture> pictures =
        IntStream.range(0, 100).mapToObj(i -> picture("picture-" + i, "Ada")).toList();
    try (ArchiveStream in =
        archive(
            pictures,
            picture -> {
              read[0]++;
              return new Stored(new byte[1_000_000]);
            })) {
      in.begin();
      assertEquals(1, read[0]);
      assertEquals(500_000, in.readNBytes(500_000).length);
      assertEquals(1, read[0]);
      assertEquals(1_000_000, in.readNBytes(1_000_000).length);
      assertTrue(read[0] <= 2);
    }
  }

  @Test
  void anArchiveOfLargeFilesHoldsLittleOfThem() throws IOException {
    Readings readings = new Readings();
    List<Picture> pictures = IntStream.range(0, 4).mapToObj(i -> picture("p" + i, "Ada")).toList();
    long consumed = 0;
    byte[] target = new byte[10_000];
    try (ArchiveStream in = archive(pictures, picture -> readings.open())) {
      in.begin();
      for (int n = in.read(target); n >= 0; n = in.read(target)) {
        consumed += n;
        assertTrue(readings.content - consumed <= BUFFERS, () -> readings.content + " are read");
        assertTrue(readings.files <= 1);
      }
    }
    assertTrue(consumed > 4L * LARGE);
    assertEquals(4L * LARGE, readings.content);
    assertTrue(readings.largest <= BUFFERS, () -> readings.largest + " are read at once");
    assertEquals(1, readings.most);
    assertEquals(0, readings.files);
    assertEquals(0, readings.streams);
  }

  @Test
  void anArchiveThatIsClosedEarlyLeavesNoFileOpen() throws IOException {
    Readings readings = new Readings();
    try (ArchiveStream in = archive(List.of(picture("one", "Ada")), picture -> readings.open())) {
      assertEquals(LARGE / 2, in.readNBytes(LARGE / 2).length);
      assertEquals(1, readings.files);
      assertEquals(1, readings.streams);
    }
    assertEquals(0, readings.files);
    assertEquals(0, readings.streams);
  }

  @Test
  void anArchiveThatCannotBeginLeavesNoFileOpen() {
    int[] open = {0};
    Blob unreadable =
        new Blob() {
          @Override
          public long size() {
            return 1;
          }

          @Override
          public String tag() {
            return "";
          }

          @Override
          public InputStream read(long first, long length) throws IOException {
            throw new IOException("The disk is damaged");
          }

          @Override
          public void close() {
            open[0]--;
          }
        };
    ArchiveStream in =
        archive(
            List.of(picture("one", "Ada")),
            picture -> {
              open[0]++;
              return unreadable;
            });
    assertThrows(IOException.class, in::begin);
    assertEquals(0, open[0]);
  }

  /** The second reading has another byte, or fewer. */
  @ParameterizedTest
  @CsvSource({"100000, 1", "99999, 0", "0, 0"})
  void aFileThatChangesBetweenItsTwoReadingsEndsTheArchiveWithAnError(int size, byte last) {
    byte[] second = new byte[size];
    if (size > 0) {
      second[size - 1] = last;
    }
    boolean[] read = {false};
    Blob changing =
        new Blob() {
          @Override
          public long size() {
            return 100_000;
          }

          @Override
          public String tag() {
            return "";
          }

          @Override
          public InputStream read(long first, long length) {
            boolean again = read[0];
            read[0] = true;
            return new ByteArrayInputStream(again ? second : new byte[(int) length]);
          }

          @Override
          public void close() {}
        };
    List<Picture> pictures = List.of(picture("one", "Ada"), picture("two", "Ada"));
    ArchiveStream in = archive(pictures, picture -> changing);
    assertThrows(IOException.class, () -> in.transferTo(OutputStream.nullOutputStream()));
    assertThrows(IOException.class, in::read, "the archive does not go on");
  }
}
