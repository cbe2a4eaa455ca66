package devfest.studio.base;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A part that the studio depends on cannot be used at present; the call can be repeated later. The
 * message contains no address, name or secret, because clients may see it; the cause is for the
 * log.
 */
public class UnavailableException extends IOException {

  private static final long serialVersionUID = 1;

  public UnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
