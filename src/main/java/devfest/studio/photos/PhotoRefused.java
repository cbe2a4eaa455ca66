package devfest.studio.photos;

import devfest.studio.base.DomainException;
import devfest.studio.images.ImageRefusedException;

/** The uploaded file is rejected as a photo. */
public abstract sealed class PhotoRefused extends DomainException {

  private PhotoRefused(String message) {
    super(message);
  }

  private PhotoRefused(ImageRefusedException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }

  /** Creates the refusal of a file that is not an acceptable picture. */
  public static PhotoRefused of(ImageRefusedException cause) {
    return switch (cause.reason()) {
      case UNSUPPORTED -> new Unsupported(cause);
      case DAMAGED -> new Damaged(cause);
      case TOO_MANY_PIXELS -> new TooManyPixels(cause);
    };
  }

  /** Creates the refusal of a file that is too long. */
  public static PhotoRefused tooLarge(long maxBytes) {
    return new TooLarge(maxBytes);
  }

  /** The file is empty. */
  public static final class Empty extends PhotoRefused {
    Empty() {
      super("The file is empty.");
    }
  }

  /** The file exceeds the size limit. */
  public static final class TooLarge extends PhotoRefused {
    TooLarge(long maxBytes) {
      super("The file is larger than %d MB.".formatted(maxBytes / (1024 * 1024)));
    }
  }

  /** The file is not an image in an accepted format. */
  public static final class Unsupported extends PhotoRefused {
    Unsupported(ImageRefusedException cause) {
      super(cause);
    }
  }

  /** The image is truncated or corrupt. */
  public static final class Damaged extends PhotoRefused {
    Damaged(ImageRefusedException cause) {
      super(cause);
    }
  }

  /** The image exceeds the pixel limit. */
  public static final class TooManyPixels extends PhotoRefused {
    TooManyPixels(ImageRefusedException cause) {
      super(cause);
    }
  }
}
