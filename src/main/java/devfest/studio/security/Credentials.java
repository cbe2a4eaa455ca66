package devfest.studio.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.QueryParam;

/**
 * The ways into a stream besides the header, for browsers, whose streaming APIs can't send one. Of
 * those that are present the first counts, in this order: ticket, token, cookie.
 */
public class Credentials {

  @QueryParam("ticket")
  private String ticket;

  @QueryParam("token")
  private String token;

  @CookieParam(SessionResource.COOKIE)
  private String cookie;

  /** Those of a request that no JAX-RS method answers. */
  static Credentials of(HttpServletRequest request) {
    Credentials credentials = new Credentials();
    credentials.ticket = request.getParameter("ticket");
    credentials.token = request.getParameter("token");
    if (request.getCookies() != null) {
      for (Cookie cookie : request.getCookies()) {
        if (cookie.getName().equals(SessionResource.COOKIE)) {
          credentials.cookie = cookie.getValue();
        }
      }
    }
    return credentials;
  }

  String ticket() {
    return ticket == null ? "" : ticket;
  }

  String token() {
    return token == null ? "" : token;
  }

  String cookie() {
    return cookie == null ? "" : cookie;
  }
}
