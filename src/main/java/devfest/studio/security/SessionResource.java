package devfest.studio.security;

import devfest.studio.base.Sha256;
import devfest.studio.http.Links;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DELETE;
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
  @Inject private Clock clock;
  @Inject private Event<SessionEnded> ended;

  @Context private SecurityContext context;

  @POST
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "Store the token in a cookie for streams and the studio's own pages",
      description = "The server stores a token that is too large for a cookie.")
  @APIResponse(responseCode = "204", description = "The cookie studio_session is set")
  public Response begin() {
    Token token = (Token) context.getUserPrincipal();
    Duration left = Duration.between(clock.instant(), token.caller().until());
    Duration age = left.compareTo(MAX_AGE) > 0 ? MAX_AGE : left;
    return answer(sessions.begin(token), Math.max(0, Math.toIntExact(age.toSeconds())));
  }

  @DELETE
  @Public
  @SecurityRequirements
  @Operation(summary = "Clear the cookie and end the streams that it opened")
  @APIResponse(responseCode = "204", description = "The cookie is cleared")
  public Response end(@CookieParam(COOKIE) @Nullable String cookie) {
    if (cookie != null && !cookie.isEmpty()) {
      sessions.end(cookie);
      ended.fire(new SessionEnded(Sha256.hex(cookie)));
    }
    return answer("", 0);
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
