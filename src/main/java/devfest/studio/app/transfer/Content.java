package devfest.studio.app.transfer;

import devfest.studio.blobs.Spool;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one message: in memory while they are few and the shared memory suffices, otherwise
 * in a temporary file. Write all bytes first, then read them. Closing releases memory and file. Not
 * thread-safe.
 */
public final class Content implements Closeable {

  private static final Logger LOG = System.getLogger(Content.class.getName());

  /** Bytes; calls with JSON bodies never need a file while memory is free. */
  private static final int MOST_IN_MEMORY = 1024 * 1024;

  /** Bytes of the first piece; each further one is twice as long as the one before. */
  private static final int FIRST_PIECE = 1024;

  private static final int LONGEST_PIECE = 64 * 1024;

  private final Budget memory;
  private final Budget disk;
  private final Spool spool;
  private final List<byte[]> pieces = new ArrayList<>();
  private int held;
  private int lastUsed;
  private long length;
  private long onDisk;
  private Spool.@Nullable Spooled file;
  private @Nullable OutputStream out;
  private @Nullable InputStream in;

  Content(Budget memory, Budget disk, Spool spool) {
    this.memory = memory;
    this.disk = disk;
    this.spool = spool;
  }

  /**
   * Appends bytes, which are copied.
   *
   * @throws FullException if neither memory nor disk space is left for them
   * @throws IOException if the temporary file cannot be written
   */
  void write(byte[] bytes, int offset, int count) throws IOException {
    int at = offset;
    int end = offset + count;
    while (at < end && out == null) {
      byte[] last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
      if (last != null && lastUsed < last.length) {
        int n = Math.min(end - at, last.length - lastUsed);
        System.arraycopy(bytes, at, last, lastUsed, n);
        lastUsed += n;
        at += n;
        length += n;
      } else if (!grow(last == null ? FIRST_PIECE : Math.min(2 * last.length, LONGEST_PIECE))) {
        spill();
      }
    }
    if (out != null && at < end) {
      reserve(end - at);
      out.write(bytes, at, end - at);
      length += end - at;
    }
  }

  /**
   * Appends the next bytes of a stream.
   *
   * @throws FullException as for {@link #write}
   */
  public void read(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    write(bytes, 0, bytes.length);
  }

  private boolean grow(int size) {
    if (held + size > MOST_IN_MEMORY || !memory.take(size)) {
      return false;
    }
    pieces.add(new byte[size]);
    held += size;
    lastUsed = 0;
    return true;
  }

  private void spill() throws IOException {
    reserve(length);
    file = spool.file();
    out = file.write();
    for (int i = 0; i < pieces.size(); i++) {
      out.write(pieces.get(i), 0, used(i));
    }
    releaseMemory();
  }

  private int used(int piece) {
    return piece == pieces.size() - 1 ? lastUsed : pieces.get(piece).length;
  }

  private void reserve(long bytes) throws FullException {
    if (!disk.take(bytes)) {
      throw new FullException();
    }
    onDisk += bytes;
  }

  private void releaseMemory() {
    pieces.clear();
    memory.give(held);
    held = 0;
  }

  /** Returns the number of bytes. */
  public long length() {
    return length;
  }

  /** Reads all bytes from the first on. Nothing may be written afterwards. */
  public InputStream read() throws IOException {
    if (file != null) {
      if (out != null) {
        out.close();
      }
      in = file.read();
      return in;
    }
    List<InputStream> parts = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      parts.add(new ByteArrayInputStream(pieces.get(i), 0, used(i)));
    }
    return parts.size() == 1 ? parts.get(0) : new Pieces(Collections.enumeration(parts));
  }

  /**
   * Closes the content when its request is complete, whatever became of the request. May be called
   * on any thread, also after {@link #close}.
   */
  public void release() {
    try {
      close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A temporary file could not be deleted", e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    releaseMemory();
    disk.give(onDisk);
    onDisk = 0;
    Spool.Spooled written = file;
    OutputStream writer = out;
    InputStream reader = in;
    file = null;
    out = null;
    in = null;
    try {
      if (reader != null) {
        reader.close();
      }
      if (writer != null) {
        writer.close();
      }
    } finally {
      if (written != null) {
        written.close();
      }
    }
  }

  /** Reads over the ends of the pieces, so that one call fills a whole buffer. */
  private static final class Pieces extends InputStream {

    private final Enumeration<InputStream> rest;
    private @Nullable InputStream current;

    Pieces(Enumeration<InputStream> parts) {
      this.rest = parts;
      this.current = parts.hasMoreElements() ? parts.nextElement() : null;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      int total = 0;
      while (current != null && total < count) {
        int n = current.read(bytes, offset + total, count - total);
        if (n < 0) {
          current = rest.hasMoreElements() ? rest.nextElement() : null;
        } else {
          total += n;
        }
      }
      return total == 0 && count > 0 ? -1 : total;
    }
  }

  /** There is no space for the bytes at the moment. */
  static final class FullException extends IOException {
    FullException() {
      super("The space for messages in transfer is used up.");
    }
  }
}
