package devfest.studio.photos;

import devfest.studio.base.DomainException;
import devfest.studio.images.ImageRefusedException;

/** A file that is not taken as a photo. */
public abstract sealed class PhotoRefused extends DomainException {

  private PhotoRefused(String message) {
    super(message);
  }

  private PhotoRefused(ImageRefusedException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }

  static PhotoRefused of(ImageRefusedException cause) {
    return switch (cause.reason()) {
      case UNSUPPORTED -> new Unsupported(cause);
      case DAMAGED -> new Damaged(cause);
      case TOO_MANY_PIXELS -> new TooManyPixels(cause);
    };
  }

  /** The file has no bytes. */
  public static final class Empty extends PhotoRefused {
    Empty() {
      super("The file is empty");
    }
  }

  /** The file has more bytes than are allowed. */
  public static final class TooLarge extends PhotoRefused {
    TooLarge(long maxBytes) {
      super("The file is larger than " + maxBytes / (1024 * 1024) + " MB");
    }
  }

  /** The file is no picture of an accepted format. */
  public static final class Unsupported extends PhotoRefused {
    Unsupported(ImageRefusedException cause) {
      super(cause);
    }
  }

  /** The picture is cut off or contradicts itself. */
  public static final class Damaged extends PhotoRefused {
    Damaged(ImageRefusedException cause) {
      super(cause);
    }
  }

  /** The picture has more pixels than are allowed. */
  public static final class TooManyPixels extends PhotoRefused {
    TooManyPixels(ImageRefusedException cause) {
      super(cause);
    }
  }
}
