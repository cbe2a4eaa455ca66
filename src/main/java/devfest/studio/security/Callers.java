package devfest.studio.security;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Finds out who makes the current request. */
@RequestScoped
public class Callers {

  private static final String BEARER = "Bearer ";

  @Inject
  @ConfigProperty(name = "studio.anonymous-access", defaultValue = "none")
  private String anonymousAccess;

  @Inject private Tokens tokens;
  @Inject private Tickets tickets;

  /** The caller behind the header's token, which the server has verified, or nobody. */
  public Caller caller(SecurityContext context) {
    if (!(context.getUserPrincipal() instanceof JsonWebToken token)) {
      return Caller.ANONYMOUS;
    }
    if (!Caller.isUserId(token.getName())) {
      throw Tokens.invalid();
    }
    return new Caller(
        token.getName(),
        token.getGroups() == null ? Set.of() : Set.copyOf(token.getGroups()),
        Instant.ofEpochSecond(token.getExpirationTime()),
        null);
  }

  /**
   * A caller who may read what is public.
   *
   * @throws NotAuthorizedException without a token, unless anonymous access is on
   */
  public Caller reader(SecurityContext context) {
    return reading(caller(context));
  }

  /**
   * A caller who may open a stream. The header's token comes before all other credentials.
   *
   * @throws NotAuthorizedException when what counts is invalid, or when there is nothing and
   *     anonymous access is off
   */
  public Caller streamReader(SecurityContext context, Credentials credentials) {
    return streamReader(context, credentials, tickets::redeem);
  }

  /** The same for a request that opens nothing: a ticket stays valid. */
  public Caller streamProbe(SecurityContext context, Credentials credentials) {
    return streamReader(context, credentials, tickets::look);
  }

  /**
   * A caller who may open a WebSocket, by the same rules as for a stream.
   *
   * @throws NotAuthorizedException as for a stream
   */
  public Caller socketReader(HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    boolean named = header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
    return reading(
        named
            ? tokens.verify(header.substring(BEARER.length()).strip())
            : caller(Credentials.of(request), tickets::redeem));
  }

  private Caller streamReader(
      SecurityContext context, Credentials credentials, Function<String, Caller> ticket) {
    Caller caller = caller(context);
    return reading(caller.anonymous() ? caller(credentials, ticket) : caller);
  }

  private Caller caller(Credentials credentials, Function<String, Caller> ticket) {
    if (!credentials.ticket().isEmpty()) {
      return ticket.apply(credentials.ticket());
    }
    if (!credentials.token().isEmpty()) {
      return tokens.verify(credentials.token());
    }
    String cookie = credentials.cookie();
    return cookie.isEmpty() ? Caller.ANONYMOUS : tokens.verify(cookie).in(Hash.of(cookie));
  }

  private Caller reading(Caller caller) {
    if (caller.anonymous() && !anonymousAccess.equals("public")) {
      throw new NotAuthorizedException("Token required", "Bearer");
    }
    return caller;
  }
}
