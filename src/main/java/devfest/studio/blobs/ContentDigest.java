package devfest.studio.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The digest that tags a blob by its content, so that all stores and nodes use the same tag. It is
 * MD5, because S3 stores compute it too: they check uploads by it, and most use it as entity tag.
 * It detects changes; it does not protect against attackers, who cannot choose the stored bytes.
 */
final class ContentDigest {

  private static final int BUFFER = 64 * 1024;

  private ContentDigest() {}

  static MessageDigest create() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  /** Returns the tag for a digest. */
  static String tag(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  /** Reads the content to its end and returns its tag. */
  static String tag(InputStream content) throws IOException {
    MessageDigest digest = create();
    byte[] buffer = new byte[BUFFER];
    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
      digest.update(buffer, 0, n);
    }
    return tag(digest.digest());
  }
}
