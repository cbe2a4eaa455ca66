package devfest.studio.app.http;

import devfest.studio.cluster.Cluster;
import devfest.studio.http.Problem;
import devfest.studio.security.Origins;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Collections;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds the CORS headers (Fetch standard) for allowed origins and the security headers, and refuses
 * requests with an ambiguous {@code Host}. A servlet filter, so that streams have the headers too.
 */
public class HeadersFilter extends HttpFilter {

  /** Header with the name of the node. */
  static final String NODE = "X-Studio-Node";

  /** One policy for every path, because servers spell paths in several ways. */
  private static final String POLICY =
      "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
          + " form-action 'self'; frame-ancestors 'none'";

  /** A year. Not for subdomains, because the studio does not know what else they serve. */
  private static final String HTTPS_ONLY = "max-age=31536000";

  private static final String HOST_RULE = "A request must have one valid Host header.";

  @Inject private transient Origins origins;
  @Inject private transient Cluster cluster;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String origin = request.getHeader("Origin");
    of(origin, origins, response::addHeader);
    response.setHeader(NODE, cluster.name());
    if (!Host.isValid(Collections.list(request.getHeaders("Host")))) {
      request.setAttribute(Problem.class.getName(), Problem.badRequest(HOST_RULE));
      response.sendError(HttpServletResponse.SC_BAD_REQUEST);
      return;
    }
    if (origin != null) {
      if (isPreflight(request)) {
        response.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
        response.setHeader(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, Cache-Control, Last-Event-ID, Idempotency-Key,"
                + " X-Requested-With");
        response.setHeader("Access-Control-Max-Age", "600");
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        return;
      }
    }
    if (request.getMethod().equals("HEAD")) {
      HeadOfStream head = new HeadOfStream(response);
      chain.doFilter(request, head);
      head.end();
    } else {
      chain.doFilter(request, response);
    }
  }

  /** Prevents the container from adding {@code Content-Length: 0} to the headers of a stream. */
  private static final class HeadOfStream extends HttpServletResponseWrapper {

    HeadOfStream(HttpServletResponse response) {
      super(response);
    }

    private boolean isStream() {
      return String.valueOf(getContentType()).startsWith("text/event-stream");
    }

    @Override
    public void setContentLength(int length) {
      setContentLengthLong(length);
    }

    @Override
    public void setContentLengthLong(long length) {
      if (length > 0) {
        super.setContentLengthLong(length);
      }
    }

    void end() throws IOException {
      if (isStream() && !isCommitted()) {
        flushBuffer();
      }
    }
  }

  /**
   * Adds the headers that every response has, including the responses of the container itself.
   *
   * @param origin the {@code Origin} of the request; null if it has none
   * @param origins null while they are not known
   * @param header receives the name and value of each header
   */
  public static void of(
      @Nullable String origin, @Nullable Origins origins, BiConsumer<String, String> header) {
    header.accept("X-Content-Type-Options", "nosniff");
    header.accept("Referrer-Policy", "no-referrer");
    header.accept("Content-Security-Policy", policy(origins));
    if (origins != null && origins.requireHttps()) {
      header.accept("Strict-Transport-Security", HTTPS_ONLY);
    }
    header.accept("Vary", "Origin");
    if (origin != null && origins != null) {
      allow(origin, origins, header);
    }
  }

  private static String policy(@Nullable Origins origins) {
    return origins == null || origins.ofSignIn().isEmpty()
        ? POLICY
        : POLICY + "; connect-src 'self' " + origins.ofSignIn();
  }

  private static void allow(String origin, Origins origins, BiConsumer<String, String> header) {
    if (origins.names(origin)) {
      header.accept("Access-Control-Allow-Origin", origin);
      header.accept("Access-Control-Allow-Credentials", "true");
    } else if (origins.any()) {
      header.accept("Access-Control-Allow-Origin", "*");
    } else {
      return;
    }
    header.accept("Access-Control-Expose-Headers", "Location, Retry-After, ETag");
  }

  private static boolean isPreflight(HttpServletRequest request) {
    return request.getMethod().equals("OPTIONS")
        && request.getHeader("Access-Control-Request-Method") != null;
  }
}
