package devfest.studio.app.server;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Ends the CDI contexts of an asynchronous request on the thread that began them.
 *
 * <p>Payara notifies Weld of the end of such a request only when it is complete, on another thread,
 * and twice. So the contexts stay on the first thread, and Weld logs four warnings about them
 * (WELD-000714, 225, 335) at the next request there, and one (WELD-000715) at the second
 * notification. The filter, which must be the first, ends them on the first thread; the listener
 * begins them again for the first notification. Has no effect on other servers, which do both.
 */
public class WeldContexts extends HttpFilter implements ServletRequestListener {

  /** The context attribute in which Weld publishes its listener. */
  private static final String WELD = "org.jboss.weld.module.web.servlet.WeldInitialListener";

  /** Request attribute: the contexts have been ended on the first thread. */
  private static final String ENDED = WeldContexts.class.getName();

  private static final ServletRequestListener NONE = new ServletRequestListener() {};

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } finally {
      // The request is not completed before this thread has left it.
      if (request.isAsyncStarted() && GrizzlySettings.isCatalina(request)) {
        request.setAttribute(ENDED, true);
        ServletRequestEvent end = new ServletRequestEvent(request.getServletContext(), request);
        weld(end).requestDestroyed(end);
      }
    }
  }

  @Override
  public void requestDestroyed(ServletRequestEvent event) {
    if (event.getServletRequest().getAttribute(ENDED) != null) {
      weld(event).requestInitialized(event);
    }
  }

  private static ServletRequestListener weld(ServletRequestEvent event) {
    return event.getServletContext().getAttribute(WELD) instanceof ServletRequestListener weld
        ? weld
        : NONE;
  }
}
