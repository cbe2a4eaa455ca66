package devfest.studio.images;

import org.jspecify.annotations.Nullable;

/** A file is not an accepted picture. The message is a sentence for the user who uploaded it. */
public final class ImageRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why a file is refused. */
  public enum Reason {
    /** Not a JPEG, PNG, GIF or WebP picture, or a variant that is not supported. */
    UNSUPPORTED,
    /** Has an accepted format, but is truncated or inconsistent. */
    DAMAGED,
    /** Exceeds the maximum number of pixels, in total or along a side, or the memory for one. */
    TOO_MANY_PIXELS
  }

  private final Reason reason;

  private ImageRefusedException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  static ImageRefusedException unsupported(String message) {
    return unsupported(message, null);
  }

  static ImageRefusedException unsupported(String message, @Nullable Throwable cause) {
    return new ImageRefusedException(Reason.UNSUPPORTED, message, cause);
  }

  /** The page shows the same message before the upload (dashboard/words.js). */
  static ImageRefusedException heif() {
    return unsupported(
        "HEIC and AVIF pictures are not accepted. On an iPhone choose Settings > Camera > Formats >"
            + " Most Compatible, or share the picture as a JPEG.");
  }

  static ImageRefusedException damaged(String what) {
    return damaged(what, null);
  }

  static ImageRefusedException damaged(String what, @Nullable Throwable cause) {
    return new ImageRefusedException(
        Reason.DAMAGED, "The picture is damaged: " + what + ".", cause);
  }

  static ImageRefusedException truncated() {
    return damaged("the file is truncated");
  }

  static ImageRefusedException tooManyPixels(long width, long height, long maxPixels) {
    return tooLarge(width, height, maxPixels + " pixels");
  }

  static ImageRefusedException tooLong(long width, long height, int longestSide) {
    return tooLarge(width, height, longestSide + " pixels along a side");
  }

  /** The picture has an allowed number of pixels, but does not fit into this server's memory. */
  public static ImageRefusedException tooMuchMemory(Need need) {
    return new ImageRefusedException(
        Reason.TOO_MANY_PIXELS,
        "The picture has %d × %d pixels, which take %d MB of memory, more than this server has."
            .formatted(need.width(), need.height(), need.total() >> 20),
        null);
  }

  private static ImageRefusedException tooLarge(long width, long height, String most) {
    String message =
        "The picture has %d × %d pixels, but at most %s are allowed."
            .formatted(width, height, most);
    return new ImageRefusedException(Reason.TOO_MANY_PIXELS, message, null);
  }

  /** Returns why the file was refused. */
  public Reason reason() {
    return reason;
  }
}
