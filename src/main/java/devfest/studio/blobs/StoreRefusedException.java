package devfest.studio.blobs;

import devfest.studio.base.UnavailableException;

/**
 * The store responds but rejects the studio, for example because of wrong credentials or a missing
 * bucket. It probably recurs until an operator changes something.
 */
public final class StoreRefusedException extends UnavailableException {

  private static final long serialVersionUID = 1;

  StoreRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
