package devfest.studio.sse;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Frames side by side, so that they go out in one write. Used by one thread. */
final class Gathering {
  private static final int FULL = 64 * 1024;
  private static final int KEPT = 256 * 1024;

  private byte[] bytes = new byte[FULL + 4 * 1024];
  private int length;

  void clear() {
    length = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[FULL + 4 * 1024]; // after one very large frame
    }
  }

  boolean isFull() {
    return length >= FULL;
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

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }
}
