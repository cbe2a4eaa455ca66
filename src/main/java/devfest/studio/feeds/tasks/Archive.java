package devfest.studio.feeds.tasks;

import devfest.studio.base.Text;
import devfest.studio.base.UnavailableException;
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
 * An untrusted ZIP file of photos. The size of its directory in memory is limited. Declared sizes
 * are ignored; the bytes are counted while they are decompressed. Names in the archive never become
 * file paths. Each instance is used by one thread.
 */
final class Archive {

  private static final byte[] MAGIC = {'P', 'K'};

  /** Width of the column for names. */
  private static final int MAX_NAME = 255;

  /** Enough for thousands of files with long names; bounds the memory for the directory. */
  private static final int MAX_DIRECTORY_BYTES = 1024 * 1024;

  /** Supported methods: stored, deflate, deflate64 and bzip2. Others need additional libraries. */
  private static final Set<Integer> METHODS = Set.of(0, 8, 9, 12);

  /** The character set of names that are not UTF-8 (APPNOTE § D). */
  private static final Charset OLD_NAMES = Charset.forName("IBM437");

  private static final Set<String> CLUTTER =
      Set.of("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r");

  private static final Set<String> CLUTTER_DIRECTORIES = Set.of("__MACOSX", "@eaDir");

  private final Source source;
  private final int maxPhotos;
  private final long maxBytes;

  /** Opens the bytes of the archive, once for each pass. */
  @FunctionalInterface
  interface Source {
    SeekableByteChannel open() throws IOException;
  }

  /** Receives the photos of an archive; it need not read the content to the end. */
  @FunctionalInterface
  interface Visitor {

    /**
     * @param number index of the photo in the archive, from 0
     * @param name name of the file, at most 255 characters
     * @param content throws {@link UnreadableException} if the photo cannot be read
     */
    void visit(int number, String name, InputStream content) throws IOException;
  }

  /** A single photo cannot be read; the other photos are not affected. */
  static final class UnreadableException extends IOException {
    UnreadableException(Throwable cause) {
      super("The file is damaged, encrypted or compressed with an unsupported method.", cause);
    }

    UnreadableException(String message) {
      super(message);
    }
  }

  /**
   * Creates an archive that has not been read yet.
   *
   * @param maxPhotos maximum number of photos
   * @param maxBytes maximum number of decompressed bytes in total
   */
  Archive(Source source, int maxPhotos, long maxBytes) {
    this.source = source;
    this.maxPhotos = maxPhotos;
    this.maxBytes = maxBytes;
  }

  /**
   * Whether a file starts like a ZIP file.
   *
   * @param head at least the first two bytes of the file, or all bytes of a shorter file
   */
  static boolean isZip(byte[] head) {
    return head.length >= MAGIC.length && Arrays.equals(MAGIC, Arrays.copyOf(head, MAGIC.length));
  }

  /**
   * Writes an archive with one photo.
   *
   * @param name file name from the client; its directory is dropped
   */
  static void pack(String name, InputStream photo, OutputStream target) throws IOException {
    String last = path(name).replaceFirst("(?s).*/", "");
    boolean fits = !last.isBlank() && !isClutter(last) && !pointsOutside(last);
    try (ZipOutputStream zip = new ZipOutputStream(CloseShieldOutputStream.wrap(target))) {
      zip.setLevel(Deflater.NO_COMPRESSION); // images are compressed already
      zip.putNextEntry(new ZipEntry(fits ? label(last) : "photo"));
      photo.transferTo(zip);
    }
  }

  /**
   * Reads the whole archive and checks its limits. Unreadable photos are allowed.
   *
   * @return the number of photos
   * @throws BadArchive if the archive is damaged, exceeds a limit or contains no photos
   */
  int check() throws IOException {
    int[] photos = {0};
    photos(
        (number, name, content) -> {
          try {
            content.transferTo(OutputStream.nullOutputStream());
          } catch (UnreadableException e) {
            // reported when the photo is unpacked
          }
          photos[0]++;
        });
    if (photos[0] == 0) {
      throw bad("The archive contains no photos.");
    }
    return photos[0];
  }

