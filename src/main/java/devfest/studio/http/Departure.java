package devfest.studio.http;

import jakarta.servlet.ServletRequest;
import java.util.function.BooleanSupplier;

/**
 * Whether the client of a request has disconnected while the request is processed. The Servlet API
 * has no method for this, so a part of the studio that knows the server sets it.
 */
public final class Departure {

  /** The attribute of a request with a {@link BooleanSupplier}. */
  public static final String ATTRIBUTE = Departure.class.getName();

  private Departure() {}

  /**
   * Returns whether the client has left, as far as the server can say; safe for use from any thread
   * until the response is complete.
   */
  public static BooleanSupplier of(ServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof BooleanSupplier left ? left : () -> false;
  }
}
