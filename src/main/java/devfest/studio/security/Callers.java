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

/** Finds out who makes the current request. Every way in leads to {@link Tokens}. */
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

  protected Callers() {
    this(null, null, null, null);
  }

  /**
   * The token of the {@code Authorization} header.
   *
   * @param headers all that the request has of this name
   * @return empty when it has none
   * @throws NotAuthorizedException when what it has is no valid bearer token
   */
  public Optional<Token> header(List<String> headers) {
    return headers == null || headers.isEmpty()
        ? Optional.empty()
        : Optional.of(tokens.verify(Credentials.bearer(headers)));
  }

  /**
   * The token that a session's cookie holds or refers to.
   *
   * @throws NotAuthorizedException when it is none, or no longer valid
   */
  public Token cookie(String cookie) {
    return tokens.verify(sessions.token(cookie)).in(Sha256.hex(cookie));
  }

  /**
   * The caller behind the principal of the request, or nobody.
   *
   * @throws NotAuthorizedException when the request has a session's cookie that is not valid
   */
  public Caller caller(SecurityContext context) {
    return context.getUserPrincipal() instanceof Token token ? token.caller() : Caller.ANONYMOUS;
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
   * A caller who may open a stream.
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

  private Caller streamReader(
      SecurityContext context, Credentials credentials, Function<String, Caller> ticket) {
    return reading(credentials.hasHeader() ? caller(context) : headless(credentials, ticket, true));
  }

  /**
   * A caller who may open a WebSocket, by the same rules as for a stream.
   *
   * @param withCookie whether a cookie counts
   * @throws NotAuthorizedException as for a stream
   */
  public Caller socketReader(HttpServletRequest request, boolean withCookie) {
    Credentials credentials = Credentials.of(request);
    return reading(
        header(credentials.headers())
            .map(Token::caller)
            .orElseGet(() -> headless(credentials, tickets::redeem, withCookie)));
  }

  private Caller headless(
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

  private Caller reading(Caller caller) {
    if (caller.anonymous() && !settings.anonymous()) {
      throw required();
    }
    return caller;
  }

  /** Refuses a request for want of any credential. */
  public static NotAuthorizedException required() {
    return new NotAuthorizedException("Token required", "Bearer");
  }

  /**
   * Refuses what the caller may not do: a token would help who has none.
   *
   * @param message for a caller whose token does not suffice
   */
  public static WebApplicationException refusal(Caller caller, String message) {
    return caller.anonymous() ? required() : new ForbiddenException(message);
  }
}
