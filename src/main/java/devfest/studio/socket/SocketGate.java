package devfest.studio.socket;

import devfest.studio.http.Outage;
import devfest.studio.http.Problem;
import devfest.studio.http.Proxies;
import devfest.studio.security.Callers;
import devfest.studio.security.Origins;
import devfest.studio.sse.EventStream;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.ws.rs.WebApplicationException;
import java.io.IOException;
import java.security.Principal;
import java.util.Optional;

/**
 * Checks WebSocket handshakes before the server completes them. Browsers send handshakes with
 * cookies for pages of any origin (RFC 6455 § 10.2), so the origin must be allowed. A refusal is an
 * HTTP problem, as for a stream.
 */
public class SocketGate extends HttpFilter {

  /** RFC 9110 § 15.5.22; the Servlet API has no name for it. */
  private static final int UPGRADE_REQUIRED = 426;

  @Inject private transient Origins origins;
  @Inject private transient Callers callers;
  @Inject private transient Proxies proxies;
  @Inject private transient SocketRoutes routes;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    Optional<StudioSocket> socket = routes.at(path);
    if (socket.isEmpty()) {
      boolean handshake = request.getHeader("Sec-WebSocket-Key") != null;
      if (handshake) { // servers accept alternative spellings of WebSocket paths
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
        return;
      }
      chain.doFilter(request, response);
      return;
    }
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      response.setHeader("Upgrade", "websocket"); // RFC 9110 § 15.5.22
      response.setHeader("Connection", "close"); // Payara omits the length of such a response
      response.sendError(UPGRADE_REQUIRED, "This path accepts only WebSocket handshakes.");
      return;
    }
    String origin = request.getHeader("Origin");
    boolean known =
        origin == null || origins.names(origin) || origins.isOwn(origin, request.getHeader("Host"));
    if (!known && !origins.any()) {
      response.sendError(
          HttpServletResponse.SC_FORBIDDEN, "The origin of the page is not allowed.");
      return;
    }
    Visitor visitor;
    try {
      visitor =
          socket
              .get()
              .admit(
                  request,
                  // "*" allows any origin, but without credentials that the browser adds itself
                  () -> callers.socketReader(request, known),
                  proxies.client(request));
    } catch (WebApplicationException e) {
      response.sendError(e.getResponse().getStatus(), e.getMessage());
      return;
    } catch (Problem e) {
      refuse(request, response, e);
      return;
    } catch (RuntimeException e) { // WildFly would leave the handshake without an answer
      Outage outage = Outage.behind(e).orElseThrow(() -> e);
      refuse(request, response, Problem.tryLater(outage.code(), outage.message(), Outage.PAUSE));
      return;
    }
    EventStream.boundSendBuffer(request);
    try {
      chain.doFilter(new AdmittedRequest(request, visitor), response);
    } finally {
      if (response.getStatus() != HttpServletResponse.SC_SWITCHING_PROTOCOLS) {
        visitor.release();
      }
    }
  }

  private static void refuse(
      HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    request.setAttribute(Problem.class.getName(), problem);
    response.sendError(problem.status());
  }

  /**
   * Passes the visitor to the endpoint as the principal of its session, and makes its connection
   * safe to close.
   */
  private static final class AdmittedRequest extends HttpServletRequestWrapper {

    private final Visitor visitor;

    AdmittedRequest(HttpServletRequest request, Visitor visitor) {
      super(request);
      this.visitor = visitor;
    }

    @Override
    public Principal getUserPrincipal() {
      return visitor;
    }

    @Override
    public <T extends HttpUpgradeHandler> T upgrade(Class<T> type)
        throws IOException, ServletException {
      return Upgrade.begin((HttpServletRequest) getRequest(), type);
    }
  }
}
