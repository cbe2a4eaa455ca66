package devfest.studio.blobs;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.base.OwnerOnly;
import devfest.studio.settings.DataSettings;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stores blobs as files below the data directory; the key is the relative path. */
public final class DiskStore implements BlobStore {

  /** Encoders write a few bytes per call; the buffer combines them into large writes. */
  private static final int BUFFER = 64 * 1024;

  /** Number of tags in memory: a busy event's pictures, at about 300 bytes each. */
  private static final int MAX_TAGS = 10_000;

  /** A file as it was when its tag was computed; a replaced file has another identity or time. */
  private record Version(@Nullable Object identity, FileTime modified, long size) {}

  private record Tagged(Version version, String tag) {}

  private final Path root;
  private final Spool spool;

  /** The most recently used tags, by key, because a tag costs reading the file. */
  @GuardedBy("itself")
  private final Map<String, Tagged> tags =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tagged> eldest) {
          return size() > MAX_TAGS;
        }
      };

  public DiskStore(DataSettings settings, Spool spool) {
    this.root = settings.dir();
    this.spool = spool;
  }

  private Path path(String key) {
    return root.resolve(Keys.check(key));
  }

  /** Writes a spool file and then moves it atomically to its final path. */
  @Override
  public long write(String key, Content content) throws IOException {
    Path target = path(key);
    try (Spool.Spooled fresh = spool.file()) {
      try (OutputStream out = new BufferedOutputStream(fresh.write(), BUFFER)) {
        content.writeTo(out);
      }
      long size = Files.size(fresh.path());
      Path ignored = OwnerOnly.createDirectories(Objects.requireNonNull(target.getParent()));
      Files.move(
          fresh.path(),
          target,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      return size;
    }
  }

  @Override
  public Blob open(String key) throws IOException {
    Path file = path(key);
    Version version = version(file);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      if (version.equals(version(file))) {
        return new DiskBlob(key, channel, version);
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    channel.close(); // the file was replaced in between
    return open(key);
  }

  private static Version version(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Version(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
  }

  @Override
  public void delete(String key) throws IOException {
    Files.deleteIfExists(path(key));
  }

  @Override
  public void check() throws IOException {
    spool.check();
  }

  private final class DiskBlob implements Blob {

    private final String key;
    private final FileChannel channel;
    private final Version version;

    DiskBlob(String key, FileChannel channel, Version version) {
      this.key = key;
      this.channel = channel;
      this.version = version;
    }

    @Override
    public long size() {
      return version.size();
    }

    @Override
    public String tag() throws IOException {
      synchronized (tags) {
        Tagged known = tags.get(key);
        if (known != null && known.version().equals(version)) {
          return known.tag();
        }
      }
      String tag;
      try (InputStream in = read(0, size())) {
        tag = ContentDigest.tag(in);
      }
      synchronized (tags) {
        tags.put(key, new Tagged(version, tag));
      }
      return tag;
    }

    @Override
    public InputStream read(long first, long length) {
      return new Range(channel, first, first + length);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** Uses positional reads, so concurrent ranges of one file are independent. */
  private static final class Range extends InputStream {

    private final FileChannel channel;
    private final long end;
    private long position;

    Range(FileChannel channel, long first, long end) {
      this.channel = channel;
      this.position = first;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (position >= end) {
        return -1;
      }
      int count = (int) Math.min(length, end - position);
      int n = channel.read(ByteBuffer.wrap(target, offset, count), position);
      if (n < 0) {
        throw new IOException("The file was truncated while it was being read");
      }
      position += n;
      return n;
    }
  }
}
