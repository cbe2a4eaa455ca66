package devfest.studio.feeds.tasks;

import devfest.studio.base.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.UnsupportedZipFeatureException;
import org.apache.commons.compress.archivers.zip.UnsupportedZipFeatureException.Feature;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.io.output.CloseShieldOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A ZIP file of photos from somebody who may mean harm. Its directory is read into memory up to a
 * size; what that says of sizes is not believed: bytes are counted as they come out. Its names
 * never become paths.
 */
final class Archive {

  private static final byte[] MAGIC = {'P', 'K'};
  private static final int MAX_NAME = 255;
  private static final int MAX_DIRECTORY_BYTES = 1024 * 1024;

  /** Stored, deflated in two ways, bzip2; others need what is not here. */
  private static final Set<Integer> METHODS = Set.of(0, 8, 9, 12);

  /** Of names that are not UTF-8: older systems' own (APPNOTE § D). */
  private static final Charset OLD_NAMES = Charset.forName("IBM437");

  private static final Set<String> CLUTTER =
      Set.of("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r");

  private static final Set<String> CLUTTER_DIRECTORIES = Set.of("__MACOSX", "@eaDir");

  private final Source source;
  private final int maxPhotos;
  private final long maxBytes;

  /** Opens the archive's bytes, as often as it is read. */
  @FunctionalInterface
  interface Source {
    SeekableByteChannel open() throws IOException;
  }

  /** Takes a photo; it need not read it to the end. */
  @FunctionalInterface
  interface Taker {

    /**
     * @param number its place among the archive's photos, from 0
     * @param content throws {@link UnreadableException} where it is damaged
     */
    void take(int number, String name, InputStream content) throws IOException;
  }

  /** A photo can't be read, which is no fault of the others. */
  static final class UnreadableException extends IOException {
    UnreadableException(Throwable cause) {
      super("It is damaged, encrypted, or packed in an unusual way", cause);
    }

    UnreadableException(String message) {
      super(message);
    }
  }

  /**
   * @param maxPhotos how many photos it may hold
   * @param maxBytes how many bytes may come out of it in all
   */
  Archive(Source source, int maxPhotos, long maxBytes) {
    this.source = source;
    this.maxPhotos = maxPhotos;
    this.maxBytes = maxBytes;
  }

  /**
   * Whether a file begins as a ZIP file does.
   *
   * @param head at least its first two bytes, where it has them
   */
  static boolean isOne(byte[] head) {
    return head.length >= MAGIC.length && Arrays.equals(MAGIC, Arrays.copyOf(head, MAGIC.length));
  }

  /**
   * Makes an archive of one photo.
   *
   * @param name what a client calls it; a path before it is left out
   */
  static void pack(String name, InputStream photo, OutputStream target) throws IOException {
    String last = path(name).replaceFirst("(?s).*/", "");
    boolean fits = !last.isBlank() && !isClutter(last) && !leadsOut(last);
    try (ZipOutputStream zip = new ZipOutputStream(CloseShieldOutputStream.wrap(target))) {
      zip.setLevel(Deflater.NO_COMPRESSION); // it is compressed
      zip.putNextEntry(new ZipEntry(fits ? label(last) : "photo"));
      photo.transferTo(zip);
    }
  }

