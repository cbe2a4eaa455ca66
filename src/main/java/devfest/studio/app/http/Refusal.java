package devfest.studio.app.http;

import devfest.studio.http.Code;
import devfest.studio.http.Links;
import devfest.studio.http.Outage;
import devfest.studio.http.Problem;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.core.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The refusal of a request before its body is read: a problem document. The connection closes after
 * it, unless the body has come with the head.
 *
 * @param headers headers besides those that every refusal has
 */
public record Refusal(Problem problem, Map<String, String> headers) {

  static final Refusal NOT_FOUND =
      of(new Problem(Code.NOT_FOUND, "There is no resource at this path."));

  public static Refusal of(Problem problem) {
    return new Refusal(problem, Map.of());
  }

  /** The path does not support the method. */
  static Refusal method(Set<String> allowed) {
    String list = String.join(", ", allowed);
    return new Refusal(
        new Problem(Code.METHOD_NOT_ALLOWED, "This path supports only the methods " + list + "."),
        Map.of("Allow", list));
  }

  /**
   * Returns the refusal for a failed authentication or authorisation.
   *
   * @throws RuntimeException the failure itself if it is an error of the studio
   */
  static Refusal of(RuntimeException failure, Links links) {
    if (failure instanceof Problem problem) {
      return of(problem);
    }
    if (failure instanceof NotAuthorizedException) {
      boolean invalid = isInvalid(failure);
      return new Refusal(
          invalid
              ? new Problem(Code.INVALID_TOKEN, "Invalid token")
              : new Problem(Code.TOKEN_REQUIRED, "Token required"),
          Map.of(HttpHeaders.WWW_AUTHENTICATE, Challenge.of(invalid, links)));
    }
    if (failure instanceof ForbiddenException) {
      return of(
          new Problem(Code.FORBIDDEN, "The token does not have the role that this call requires."));
    }
    Outage outage = Outage.behind(failure).orElseThrow(() -> failure);
    return of(Problem.tryLater(outage.code(), outage.message(), Outage.PAUSE));
  }

  /** Whether a credential is invalid; otherwise a required one is missing. */
  static boolean isInvalid(Exception failure) {
    return "Invalid token".equals(failure.getMessage());
  }

  Refusal with(String header, String value) {
    Map<String, String> all = new TreeMap<>(headers);
    all.put(header, value);
    return new Refusal(problem, all);
  }

  /** Returns the status of the response. */
  public int status() {
    return problem.status();
  }

  /** Passes each header of the response to a consumer, except the length. */
  public void describe(BiConsumer<String, String> header) {
    header.accept("Content-Type", ProblemDocument.TYPE);
    headers.forEach(header);
    if (problem.retryAfter() != null) {
      header.accept("Retry-After", Long.toString(problem.retryAfter().toSeconds()));
    }
  }

  /**
   * Returns the body of the response.
   *
   * @param uri the path of the request
   */
  public byte[] document(String uri) {
    return ProblemDocument.of(problem.code(), problem.getMessage(), uri)
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }
}
