package devfest.studio.app.http;

import devfest.studio.app.legacy.LiteralPaths;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import devfest.studio.stream.StreamEngine;
import jakarta.inject.Inject;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rejects requests before they reach a resource: all requests while the studio starts or stops, or
 * while the listener has no adapter that receives bodies, URIs with other characters than ASCII,
 * and methods that the path does not support. Jakarta REST checks the methods of resource paths.
 */
public class RequestGate extends HttpFilter {

  /** Retry-After while the studio starts or stops: about the time of a restart. */
  public static final Duration RESTART = Duration.ofSeconds(5);

  public static final String UNAVAILABLE = "The studio is starting or stopping. Try again shortly.";
  static final String NOT_ASCII = "A URI must be ASCII: percent-encode other characters as UTF-8.";

  private static final Set<String> READ = Set.of("GET", "HEAD");

  @Inject private transient StreamEngine engine;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getDispatcherType() != DispatcherType.REQUEST) {
      chain.doFilter(request, response);
    } else if (!engine.isRunning() || request.getAttribute(BodyFilter.SEEN) == null) {
      response.setHeader("Connection", "close");
      refuse(Problem.tryLater(Code.UNAVAILABLE, UNAVAILABLE, RESTART), request, response);
    } else if (!isAscii(request.getRequestURI()) || !isAscii(request.getQueryString())) {
      refuse(Problem.badRequest(NOT_ASCII), request, response);
    } else {
      pass(request, response, chain);
    }
  }

  private static void pass(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    Set<String> methods = LiteralPaths.methods(path);
    boolean call = path.startsWith(LiteralPaths.API + "/");
    if (call || methods.contains(request.getMethod())) {
      chain.doFilter(request, response);
      return;
    }
    if (methods.isEmpty()) {
      methods = READ;
    }
    if (READ.contains(request.getMethod()) && methods.equals(READ)) {
      chain.doFilter(request, response);
      return;
    }
    Set<String> allowed = new TreeSet<>(methods);
    allowed.add("OPTIONS");
    String list = String.join(", ", allowed);
    response.setHeader("Allow", list);
    if (request.getMethod().equals("OPTIONS")) {
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    } else {
      refuse(
          new Problem(Code.METHOD_NOT_ALLOWED, "This path supports only the methods " + list + "."),
          request,
          response);
    }
  }

  private static boolean isAscii(String text) {
    return text == null || text.chars().allMatch(c -> c < 0x7F);
  }

  private static void refuse(
      Problem problem, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    request.setAttribute(Problem.class.getName(), problem);
    response.sendError(problem.status());
  }
}
