package devfest.studio.app.legacy;

import devfest.studio.http.LiteralPath;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Forwards the literal paths that older clients use to the canonical paths, including streams. A
 * resource can detect a forwarded request with {@link LiteralPath}.
 */
public class LiteralPaths extends HttpFilter {

  public static final String API = "/api/v1";

  private static final List<Literal> TABLE =
      List.of(
          Literal.of("GET", "/events|/api/events", "/events/stream"),
          Literal.of("POST", "/api/broadcast", "/events"),
          Literal.of("GET", "/api/stream", "/stream"),
          Literal.of("GET", "(?:/api)?(/github/events/stream)", "$1"),
          Literal.of("GET", "(?:/api)?(/github/events/length/stream)", "$1"),
          Literal.of("GET", "(?:/api)?(/github/posts/stats/stream)", "$1"),
          Literal.of("GET", "(?:/api)?(/quota/stream)", "$1"),
          Literal.of("GET", "/notifications|/api/notifications/stream", "/notifications/stream"),
          Literal.of("POST", "/api(/users/[^/]+/mention)", "$1"),
          Literal.of("GET", "/metrics-stream|/api/metrics/stream", "/metrics/stream"),
          Literal.of("GET", "/api(/games/[^/]+/stream)", "$1"),
          Literal.of("POST", "/api(/games/[^/]+/score)", "$1"),
          Literal.of("GET", "(/timer(?:/stream)?)", "$1"),
          Literal.of("GET", "/chat-stream|/ai-stream", "/assistant/stream"),
          Literal.of("GET", "/chat-events", "/chat/stream"),
          Literal.of("POST", "/send-message", "/chat/messages"),
          Literal.of("POST", "/api(/tasks/upload)", "$1"),
          Literal.of("GET", "/api(/tasks/[^/]+/progress)", "$1"));

  /** Literal path to canonical path. WebSockets are not forwarded but registered at both paths. */
  private static final Map<String, String> SOCKETS = Map.of("/timer/ws", "/timer/ws");

  private record Literal(String method, Pattern path, String canonical) {

    static Literal of(String method, String path, String canonical) {
      return new Literal(method, Pattern.compile(path), canonical);
    }

    Optional<String> target(String requestPath, String requestMethod) {
      boolean matchesMethod =
          requestMethod.equals(method) || (requestMethod.equals("HEAD") && method.equals("GET"));
      Matcher match = path.matcher(requestPath);
      return matchesMethod && match.matches()
          ? Optional.of(API + match.replaceFirst(canonical))
          : Optional.empty();
    }

    Stream<String> methods(String requestPath) {
      if (!path.matcher(requestPath).matches()) {
        return Stream.empty();
      }
      return method.equals("GET") ? Stream.of("GET", "HEAD") : Stream.of(method);
    }
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    Optional<String> target = target(path, request.getMethod());
    if (target.isPresent()) {
      LiteralPath.note(request, path);
      request.getRequestDispatcher(target.get()).forward(request, response);
    } else {
      chain.doFilter(request, response);
    }
  }

  /** Returns all paths of a WebSocket, given its canonical path below {@link #API}. */
  public static Stream<String> ofSocket(String canonical) {
    return Stream.concat(
        Stream.of(API + canonical),
        SOCKETS.entrySet().stream()
            .filter(socket -> socket.getValue().equals(canonical))
            .map(Map.Entry::getKey));
  }

  /** Returns the expressions that match the literal paths. */
  static Stream<String> patterns() {
    return TABLE.stream().map(literal -> literal.path().pattern());
  }

  /** Returns the methods of a literal path; empty for any other path. */
  public static Set<String> methods(String path) {
    return TABLE.stream()
        .flatMap(literal -> literal.methods(path))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the canonical path that a request at a literal path is forwarded to. */
  public static Optional<String> target(String path, String method) {
    return TABLE.stream().flatMap(literal -> literal.target(path, method).stream()).findFirst();
  }
}
