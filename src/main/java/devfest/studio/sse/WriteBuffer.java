package devfest.studio.sse;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Combines frames into one write. Used by one thread. */
public final class WriteBuffer {
  /** Larger writes hardly reduce the time per byte. */
  static final int FULL_BYTES = 64 * 1024;

  /** A larger array is released after use, because each writer thread keeps its buffer. */
  private static final int MAX_KEPT_BYTES = 256 * 1024;

  /** Room for one more frame of usual size when the buffer is almost full. */
  private static final int INITIAL_BYTES = FULL_BYTES + 4 * 1024;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;
  private int fullBytes = FULL_BYTES;

  WriteBuffer() {}

  /**
   * @param full the number of bytes from which on the buffer is full
   */
  void clear(int full) {
    fullBytes = full;
    length = 0;
    if (bytes.length > MAX_KEPT_BYTES) {
      bytes = new byte[INITIAL_BYTES]; // after one very large frame
    }
  }

  boolean isFull() {
    return length >= fullBytes;
  }

  int length() {
    return length;
  }

  void add(Frame frame) {
    if (length + frame.size() > bytes.length) {
      bytes = Arrays.copyOf(bytes, length + frame.size());
    }
    frame.copyTo(bytes, length);
    length += frame.size();
  }

  /** Returns the frames as text. */
  public String text() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }
}
