package devfest.studio.app.http;

import devfest.studio.http.Code;
import devfest.studio.http.Links;
import devfest.studio.http.Outage;
import devfest.studio.http.Problem;
import devfest.studio.security.Origins;
import jakarta.inject.Inject;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebInitParam;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The error page in web.xml: returns problem documents for errors that the container raises. */
@WebServlet(
    urlPatterns = "/problem",
    asyncSupported = true,
    // Otherwise Payara would replace the document by its own page if the client has disconnected.
    initParams =
        @WebInitParam(name = "org.glassfish.web.isDefaultErrorPageEnabled", value = "false"))
public class ProblemServlet extends HttpServlet {

  private static final Logger LOG = System.getLogger(ProblemServlet.class.getName());
  private static final int SERVER_ERROR = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;

  @Inject private transient FailedAuthentications authentications;
  @Inject private transient Origins origins;
  @Inject private transient Links links;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response) {
    if (!response.containsHeader("Content-Security-Policy")) { // refused before the filters
      HeadersFilter.of(request.getHeader("Origin"), origins, response::addHeader);
    }
    Object error = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    int status = error instanceof Integer number ? number : HttpServletResponse.SC_NOT_FOUND;
    String detail = null;
    Code code = null;
    @Nullable Problem refusal =
        request.getAttribute(Problem.class.getName()) instanceof Problem known ? known : null;
    if (status == HttpServletResponse.SC_UNAUTHORIZED) {
      boolean sent = "Invalid token".equals(request.getAttribute(RequestDispatcher.ERROR_MESSAGE));
      detail = sent ? "Invalid token" : "Token required";
      code = sent ? Code.INVALID_TOKEN : Code.TOKEN_REQUIRED;
      refusal = sent ? authentications.count(request).orElse(null) : refusal;
    }
    if (refusal != null) {
      status = refusal.status();
      detail = refusal.getMessage();
      code = refusal.code();
      if (refusal.retryAfter() != null) {
        response.setHeader("Retry-After", Long.toString(refusal.retryAfter().toSeconds()));
      }
    }
    if (code == Code.INVALID_TOKEN || code == Code.TOKEN_REQUIRED) {
      response.setHeader("WWW-Authenticate", Challenge.of(code == Code.INVALID_TOKEN, links));
    }
    Optional<Outage> outage = status == SERVER_ERROR ? outage(request) : Optional.empty();
    if (outage.isPresent()) {
      code = outage.get().code();
      status = code.status();
      detail = outage.get().message();
      response.setHeader("Retry-After", Long.toString(Outage.PAUSE.toSeconds()));
    }
    response.setStatus(status);
    response.setContentType(ProblemDocument.TYPE);
    response.setHeader("Cache-Control", "no-store");
    String place = path == null ? "/" : path.toString();
    byte[] document =
        (code == null
                ? ProblemDocument.of(status, detail, place)
                : ProblemDocument.of(code, detail, place))
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    response.setContentLength(document.length);
    try {
      response.getOutputStream().write(document);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A client disconnected before it received the status {0}", status);
    }
  }

  /** Returns the outage that may have caused an error outside of the resources. */
  private static Optional<Outage> outage(HttpServletRequest request) {
    Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
    return Outage.behind(failure instanceof Throwable thrown ? thrown : new ServletException());
  }
}
