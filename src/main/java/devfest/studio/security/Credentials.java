package devfest.studio.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of a request for a stream. The first one present is effective, in this order:
 * header, ticket, token, cookie. The streaming APIs of browsers cannot send the header.
 */
public class Credentials {

  private static final String BEARER = "Bearer ";

  @HeaderParam(HttpHeaders.AUTHORIZATION)
  private @Nullable List<String> headers;

  @QueryParam("ticket")
  private @Nullable List<String> tickets;

  @QueryParam("token")
  private @Nullable List<String> tokens;

  @CookieParam(SessionResource.COOKIE)
  private @Nullable String cookie;

  /** Reads the credentials of a request that is not handled by a JAX-RS method. */
  static Credentials of(HttpServletRequest request) {
    Credentials credentials = new Credentials();
    credentials.headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
    credentials.tickets = values(request, "ticket");
    credentials.tokens = values(request, "token");
    if (request.getCookies() != null) {
      for (Cookie candidate : request.getCookies()) {
        if (candidate.getName().equals(SessionResource.COOKIE)) {
          credentials.cookie = candidate.getValue();
        }
      }
    }
    return credentials;
  }

  private static List<String> values(HttpServletRequest request, String name) {
    String[] values = request.getParameterValues(name);
    return values == null ? List.of() : Arrays.asList(values);
  }

  /**
   * Returns the token of the {@code Authorization} header, without verifying it.
   *
   * @param headers all values of the header; null or empty if the request has none
   * @return empty without a header
   * @throws NotAuthorizedException if there are several headers, or another scheme than Bearer
   */
  static String bearer(List<String> headers) {
    if (headers.isEmpty()) {
      return "";
    }
    String header = headers.get(0).strip();
    if (headers.size() > 1 || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw Tokens.invalid();
    }
    return header.substring(BEARER.length()).strip();
  }

  boolean hasHeader() {
    return headers != null && !headers.isEmpty();
  }

  List<String> headers() {
    return headers == null ? List.of() : headers;
  }

  String ticket() {
    return single(tickets);
  }

  String token() {
    return single(tokens);
  }

  String cookie() {
    return cookie == null ? "" : cookie;
  }

  /** Returns the only non-empty value, or empty text; several values are ambiguous and refused. */
  private static String single(@Nullable List<String> values) {
    List<String> present =
        values == null ? List.of() : values.stream().filter(value -> !value.isEmpty()).toList();
    if (present.size() > 1) {
      throw Tokens.invalid();
    }
    return present.isEmpty() ? "" : present.get(0);
  }
}