  /**
   * Passes each photo to the visitor, in the order of the archive's directory.
   *
   * @throws BadArchive as {@link #check} does
   */
  void photos(Visitor visitor) throws IOException {
    try (Bounded bytes = new Bounded(source.open());
        ZipFile zip = open(bytes)) {
      long[] left = {maxBytes};
      int number = 0;
      int others = 0;
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        String name = name(entry);
        if (isDirectory(name) || isClutter(name)) {
          // Directories and metadata: about one of each per photo, and some more.
          if (++others > 2 * maxPhotos + 100) {
            throw tooMany();
          }
          continue;
        }
        if (number == maxPhotos) {
          throw bad("The archive contains more than %d photos.".formatted(maxPhotos));
        }
        try (InputStream content = new Content(bytes, zip, entry, left, pointsOutside(name))) {
          visitor.visit(number++, label(name), content);
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
      bytes.throwIfUnavailable();
      throw bytes.isSpent() ? tooMany() : new BadArchive("The archive is damaged.", e);
    }
  }

  /**
   * Decodes a name. Many tools write UTF-8 without setting the flag for it, so UTF-8 is tried
   * first.
   */
  private static String name(ZipArchiveEntry entry) {
    ByteBuffer raw = ByteBuffer.wrap(entry.getRawName());
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(raw).toString();
    } catch (CharacterCodingException e) {
      return OLD_NAMES.decode(raw.rewind()).toString();
    }
  }

  /** Replaces backslashes, which some systems use as separators. */
  private static String path(String name) {
    return name.replace('\\', '/');
  }

  private static boolean isDirectory(String name) {
    return path(name).endsWith("/");
  }

  /**
   * Whether the name points outside the archive. Names are never used as paths, but such a name
   * indicates an attack.
   */
  private static boolean pointsOutside(String name) {
    String path = path(name);
    return path.startsWith("/")
        || path.matches("(?s)[A-Za-z]:/.*")
        || Arrays.asList(path.split("/")).contains("..");
  }

  /** Whether the file is metadata that operating systems add to archives. */
  private static boolean isClutter(String name) {
    List<String> parts = List.of(path(name).split("/"));
    String last = parts.get(parts.size() - 1);
    return parts.stream().anyMatch(CLUTTER_DIRECTORIES::contains)
        || (last.startsWith(".") && !last.startsWith(".."))
        || CLUTTER.contains(last.toLowerCase(Locale.ROOT));
  }

  /** The end of the name, which is the most specific part, without unprintable characters. */
  private static String label(String name) {
    String label = Text.clipStart(name, MAX_NAME).replaceAll("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
    return label.isBlank() ? "?" : label;
  }

  private static BadArchive bad(String reason) {
    return new BadArchive(reason);
  }

  private static BadArchive tooMany() {
    return bad("The archive contains too many files.");
  }

  /**
   * Limits the bytes read from the file: first for the directory, then for all photos, whose data
   * can overlap and would otherwise allow unbounded work.
   */
  private static final class Bounded implements SeekableByteChannel {

    private final SeekableByteChannel file;
    private long left = MAX_DIRECTORY_BYTES;
    private @Nullable UnavailableException outage;

    Bounded(SeekableByteChannel file) {
      this.file = file;
    }

    void release() throws IOException {
      // Twice the file, for local headers and read-ahead.
      left = MAX_DIRECTORY_BYTES + 2 * file.size();
    }

    boolean isSpent() {
      return left < 0;
    }

    /** Rethrows a failure of the store, which says nothing about the archive. */
    void throwIfUnavailable() throws UnavailableException {
      if (outage != null) {
        throw outage;
      }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      int n;
      try {
        n = file.read(target);
      } catch (UnavailableException e) {
        outage = e;
        throw e;
      }
      left -= Math.max(0, n);
      if (isSpent()) {
        throw new IOException("The read limit is exceeded");
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

  /** The decompressed content of an entry; the limit applies to all entries together. */
  private final class Content extends InputStream {

    private final Bounded bytes;
    private final ZipFile zip;
    private final ZipArchiveEntry entry;
    private final long[] left;
    private final boolean pointsOutside;
    private @Nullable InputStream in;

    Content(Bounded bytes, ZipFile zip, ZipArchiveEntry entry, long[] left, boolean pointsOutside) {
      this.bytes = bytes;
      this.zip = zip;
      this.entry = entry;
      this.left = left;
      this.pointsOutside = pointsOutside;
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
      if (pointsOutside) {
        throw new UnreadableException("The path of the file points outside the archive.");
      }
      int n;
      try {
        if (in == null) {
          in = open();
        }
        n = in.read(target, offset, length);
      } catch (IOException | RuntimeException e) {
        bytes.throwIfUnavailable();
        throw new UnreadableException(e);
      }
      left[0] -= Math.max(0, n);
      if (left[0] < 0) {
        throw bad(
            "The decompressed archive is larger than %d MB.".formatted(maxBytes / (1024 * 1024)));
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
