package devfest.studio.blobs;

import devfest.studio.settings.DataSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
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
import java.util.regex.Pattern;

/** Stores blobs as files below the data directory; the key is the relative path. */
@ApplicationScoped
public class DiskStore implements BlobStore {

  /**
   * Larger than the small files that file systems store inside the inode, so the check allocates
   * disk blocks.
   */
  private static final int PROBE_BYTES = 64 * 1024;

  /** Encoders write a few bytes per call; the buffer combines them into large writes. */
  private static final int BUFFER = 64 * 1024;

  /** Names never start with a dot, so a key cannot refer to a file outside the directory. */
  private static final Pattern KEY =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

  private final Path root;
  private final Spool spool;

  @Inject
  public DiskStore(DataSettings settings, Spool spool) {
    this.root = settings.dir();
    this.spool = spool;
  }

  private Path path(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("Invalid blob key: " + key);
    }
    return root.resolve(key);
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
      Files.createDirectories(target.getParent());
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
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      long size = channel.size();
      String tag = Files.getLastModifiedTime(file).toMillis() + "-" + size;
      return new DiskBlob(channel, size, tag);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void delete(String key) throws IOException {
    Files.deleteIfExists(path(key));
  }

  @Override
  public void check() throws IOException {
    try (Spool.Spooled probe = spool.file();
        OutputStream out = probe.write()) {
      out.write(new byte[PROBE_BYTES]);
    }
  }

  private record DiskBlob(FileChannel channel, long size, String tag) implements Blob {

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
