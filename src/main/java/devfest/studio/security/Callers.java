package devfest.studio.security;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Finds out who makes the current request. */
@RequestScoped
public class Callers {

  @Inject
  @ConfigProperty(name = "studio.anonymous-access", defaultValue = "none")
  private String anonymousAccess;

  @Inject private Tokens tokens;

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
        Instant.ofEpochSecond(token.getExpirationTime()));
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
   * @param queryToken the token of the query, which counts when there is none in the header
   */
  public Caller streamReader(SecurityContext context, String queryToken) {
    Caller caller = caller(context);
    return reading(
        caller.anonymous() && queryToken != null && !queryToken.isEmpty()
            ? tokens.verify(queryToken)
            : caller);
  }

  private Caller reading(Caller caller) {
    if (caller.anonymous() && !anonymousAccess.equals("public")) {
      throw new NotAuthorizedException("Token required", "Bearer");
    }
    return caller;
  }
}
