package devfest.studio.images;

import javax.imageio.stream.ImageInputStreamImpl;

/** Input for ImageIO codecs from an array, without the copy that ImageIO's own cache makes. */
final class MemoryInput extends ImageInputStreamImpl {
  private final byte[] data;
  private final int length;

  MemoryInput(byte[] data, int length) {
    this.data = data;
    this.length = length;
  }

  @Override
  public int read() {
    bitOffset = 0;
    return streamPos < length ? data[(int) streamPos++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int offset, int count) {
    bitOffset = 0;
    if (streamPos >= length) {
      return -1;
    }
    int n = (int) Math.min(count, length - streamPos);
    System.arraycopy(data, (int) streamPos, target, offset, n);
    streamPos += n;
    return n;
  }

  @Override
  public long length() {
    return length;
  }
}
