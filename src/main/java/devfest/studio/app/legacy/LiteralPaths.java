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
 * The paths by which older clients know the studio's calls. Each is forwarded to the one it stands
 * for, streams too; what answers can tell by {@link LiteralPath}.
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

  /** WebSockets are not forwarded: each stands at both paths. */
  private static final Map<String, String> SOCKETS = Map.of("/timer/ws", "/timer/ws");

  private record Literal(String method, Pattern path, String canonical) {

    static Literal of(String method, String path, String canonical) {
      return new Literal(method, Pattern.compile(path), canonical);
    }

    Optional<String> target(String asked, String itsMethod) {
      boolean alike =
          itsMethod.equals(method) || (itsMethod.equals("HEAD") && method.equals("GET"));
      Matcher match = path.matcher(asked);
      return alike && match.matches()
          ? Optional.of(API + match.replaceFirst(canonical))
          : Optional.empty();
    }

    Stream<String> methods(String asked) {
      if (!path.matcher(asked).matches()) {
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

  /** The paths of a WebSocket of this canonical name. */
  public static Stream<String> ofSocket(String canonical) {
    return Stream.concat(
        Stream.of(API + canonical),
        SOCKETS.entrySet().stream()
            .filter(socket -> socket.getValue().equals(canonical))
            .map(Map.Entry::getKey));
  }

  /** The methods of a literal path; empty for any other path. */
  public static Set<String> methods(String path) {
    return TABLE.stream()
        .flatMap(literal -> literal.methods(path))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static Optional<String> target(String path, String method) {
    return TABLE.stream().flatMap(literal -> literal.target(path, method).stream()).findFirst();
  }
}
