package devfest.studio.app.http;

import devfest.studio.app.transfer.Arrivals;
import devfest.studio.app.transfer.Content;
import devfest.studio.app.transfer.ReceivedRequest;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Gives each request the body that the adapter of the server has received ({@code app.server}).
 * Without one the request has no body, so that no resource waits for bytes from a client.
 */
public class BodyFilter extends HttpFilter {

  /**
   * Request attribute of every request that an adapter has passed on. Payara opens its listeners
   * shortly before the adapter is in them.
   */
  public static final String SEEN = "studio.seen";

  /** Request attribute with the {@link Content} that was received. */
  public static final String CONTENT = "studio.body";

  @Inject private transient Arrivals arrivals;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (Entrance.isBodiless(request.getMethod())) {
      chain.doFilter(request, response);
      return;
    }
    Object received = request.getAttribute(CONTENT);
    try (Content content = received instanceof Content found ? found : arrivals.content()) {
      chain.doFilter(new ReceivedRequest(request, content), response);
    }
  }
}
