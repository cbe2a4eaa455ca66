package devfest.studio.app;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The headers that browsers act on: CORS (the Fetch standard) for the origins that are allowed, and
 * what keeps pages from being misused. A servlet filter, so that streams carry them too.
 */
public class HeadersFilter extends HttpFilter {

  private static final String PAGE_POLICY =
      "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
          + " form-action 'self'; frame-ancestors 'none'";

  /** The documentation's own library sets inline styles. */
  private static final String DOCS_POLICY = PAGE_POLICY + "; style-src 'self' 'unsafe-inline'";

  @Inject private transient Origins origins;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader(
        "Content-Security-Policy",
        request.getRequestURI().endsWith("/docs") ? DOCS_POLICY : PAGE_POLICY);
    response.addHeader("Vary", "Origin");
    String origin = request.getHeader("Origin");
    if (origin != null) {
      allow(origin, response);
      if (isPreflight(request)) {
        response.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, PATCH, DELETE");
        response.setHeader(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, Cache-Control, Last-Event-ID, Idempotency-Key,"
                + " X-Requested-With");
        response.setHeader("Access-Control-Max-Age", "600");
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        return;
      }
    }
    chain.doFilter(request, response);
  }

  private void allow(String origin, HttpServletResponse response) {
    if (origins.names(origin)) {
      response.setHeader("Access-Control-Allow-Origin", origin);
      response.setHeader("Access-Control-Allow-Credentials", "true");
    } else if (origins.any()) {
      response.setHeader("Access-Control-Allow-Origin", "*");
    } else {
      return;
    }
    response.setHeader("Access-Control-Expose-Headers", "Location, Retry-After, ETag");
  }

  private static boolean isPreflight(HttpServletRequest request) {
    return request.getMethod().equals("OPTIONS")
        && request.getHeader("Access-Control-Request-Method") != null;
  }
}
