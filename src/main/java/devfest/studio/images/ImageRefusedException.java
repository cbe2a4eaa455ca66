package devfest.studio.images;

import org.jspecify.annotations.Nullable;

/** A file that is no acceptable picture. The message is a sentence for the person who sent it. */
public final class ImageRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why a file is refused. */
  public enum Reason {
    /** Not a JPEG, PNG, GIF or WebP picture, or a rare variant of one that is not supported. */
    UNSUPPORTED,
    /** Claims to be an accepted picture, but is cut off or contradicts itself. */
    DAMAGED,
    /** More pixels than the decoder was allowed to decode, in all or along a side. */
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

  /** The page says the same before the upload (dashboard/words.js). */
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
    return damaged("the file is truncated, it ends too early");
  }

  static ImageRefusedException tooManyPixels(long width, long height, long maxPixels) {
    return tooLarge(width, height, maxPixels + " pixels");
  }

  static ImageRefusedException tooLong(long width, long height, int longestSide) {
    return tooLarge(width, height, longestSide + " along a side");
  }

  private static ImageRefusedException tooLarge(long width, long height, String most) {
    String message =
        "The picture is too large: %d × %d pixels, and at most %s are accepted."
            .formatted(width, height, most);
    return new ImageRefusedException(Reason.TOO_MANY_PIXELS, message, null);
  }

  /** Tells an unsupported kind of file from a damaged one and from one that is too large. */
  public Reason reason() {
    return reason;
  }
}
