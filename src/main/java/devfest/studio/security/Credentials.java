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
 * What a request for a stream may carry to say whose it is. Of those that are present the first
 * counts, in this order: header, ticket, token, cookie. Browsers' streaming APIs can't send the
 * header.
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

  /** Those of a request that no JAX-RS method answers. */
  static Credentials of(HttpServletRequest request) {
    Credentials credentials = new Credentials();
    credentials.headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
    credentials.tickets = values(request, "ticket");
    credentials.tokens = values(request, "token");
    if (request.getCookies() != null) {
      for (Cookie one : request.getCookies()) {
        if (one.getName().equals(SessionResource.COOKIE)) {
          credentials.cookie = one.getValue();
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
   * The token of the {@code Authorization} header.
   *
   * @param headers all that the request has of this name
   * @return empty without a header
   * @throws NotAuthorizedException when there are several, or it is no bearer token
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
    return only(tickets);
  }

  String token() {
    return only(tokens);
  }

  String cookie() {
    return cookie == null ? "" : cookie;
  }

  /** Empty is absent; of two nobody can say which one counts. */
  private static String only(@Nullable List<String> values) {
    List<String> present =
        values == null ? List.of() : values.stream().filter(one -> !one.isEmpty()).toList();
    if (present.size() > 1) {
      throw Tokens.invalid();
    }
    return present.isEmpty() ? "" : present.get(0);
  }
}
