package devfest.studio.security;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Determines the caller of a request. {@link Tokens} verifies every kind of credential. */
@RequestScoped
public class Callers {

  private final AccessSettings settings;
  private final Tokens tokens;
  private final Tickets tickets;
  private final Sessions sessions;
  private final Audit audit;

  private @Nullable Caller current;

  @Inject
  Callers(AccessSettings settings, Tokens tokens, Tickets tickets, Sessions sessions, Audit audit) {
    this.settings = settings;
    this.tokens = tokens;
    this.tickets = tickets;
    this.sessions = sessions;
    this.audit = audit;
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
        : Optional.of(recorded("header", () -> tokens.verify(Credentials.bearer(headers))));
  }

  /**
   * Verifies the token that a session cookie contains or refers to.
   *
   * @throws NotAuthorizedException if the cookie is unknown, its token is not valid, or its session
   *     has ended
   */
  public Token cookie(String cookie) {
    return recorded("cookie", () -> session(cookie));
  }

  /** Like {@link #cookie}, for a caller that does not need to be signed in: no record is made. */
  Token session(String cookie) {
    Token token = tokens.verify(sessions.token(cookie)).in(Sessions.id(cookie));
    requireOpen(Sessions.id(cookie));
    return token;
  }

  /** Records the refusal of a credential, which never becomes part of the record. */
  private <T> T recorded(String credential, Supplier<T> check) {
    try {
      return check.get();
    } catch (NotAuthorizedException e) {
      audit.record(null, Action.SIGN_IN, credential, Outcome.REFUSED);
      throw e;
    }
  }

  private void requireOpen(String session) {
    if (!sessions.isOpen(session)) {
      throw Tokens.invalid();
    }
  }

  /**
   * Returns the caller of the request, {@link Caller#ANONYMOUS} without a token.
   *
   * @throws NotAuthorizedException if the request has an invalid session cookie
   */
  public Caller caller(SecurityContext context) {
    Caller caller =
        context.getUserPrincipal() instanceof Token token ? token.caller() : Caller.ANONYMOUS;
    current = caller.anonymous() ? null : caller;
    return caller;
  }

  /**
   * Checks that the token of the request may publish events of a type.
   *
   * @throws ForbiddenException if its claims exclude the type
   */
  public void requireType(SecurityContext context, String type) {
    grant(context).requireType(type);
  }

  /**
   * Checks that the token of the request may publish on a channel, or change what the channel is
   * about.
   *
   * @param channel for example {@code timer}
   * @throws ForbiddenException if its claims exclude the channel
   */
  public void requireChannel(SecurityContext context, String channel) {
    grant(context).requireChannel(channel);
  }

  private static Grant grant(SecurityContext context) {
    return context.getUserPrincipal() instanceof Token token ? token.grant() : Grant.ALL;
  }

  /** Returns the caller that this request has determined; empty if none or anonymous. */
  Optional<Caller> current() {
    return Optional.ofNullable(current);
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
      return recorded("ticket", () -> redeemed(ticket.apply(credentials.ticket())));
    }
    if (!credentials.token().isEmpty()) {
      return recorded("token", () -> tokens.verify(credentials.token())).caller();
    }
    return withCookie && !credentials.cookie().isEmpty()
        ? cookie(credentials.cookie()).caller()
        : Caller.ANONYMOUS;
  }

  /** Checks that neither the token nor the session that the ticket was issued for has ended. */
  private Caller redeemed(Caller caller) {
    tokens.requireUnrevoked(caller);
    if (caller.session() != null) {
      requireOpen(caller.session());
    }
    return caller;
  }

  /** Whether the caller may read public data. */
  public boolean mayRead(Caller caller) {
    return !caller.anonymous() || settings.anonymous();
  }

  private Caller requireAccess(Caller caller) {
    if (!mayRead(caller)) {
      throw required();
    }
    return caller;
  }

  /** Creates the refusal of an invalid credential. */
  public static NotAuthorizedException invalid() {
    return Tokens.invalid();
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
