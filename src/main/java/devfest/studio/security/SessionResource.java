package devfest.studio.security;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Links;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Stores the caller's token in a cookie, which authenticates streams and the calls of the studio's
 * own pages.
 */
@RequestScoped
@Path("/session")
@Tag(name = "Access")
public class SessionResource {

  public static final String COOKIE = "studio_session";

  /** The longest lifetime of a cookie in browsers (RFC 6265bis). */
  private static final Duration MAX_AGE = Duration.ofDays(400);

  @Inject private Links links;
  @Inject private Sessions sessions;
  @Inject private Callers callers;
  @Inject private Clock clock;
  @Inject private Event<SessionEnded> ended;
  @Inject private Audit audit;

  @Context private SecurityContext context;

  @POST
  @Limited(Limit.SESSIONS)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "Store the token in a cookie for streams and the studio's own pages",
      description = "The server stores a token that is too large for a cookie.")
  @APIResponse(responseCode = "204", description = "The cookie studio_session is set")
  public Response begin() {
    Token token = (Token) context.getUserPrincipal();
    Duration left = Duration.between(clock.instant(), token.caller().until());
    Duration age = left.compareTo(MAX_AGE) > 0 ? MAX_AGE : left;
    String cookie = sessions.begin(token);
    audit.record(token.getName(), Action.BEGIN_SESSION, null, Outcome.DONE);
    return answer(cookie, Math.max(0, Math.toIntExact(age.toSeconds())));
  }

  @DELETE
  @Public
  @SecurityRequirements
  @Operation(
      summary = "Clear the cookie and end the streams that it opened",
      description = "On every node, a copy of the cookie is no longer accepted.")
  @APIResponse(responseCode = "204", description = "The cookie is cleared")
  public Response end(@CookieParam(COOKIE) @Nullable String cookie) {
    if (cookie != null && !cookie.isEmpty()) {
      endSession(cookie);
    }
    return answer("", 0);
  }

  private void endSession(String cookie) {
    Token token;
    try {
      token = callers.session(cookie);
    } catch (NotAuthorizedException e) {
      return; // the cookie opens nothing
    }
    String session = Sessions.id(cookie);
    try {
      sessions.end(cookie, token);
    } catch (RuntimeException e) {
      if (sessions.isOpen(session)) { // otherwise a concurrent request has ended it
        throw e;
      }
    }
    ended.fire(new SessionEnded(session));
    audit.record(token.getName(), Action.END_SESSION, null, Outcome.DONE);
  }

  private Response answer(String value, int maxAge) {
    return Response.noContent()
        .cookie(
            new NewCookie.Builder(COOKIE)
                .value(value)
                .path("/")
                .maxAge(maxAge)
                .httpOnly(true)
                .secure(links.base().startsWith("https:"))
                .sameSite(NewCookie.SameSite.STRICT)
                .build())
        .build();
  }
}
