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

/** Tokens for whoever sits at the machine, in dev mode only. */
@RequestScoped
@Path("/dev/tokens")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Development")
public class DevTokensResource {

  /**
   * Who the token is for; lives an hour unless said otherwise. Checked by hand, as 404 outside dev
   * mode comes before 400.
   */
  @Schema(name = "TokenWish", requiredProperties = "user")
  public record Wish(
      @Nullable String user, @Nullable List<String> groups, @Nullable Long ttlSeconds) {}

  /** In seconds. */
  private static final long HOUR = 3_600;

  /** A month: longer than a project that is being tried. */
  private static final long LONGEST = 30 * 24 * HOUR;

  private static final Set<String> LOOPBACK_NAMES =
      Set.of("localhost", "127.0.0.1", "[::1]", "::1", "[0:0:0:0:0:0:0:1]");

  @Inject private DevMode devMode;
  @Inject private People people;
  @Context private HttpServletRequest request;

  @POST
  @Public
  @Consumes(MediaType.APPLICATION_JSON)
  @SecurityRequirements
  @Operation(summary = "Dev mode, from the same machine only: a token for anybody")
  @APIResponse(responseCode = "200", description = "{token, expiresAt}")
  @APIResponse(responseCode = "404", description = "Not in dev mode, or not from this machine")
  public DevMode.Issued issue(@Nullable Wish wish) throws UnknownHostException {
    if (!devMode.on() || !fromThisMachine()) {
      throw new NotFoundException();
    }
    if (wish == null || wish.user() == null || wish.user().isBlank()) {
      throw Problem.badRequest("user is needed");
    }
    long seconds = wish.ttlSeconds() == null ? HOUR : wish.ttlSeconds();
    if (seconds < 1 || seconds > LONGEST) {
      throw Problem.badRequest("ttlSeconds is a number from 1 to " + LONGEST);
    }
    DevMode.Issued issued =
        devMode.issue(
            wish.user(),
            wish.groups() == null ? List.of() : wish.groups(),
            Duration.ofSeconds(seconds));
    if (Caller.isUserId(wish.user())) {
      Greeting.greet(people, wish.user());
    }
    return issued;
  }

  /** Neither through a proxy, nor through a foreign name that was made to point here. */
  private boolean fromThisMachine() throws UnknownHostException {
    return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()
        && LOOPBACK_NAMES.contains(request.getServerName())
        && request.getHeader("X-Forwarded-For") == null
        && request.getHeader("Forwarded") == null;
  }
}
