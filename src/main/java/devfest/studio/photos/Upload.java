package devfest.studio.photos;

import devfest.studio.base.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * The content of an uploaded file, with a size limit and a digest that is computed during reading.
 * Reading throws {@link PhotoRefused} if the content is empty or too long. Not thread-safe; the
 * caller closes the content.
 */
public final class Upload extends InputStream {

  /** Holds the head, and reduces calls to the multipart stream. */
  private static final int BUFFER = 64 * 1024;

  private final BufferedInputStream content;
  private final long maxBytes;
  private final MessageDigest digest;
  private long total;

  /**
   * @param content the file; it is not closed here
   * @param maxBytes maximum size of the file
   */
  public Upload(InputStream content, long maxBytes) {
    this.content = new BufferedInputStream(content, BUFFER);
    this.maxBytes = maxBytes;
    this.digest = Sha256.begin();
  }

  /**
   * Returns the first bytes without consuming them; fewer if the content is shorter.
   *
   * @param length number of bytes
   */
  public byte[] head(int length) throws IOException {
    content.mark(length);
    byte[] head = content.readNBytes(length);
    content.reset();
    return head;
  }

  /** Returns the SHA-256 digest of the bytes read so far. Call it once, after the last read. */
  public byte[] digest() {
    return digest.digest();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int n = content.read(target, offset, length);
    if (n > 0) {
      total += n;
      digest.update(target, offset, n);
    }
    if (total > maxBytes) {
      throw new PhotoRefused.TooLarge(maxBytes);
    }
    if (n < 0 && total == 0) {
      throw new PhotoRefused.Empty();
    }
    return n;
  }
}
