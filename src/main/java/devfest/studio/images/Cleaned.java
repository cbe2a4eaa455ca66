package devfest.studio.images;

/**
 * The copy of a file that a codec gets to see: the parts that the pixels need, in their order. Not
 * safe for several threads.
 */
final class Cleaned {
  private final byte[] source;
  private final byte[] bytes;
  private int length;

  /**
   * @param extra how many bytes are added that the source does not have
   */
  Cleaned(byte[] source, int extra) {
    this.source = source;
    this.bytes = new byte[source.length + extra];
  }

  /** Takes over a part of the source. */
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
