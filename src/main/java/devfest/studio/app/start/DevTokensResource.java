package devfest.studio.app.start;

import devfest.studio.http.Bodies;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Loopback;
import devfest.studio.http.WholeNumber;
import devfest.studio.security.Caller;
import devfest.studio.security.DevMode;
import devfest.studio.security.Origins;
import devfest.studio.security.People;
import devfest.studio.security.Public;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.constraints.NotBlank;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
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
@Tag(name = "Access")
public class DevTokensResource {

  /**
   * @param user the user id
   * @param groups the groups of the user; none if left out
   * @param ttlSeconds the lifetime of the token; one hour if left out
   */
  @Schema(name = "TokenWish")
  public record Wish(
      @NotBlank(message = "must be a non-blank string.") String user,
      List<String> groups,
      @WholeNumber(min = 1, max = MAX_SECONDS, optional = true) Long ttlSeconds) {

    /** Replaces absent members by their defaults. */
    public Wish {
      groups = Objects.requireNonNullElse(groups, List.of());
      ttlSeconds = Objects.requireNonNullElse(ttlSeconds, HOUR);
    }
  }

  /** The default lifetime in seconds. */
  private static final long HOUR = 3_600;

  /** The maximum lifetime in seconds, 30 days: longer than any trial of the studio. */
  private static final long MAX_SECONDS = 30 * 24 * HOUR;

  /** The headers that proxies add, besides those that begin with X-Forwarded-. */
  private static final Set<String> OF_PROXIES = Set.of("forwarded", "via", "x-real-ip");

  private static final String FORWARDED = "x-forwarded-";
  private static final String ORIGIN = "Origin";

  @Inject private Bodies bodies;
  @Inject private DevMode devMode;
  @Inject private People people;
  @Inject private Origins origins;
  @Context private HttpServletRequest request;

  @POST
  @Limited(Limit.DEV_TOKENS)
  @Public
  @Consumes(MediaType.APPLICATION_JSON)
  @SecurityRequirements
  @Operation(summary = "Issue a token for any user (dev mode, callers on the same machine only)")
  @APIResponse(responseCode = "200", description = "The token and its expiry")
  @APIResponse(
      responseCode = "404",
      description = "Dev mode is off, or the caller is on another machine")
  public DevMode.Issued issue(@Nullable Wish wish) {
    if (!devMode.on() || !fromThisMachine()) {
      throw new NotFoundException();
    }
    Wish valid = bodies.valid(wish);
    DevMode.Issued issued =
        devMode.issue(valid.user(), valid.groups(), Duration.ofSeconds(valid.ttlSeconds()));
    if (Caller.isUserId(valid.user())) {
      Greeting.record(() -> people.note(valid.user()));
    }
    return issued;
  }

  /**
   * Rejects requests through a proxy, for a foreign host name that resolves to loopback, and from
   * pages of other origins.
   */
  private boolean fromThisMachine() {
    return Loopback.isHost(request.getRemoteAddr())
        && Loopback.isHost(request.getServerName())
        && Collections.list(request.getHeaderNames()).stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .noneMatch(name -> OF_PROXIES.contains(name) || name.startsWith(FORWARDED))
        && Collections.list(request.getHeaders(HttpHeaders.HOST)).size() <= 1
        && Collections.list(request.getHeaders(ORIGIN)).stream().allMatch(this::isTrusted);
  }

  private boolean isTrusted(String origin) {
    return origin.equals(Origins.DEV_ORIGIN)
        || origins.isOwn(origin, request.getHeader(HttpHeaders.HOST));
  }
}
