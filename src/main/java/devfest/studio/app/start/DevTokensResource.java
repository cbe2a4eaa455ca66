package devfest.studio.app.start;

import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.security.DevMode;
import devfest.studio.security.People;
import devfest.studio.security.Public;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Issues tokens to callers on the same machine, in dev mode only. */
@RequestScoped
@Path("/dev/tokens")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Development")
public class DevTokensResource {

  /**
   * @param user the user id
   * @param groups the groups of the user; none if null
   * @param ttlSeconds the lifetime of the token; one hour if null
   */
  @Schema(name = "TokenWish", requiredProperties = "user")
  public record Wish(
      @Nullable String user, @Nullable List<String> groups, @Nullable Long ttlSeconds) {}

  /** The default lifetime in seconds. */
  private static final long HOUR = 3_600;

  /** The maximum lifetime in seconds, 30 days: longer than any trial of the studio. */
  private static final long MAX_SECONDS = 30 * 24 * HOUR;

  private static final Set<String> LOOPBACK_NAMES =
      Set.of("localhost", "127.0.0.1", "[::1]", "::1", "[0:0:0:0:0:0:0:1]");

  @Inject private DevMode devMode;
  @Inject private People people;
  @Context private HttpServletRequest request;

  @POST
  @Public
  @Consumes(MediaType.APPLICATION_JSON)
  @SecurityRequirements
  @Operation(summary = "Issue a token for any user (dev mode, callers on the same machine only)")
  @APIResponse(responseCode = "200", description = "The token and its expiry")
  @APIResponse(
      responseCode = "404",
      description = "Dev mode is off, or the caller is on another machine")
  public DevMode.Issued issue(@Nullable Wish wish) throws UnknownHostException {
    if (!devMode.on() || !fromThisMachine()) {
      throw new NotFoundException();
    }
    if (wish == null || wish.user() == null || wish.user().isBlank()) {
      throw Problem.badRequest("user must be a non-blank string.");
    }
    long seconds = wish.ttlSeconds() == null ? HOUR : wish.ttlSeconds();
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw Problem.badRequest("ttlSeconds must be a whole number from 1 to " + MAX_SECONDS + ".");
    }
    DevMode.Issued issued =
        devMode.issue(
            wish.user(),
            wish.groups() == null ? List.of() : wish.groups(),
            Duration.ofSeconds(seconds));
    if (Caller.isUserId(wish.user())) {
      Greeting.recordUser(people, wish.user());
    }
    return issued;
  }

  /** Rejects requests through a proxy and through a foreign host name that resolves to loopback. */
  private boolean fromThisMachine() throws UnknownHostException {
    return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()
        && LOOPBACK_NAMES.contains(request.getServerName())
        && request.getHeader("X-Forwarded-For") == null
        && request.getHeader("Forwarded") == null;
  }
}