  /**
   * Looks at all of it. A photo that can't be read is no fault of the archive.
   *
   * @return how many photos it holds
   * @throws BadArchive when it is damaged or holds too much, or what no archive of photos does
   */
  int check() throws IOException {
    int[] photos = {0};
    photos(
        (number, name, content) -> {
          try {
            content.transferTo(OutputStream.nullOutputStream());
          } catch (UnreadableException e) {
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
   * @throws BadArchive as {@link #check} does
   */
  void photos(Taker taker) throws IOException {
    try (Bounded bytes = new Bounded(source.open());
        ZipFile zip = open(bytes)) {
      long[] left = {maxBytes};
      int number = 0;
      int others = 0;
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        String name = name(entry);
        if (isDirectory(name) || isClutter(name)) {
          if (++others > 2 * maxPhotos + 100) {
            throw tooMany();
          }
          continue;
        }
        if (number == maxPhotos) {
          throw refused("The archive holds more than " + maxPhotos + " photos");
        }
        try (InputStream content = new Content(zip, entry, left, leadsOut(name))) {
          taker.take(number++, label(name), content);
        }
      }
    }
  }

  private static ZipFile open(Bounded bytes) throws IOException {
    try {
      ZipFile zip =
          ZipFile.builder().setSeekableByteChannel(bytes).setIgnoreLocalFileHeader(true).get();
      bytes.release();
      return zip;
    } catch (IOException | RuntimeException e) {
      throw bytes.isSpent() ? tooMany() : new BadArchive("The archive is damaged", e);
    }
  }

  /** Many tools write UTF-8 and don't say so. */
  private static String name(ZipArchiveEntry entry) {
    ByteBuffer raw = ByteBuffer.wrap(entry.getRawName());
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(raw).toString();
    } catch (CharacterCodingException e) {
      return OLD_NAMES.decode(raw.rewind()).toString();
    }
  }

  /** Some systems separate by a backslash. */
  private static String path(String name) {
    return name.replace('\\', '/');
  }

  private static boolean isDirectory(String name) {
    return path(name).endsWith("/");
  }

  /** No path is made of it, but nobody names a photo so who means well. */
  private static boolean leadsOut(String name) {
    String path = path(name);
    return path.startsWith("/")
        || path.matches("(?s)[A-Za-z]:/.*")
        || Arrays.asList(path.split("/")).contains("..");
  }

  /** What systems put into archives by themselves. */
  private static boolean isClutter(String name) {
    List<String> parts = List.of(path(name).split("/"));
    String last = parts.get(parts.size() - 1);
    return parts.stream().anyMatch(CLUTTER_DIRECTORIES::contains)
        || (last.startsWith(".") && !last.startsWith(".."))
        || CLUTTER.contains(last.toLowerCase(Locale.ROOT));
  }

  /** The end of the name, as that says most, without what can't be shown. */
  private static String label(String name) {
    String label = Text.clipStart(name, MAX_NAME).replaceAll("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
    return label.isBlank() ? "?" : label;
  }

  private static BadArchive refused(String reason) {
    return new BadArchive(reason);
  }

  private static BadArchive tooMany() {
    return refused("The archive holds too many files");
  }

  /**
   * The file, of which only so much is read: first of its directory, then for all its photos, which
   * may lie on one another and hold work without end.
   */
  private static final class Bounded implements SeekableByteChannel {

    private final SeekableByteChannel file;
    private long left = MAX_DIRECTORY_BYTES;

    Bounded(SeekableByteChannel file) {
      this.file = file;
    }

    void release() throws IOException {
      left = MAX_DIRECTORY_BYTES + 2 * file.size();
    }

    boolean isSpent() {
      return left < 0;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      int n = file.read(target);
      left -= Math.max(0, n);
      if (isSpent()) {
        throw new IOException("too much is read");
      }
      return n;
    }

    @Override
    public int write(ByteBuffer source) {
      throw new java.nio.channels.NonWritableChannelException();
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new java.nio.channels.NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** What comes out of an entry, bounded over all of them. */
  private final class Content extends InputStream {

    private final ZipFile zip;
    private final ZipArchiveEntry entry;
    private final long[] left;
    private final boolean leadsOut;
    private @Nullable InputStream in;

    Content(ZipFile zip, ZipArchiveEntry entry, long[] left, boolean leadsOut) {
      this.zip = zip;
      this.entry = entry;
      this.left = left;
      this.leadsOut = leadsOut;
    }

    private InputStream open() throws IOException {
      if (!METHODS.contains(entry.getMethod())) {
        throw new UnsupportedZipFeatureException(Feature.METHOD, entry);
      }
      return zip.getInputStream(entry);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (leadsOut) {
        throw new UnreadableException("Its path leads out of the archive");
      }
      int n;
      try {
        if (in == null) {
          in = open();
        }
        n = in.read(target, offset, length);
      } catch (IOException | RuntimeException e) {
        throw new UnreadableException(e);
      }
      left[0] -= Math.max(0, n);
      if (left[0] < 0) {
        throw refused("More comes out of the archive than " + maxBytes / (1024 * 1024) + " MB");
      }
      return n;
    }

    @Override
    public void close() throws IOException {
      if (in != null) {
        in.close();
      }
    }
  }
}
