package devfest.studio.feeds.tasks;

import devfest.studio.http.Problem;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * A ZIP file of photos from somebody who may mean harm. It is read from its beginning to its end,
 * never by its own directory, and what it says of sizes is not believed: bytes are counted as they
 * come out. Its names never become paths.
 */
final class Archive {

  private static final byte[] MAGIC = {'P', 'K', 3, 4};
  private static final int MAX_NAME = 255;

  private final Path file;
  private final int maxPhotos;
  private final long maxBytes;

  /** Takes a photo; it need not read it to the end. */
  @FunctionalInterface
  interface Taker {

    /**
     * @param number its place among the archive's photos, from 0
     */
    void take(int number, String name, InputStream content) throws IOException;
  }

  /**
   * @param maxPhotos how many photos it may hold
   * @param maxBytes how many bytes may come out of it in all
   */
  Archive(Path file, int maxPhotos, long maxBytes) {
    this.file = file;
    this.maxPhotos = maxPhotos;
    this.maxBytes = maxBytes;
  }

  /** Whether it begins as a ZIP file does. */
  static boolean isOne(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(MAGIC, in.readNBytes(MAGIC.length));
    }
  }

  /**
   * Looks at all of it.
   *
   * @return how many photos it holds
   * @throws Problem 422 when it is damaged or holds too much, or what no archive of photos does
   */
  int check() throws IOException {
    int[] photos = {0};
    photos(
        (number, name, content) -> {
          content.skip(Long.MAX_VALUE);
          photos[0]++;
        });
    if (photos[0] == 0) {
      throw refused("The archive holds no photos");
    }
    return photos[0];
  }

  /** Hands over each photo in the archive's order. */
  void photos(Taker taker) throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        ZipInputStream zip = new ZipInputStream(raw, StandardCharsets.UTF_8)) {
      Counted bytes = new Counted(zip);
      int number = 0;
      int entries = 0;
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (isHostile(name)) {
          throw refused("The archive holds a path that leads out of it");
        }
        if (++entries > 2 * maxPhotos + 100) {
          throw refused("The archive holds too many files");
        }
        if (!entry.isDirectory() && !isClutter(name)) {
          if (number == maxPhotos) {
            throw refused("The archive holds more than " + maxPhotos + " photos");
          }
          taker.take(number++, label(name), bytes);
        }
        bytes.drain();
      }
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw new Problem(422, "bad_archive", "The archive is damaged", e);
    }
  }

  private static boolean isHostile(String name) {
    String path = name.replace('\\', '/');
    return path.startsWith("/")
        || path.matches("(?s)[A-Za-z]:.*")
        || path.indexOf('\0') >= 0
        || Arrays.asList(path.split("/")).contains("..");
  }

  /** What systems put into archives by themselves. */
  private static boolean isClutter(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1);
    return name.startsWith("__MACOSX/") || last.startsWith(".") || last.equals("Thumbs.db");
  }

  private static String label(String name) {
    String plain = name.replaceAll("\\p{Cntrl}|\\p{Cs}", "?");
    return plain.length() <= MAX_NAME ? plain : plain.substring(plain.length() - MAX_NAME);
  }

  private static Problem refused(String reason) {
    return new Problem(422, "bad_archive", reason);
  }

  /** What comes out, bounded over all entries; closing it closes nothing. */
  private final class Counted extends FilterInputStream {

    private long left = maxBytes;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      count(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = in.read(target, offset, length);
      count(Math.max(0, n));
      return n;
    }

    @Override
    public long skip(long wanted) throws IOException {
      return drain();
    }

    private void count(int n) {
      left -= n;
      if (left < 0) {
        throw refused("More comes out of the archive than " + maxBytes / (1024 * 1024) + " MB");
      }
    }

    long drain() throws IOException {
      byte[] dropped = new byte[16 * 1024];
      long total = 0;
      for (int n = read(dropped, 0, dropped.length); n >= 0; ) {
        total += n;
        n = read(dropped, 0, dropped.length);
      }
      return total;
    }

    @Override
    public void close() {
      // the archive is closed when all is read
    }
  }
}
