package devfest.studio.photos;

import devfest.studio.base.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * What a client sends as a file: bounded, and digested while it is read. Reading throws {@link
 * PhotoRefused} where it is longer than allowed or empty. For one thread; the caller closes the
 * content.
 */
public final class Upload extends InputStream {

  private static final int BUFFER = 64 * 1024;

  private final BufferedInputStream content;
  private final long maxBytes;
  private final MessageDigest digest;
  private long total;

  public Upload(InputStream content, long maxBytes) {
    this.content = new BufferedInputStream(content, BUFFER);
    this.maxBytes = maxBytes;
    this.digest = Sha256.begin();
  }

  /** The first bytes, which are read again afterwards; fewer where the content is shorter. */
  public byte[] head(int length) throws IOException {
    content.mark(length);
    byte[] head = content.readNBytes(length);
    content.reset();
    return head;
  }

  /** The SHA-256 of what was read. */
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
