package devfest.studio.images;

import java.util.Optional;

/** The kinds of picture that are accepted: what the content is, whatever its name says. */
public enum ImageFormat {
  JPEG,
  PNG,
  GIF,
  WEBP;

  /** How many bytes of a file's beginning {@link #of} wants to see. */
  public static final int HEAD_LENGTH = 16;

  /** Recognises a format by the magic bytes at the beginning of a file; 16 bytes are enough. */
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
