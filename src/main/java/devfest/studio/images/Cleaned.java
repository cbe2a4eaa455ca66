package devfest.studio.images;

/**
 * The copy of a file that a codec receives: only the parts that the pixels need, in their original
 * order. Not thread-safe.
 */
final class Cleaned {
  private final byte[] source;
  private final byte[] bytes;
  private int length;

  /**
   * @param extra the maximum number of bytes to add that are not in the source
   */
  Cleaned(byte[] source, int extra) {
    this.source = source;
    this.bytes = new byte[source.length + extra];
  }

  /** Appends a part of the source. */
  void keep(int from, int to) {
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
  }

  void add(int... values) {
    for (int value : values) {
      bytes[length++] = (byte) value;
    }
  }

  int length() {
    return length;
  }

  void set(int at, int value) {
    bytes[at] = (byte) value;
  }

  void setLittleEndian(int at, int value) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (value >> (8 * i));
    }
  }

  MemoryInput input() {
    return new MemoryInput(bytes, length);
  }
}
