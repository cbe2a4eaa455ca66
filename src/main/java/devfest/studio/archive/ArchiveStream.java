package devfest.studio.archive;

import jakarta.json.bind.Jsonb;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * An archive that is produced while it is read, so that a client that does not read occupies no
 * thread. Holds at most one piece in memory. Used by one thread at a time.
 */
public final class ArchiveStream extends InputStream {

  /** The content of an archive. */
  public interface Content extends Closeable {

    /**
     * Adds the next piece: some KB of a file, or the end of the archive.
     *
     * @return false if there are no more pieces; the archive ends with this one
     */
    boolean addTo(Archive archive) throws IOException;
  }

  private final Content content;
  private final Produced produced = new Produced();
  private final Archive archive;
  private boolean ended;

  /**
   * @param content closed with the stream
   * @param beforeEach called before each piece
   */
  public ArchiveStream(Content content, Jsonb json, Runnable beforeEach) {
    this.content = content;
    this.archive = new Archive(produced, json, beforeEach);
  }

  /**
   * Produces the first piece, so that a failure shows before the response begins. A failure closes
   * the stream.
   */
  public void begin() throws IOException {
    boolean begun = false;
    try {
      produce();
      begun = true;
    } finally {
      if (!begun) {
        close();
      }
    }
  }

  private void produce() throws IOException {
    while (produced.isEmpty() && !ended) {
      if (!content.addTo(archive)) {
        archive.finish();
        ended = true;
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    produce();
    return produced.take(target, offset, length);
  }

  @Override
  public void close() throws IOException {
    content.close();
  }

  /** What was produced and not yet read. */
  private static final class Produced extends ByteArrayOutputStream {

    private int taken;

    boolean isEmpty() {
      return taken == count;
    }

    /** Returns the number of bytes; -1 if there are none. */
    int take(byte[] target, int offset, int length) {
      int n = Math.min(length, count - taken);
      if (n == 0 && length > 0) {
        return -1;
      }
      System.arraycopy(buf, taken, target, offset, n);
      taken += n;
      if (isEmpty()) {
        buf = count > CHUNK ? new byte[CHUNK] : buf; // a large piece does not stay
        count = 0;
        taken = 0;
      }
      return n;
    }

    private static final int CHUNK = 16 * 1024;
  }
}
