package devfest.studio.security;

import devfest.studio.base.Sha256;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Determines the caller of a request. {@link Tokens} verifies every kind of credential. */
@RequestScoped
public class Callers {

  private final AccessSettings settings;
  private final Tokens tokens;
  private final Tickets tickets;
  private final Sessions sessions;

  @Inject
  Callers(AccessSettings settings, Tokens tokens, Tickets tickets, Sessions sessions) {
    this.settings = settings;
    this.tokens = tokens;
    this.tickets = tickets;
    this.sessions = sessions;
  }

  /**
   * Verifies the token of the {@code Authorization} header.
   *
   * @param headers all values of the header; null or empty if the request has none
   * @return empty without a header
   * @throws NotAuthorizedException if the header is not a single valid bearer token
   */
  public Optional<Token> header(@Nullable List<String> headers) {
    return headers == null || headers.isEmpty()
        ? Optional.empty()
        : Optional.of(tokens.verify(Credentials.bearer(headers)));
  }

  /**
   * Verifies the token that a session cookie contains or refers to.
   *
   * @throws NotAuthorizedException if the cookie is unknown or its token is not valid
   */
  public Token cookie(String cookie) {
    return tokens.verify(sessions.token(cookie)).in(Sha256.hex(cookie));
  }

  /**
   * Returns the caller of the request, {@link Caller#ANONYMOUS} without a token.
   *
   * @throws NotAuthorizedException if the request has an invalid session cookie
   */
  public Caller caller(SecurityContext context) {
    return context.getUserPrincipal() instanceof Token token ? token.caller() : Caller.ANONYMOUS;
  }

  /**
   * Returns a caller that may read public data.
   *
   * @throws NotAuthorizedException without a token, unless anonymous access is on
   */
  public Caller reader(SecurityContext context) {
    return requireAccess(caller(context));
  }

  /**
   * Returns a caller that may open a stream. Redeems the ticket if there is one.
   *
   * @throws NotAuthorizedException if the effective credential is invalid, or if there is none and
   *     anonymous access is off
   */
  public Caller streamReader(SecurityContext context, Credentials credentials) {
    return streamReader(context, credentials, tickets::redeem);
  }

  /** Like {@link #streamReader}, for a request that opens no stream: a ticket stays valid. */
  public Caller streamProbe(SecurityContext context, Credentials credentials) {
    return streamReader(context, credentials, tickets::peek);
  }

  private Caller streamReader(
      SecurityContext context, Credentials credentials, Function<String, Caller> ticket) {
    return requireAccess(
        credentials.hasHeader() ? caller(context) : withoutHeader(credentials, ticket, true));
  }

  /**
   * Returns a caller that may open a WebSocket, by the same rules as for a stream.
   *
   * @param withCookie whether to accept the session cookie
   * @throws NotAuthorizedException as for a stream
   */
  public Caller socketReader(HttpServletRequest request, boolean withCookie) {
    Credentials credentials = Credentials.of(request);
    return requireAccess(
        header(credentials.headers())
            .map(Token::caller)
            .orElseGet(() -> withoutHeader(credentials, tickets::redeem, withCookie)));
  }

  private Caller withoutHeader(
      Credentials credentials, Function<String, Caller> ticket, boolean withCookie) {
    if (!credentials.ticket().isEmpty()) {
      return ticket.apply(credentials.ticket());
    }
    if (!credentials.token().isEmpty()) {
      return tokens.verify(credentials.token()).caller();
    }
    return withCookie && !credentials.cookie().isEmpty()
        ? cookie(credentials.cookie()).caller()
        : Caller.ANONYMOUS;
  }

  private Caller requireAccess(Caller caller) {
    if (caller.anonymous() && !settings.anonymous()) {
      throw required();
    }
    return caller;
  }

  /** Creates the refusal of a request without a credential. */
  public static NotAuthorizedException required() {
    return new NotAuthorizedException("Token required", "Bearer");
  }

  /**
   * Creates the refusal of an operation that the caller may not perform: 401 for an anonymous
   * caller, otherwise 403.
   *
   * @param message the message of the 403
   */
  public static WebApplicationException refusal(Caller caller, String message) {
    return caller.anonymous() ? required() : new ForbiddenException(message);
  }
}
