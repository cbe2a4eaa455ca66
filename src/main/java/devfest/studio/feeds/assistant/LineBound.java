package devfest.studio.feeds.assistant;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream of text that fails at a line that is too long for memory. */
final class LineBound extends FilterInputStream {

  /** A line exceeds the bound. */
  static final class TooLongException extends IOException {

    TooLongException(int max) {
      super("A line is longer than " + max + " bytes");
    }
  }

  private final int max;
  private int length;

  /**
   * @param max the maximum length of a line in bytes
   */
  LineBound(InputStream text, int max) {
    super(text);
    this.max = max;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    int read = super.read(bytes, offset, count);
    for (int i = offset; i < offset + read; i++) {
      length = bytes[i] == '\n' || bytes[i] == '\r' ? 0 : length + 1;
      if (length > max) {
        throw new TooLongException(max);
      }
    }
    return read;
  }
}
