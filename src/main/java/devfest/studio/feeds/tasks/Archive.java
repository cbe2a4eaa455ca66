package devfest.studio.feeds.tasks;

import devfest.studio.http.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A ZIP file of photos from somebody who may mean harm. How large its directory is, is looked at
 * before it is read into memory; what it says of sizes is not believed: bytes are counted as they
 * come out. Its names never become paths.
 */
final class Archive {

  private static final byte[] MAGIC = {'P', 'K', 3, 4};
  private static final int MAX_NAME = 255;
  private static final int MAX_DIRECTORY_BYTES = 1024 * 1024;

  /** Of the record at the end (APPNOTE § 4.3.16), and where in it is what. */
  private static final int END_SIGNATURE = 0x06054b50;

  private static final int END_BYTES = 22;
  private static final int END_ENTRIES = 10;
  private static final int END_DIRECTORY_BYTES = 12;
  private static final int END_COMMENT_BYTES = 20;
  private static final int MAX_COMMENT_BYTES = 0xFFFF;

  /** Of names that do not say that they are UTF-8: older systems' own (APPNOTE § D). */
  private static final Charset OLD_NAMES = Charset.forName("IBM437");

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
   * Looks at all of it. A photo that can't be read is no fault of the archive.
   *
   * @return how many photos it holds
   * @throws Problem 422 when it is damaged or holds too much, or what no archive of photos does
   */
  int check() throws IOException {
    int[] photos = {0};
    photos(
        (number, name, content) -> {
          try {
            content.skip(Long.MAX_VALUE);
          } catch (ZipException e) {
            // told when it is taken
          }
          photos[0]++;
        });
    if (photos[0] == 0) {
      throw refused("The archive holds no photos");
    }
    return photos[0];
  }

  /**
   * Hands over each photo in the order of the archive's directory.
   *
   * @throws Problem as {@link #check} does
   */
  void photos(Taker taker) throws IOException {
    checkDirectory();
    try (ZipFile zip = open()) {
      long[] left = {maxBytes};
      int number = 0;
      for (ZipEntry entry : entries(zip)) {
        String name = entry.getName();
        if (isHostile(name)) {
          throw refused("The archive holds a path that leads out of it");
        }
        if (entry.isDirectory() || isClutter(name)) {
          continue;
        }
        if (number == maxPhotos) {
          throw refused("The archive holds more than " + maxPhotos + " photos");
        }
        take(zip, entry, number++, left, taker);
      }
    }
  }

  private void take(ZipFile zip, ZipEntry entry, int number, long[] left, Taker taker)
      throws IOException {
    try (InputStream bytes = new Counted(zip.getInputStream(entry), left)) {
      taker.take(number, label(entry.getName()), bytes);
    }
  }

  private static List<? extends ZipEntry> entries(ZipFile zip) {
    return Collections.list(zip.entries());
  }

  private ZipFile open() throws IOException {
    try {
      return new ZipFile(file.toFile(), StandardCharsets.UTF_8);
    } catch (ZipException e) {
      return openOld(e);
    }
  }

  private ZipFile openOld(ZipException first) throws IOException {
    try {
      return new ZipFile(file.toFile(), OLD_NAMES);
    } catch (ZipException e) {
      throw new Problem(422, "bad_archive", "The archive is damaged or encrypted", first);
    }
  }

  /** Reads the record at the end alone, as a directory of millions would fill the memory. */
  private void checkDirectory() throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      int length = (int) Math.min(in.length(), END_BYTES + MAX_COMMENT_BYTES);
      byte[] bytes = new byte[length];
      in.seek(in.length() - length);
      in.readFully(bytes);
      ByteBuffer tail = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = length - END_BYTES; at >= 0; at--) {
        if (tail.getInt(at) == END_SIGNATURE) {
          check(tail, at);
          return;
        }
      }
      throw refused("The archive is damaged");
    }
  }

  private void check(ByteBuffer tail, int at) {
    int comment = Short.toUnsignedInt(tail.getShort(at + END_COMMENT_BYTES));
    if (at + END_BYTES + comment != tail.limit()) {
      throw refused("The archive is damaged");
    }
    int entries = Short.toUnsignedInt(tail.getShort(at + END_ENTRIES));
    long directory = Integer.toUnsignedLong(tail.getInt(at + END_DIRECTORY_BYTES));
    if (entries > 3 * maxPhotos + 100 || directory > MAX_DIRECTORY_BYTES) {
      throw refused("The archive holds too many files");
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
    int from = name.length() <= MAX_NAME ? 0 : name.length() - MAX_NAME;
    if (from > 0 && Character.isLowSurrogate(name.charAt(from))) {
      from++;
    }
    return name.substring(from).replaceAll("\\p{Cntrl}|\\p{Cs}", "?");
  }

  private static Problem refused(String reason) {
    return new Problem(422, "bad_archive", reason);
  }

  /** What comes out, bounded over all photos. */
  private final class Counted extends FilterInputStream {

    private final long[] left;

    Counted(InputStream in, long[] left) {
      super(in);
      this.left = left;
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
      byte[] dropped = new byte[16 * 1024];
      long total = 0;
      for (int n = read(dropped, 0, dropped.length); n >= 0; ) {
        total += n;
        n = read(dropped, 0, dropped.length);
      }
      return total;
    }

    private void count(int n) {
      left[0] -= n;
      if (left[0] < 0) {
        throw refused("More comes out of the archive than " + maxBytes / (1024 * 1024) + " MB");
      }
    }
  }
}
