package devfest.studio.security;

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
