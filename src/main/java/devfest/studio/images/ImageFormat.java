package devfest.studio.images;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** The accepted picture formats, recognised by content and not by file name. */
public enum ImageFormat {
  JPEG,
  PNG,
  GIF,
  WEBP;

  /**
   * Number of bytes from the beginning of a file that {@link #of} needs: all known brands of HEIF.
   */
  public static final int HEAD_LENGTH = 64;

  /** Brands of HEIF images and image sequences, including HEIC and AVIF. */
  private static final Set<String> HEIF =
      Set.of(
          "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "mif2", "msf1",
          "miaf", "avif", "avis", "avio");

  /** Recognises a format by the magic bytes at the beginning of a file; empty if not accepted. */
  public static Optional<ImageFormat> of(byte[] head) {
    if (has(head, 0, 0xFF, 0xD8, 0xFF)) {
      return Optional.of(JPEG);
    }
    if (has(head, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
      return Optional.of(PNG);
    }
    if (has(head, 0, 'G', 'I', 'F', '8', '7', 'a') || has(head, 0, 'G', 'I', 'F', '8', '9', 'a')) {
      return Optional.of(GIF);
    }
    if (has(head, 0, 'R', 'I', 'F', 'F') && has(head, 8, 'W', 'E', 'B', 'P')) {
      return Optional.of(WEBP);
    }
    return Optional.empty();
  }

  /**
   * Whether the file is HEIC or AVIF, the formats of some phones' photos, which are not accepted.
   * Checks the major brand and the compatible brands.
   */
  static boolean isHeif(byte[] head) {
    if (!has(head, 4, 'f', 't', 'y', 'p') || head.length < 12) {
      return false;
    }
    int length = Math.min(ByteBuffer.wrap(head).getInt(), head.length);
    for (int at = 8; at + 4 <= Math.max(12, length); at += at == 8 ? 8 : 4) {
      if (HEIF.contains(new String(head, at, 4, StandardCharsets.ISO_8859_1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(byte[] head, int from, int... magic) {
    if (head.length < from + magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[from + i] & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
