package devfest.studio.security;

import devfest.studio.events.DisplayNames;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The caller, for pages that are signed in by the cookie, which they cannot read. */
@RequestScoped
@Path("/me")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Access")
public class MeResource {

  /**
   * @param publicId the id under which others see the user
   * @param displayName the name that others see
   * @param groups in alphabetical order
   * @param expiresAt when the token expires
   */
  @Schema(name = "Me")
  public record Me(
      String user, String publicId, String displayName, List<String> groups, Instant expiresAt) {}

  @Inject private PublicIds ids;
  @Inject private DisplayNames names;
  @Context private SecurityContext context;

  @GET
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Return the user that the token or the cookie names")
  public Me get() {
    Token token = (Token) context.getUserPrincipal();
    Caller caller = token.caller();
    String publicId = ids.of(caller.user());
    return new Me(
        caller.user(),
        publicId,
        Objects.requireNonNullElseGet(caller.name(), () -> names.of(caller.user())),
        caller.groups().stream().sorted().toList(),
        expiry(token));
  }

  private static Instant expiry(Token token) {
    Instant end = token.caller().expiry();
    Instant claim = Instant.ofEpochSecond(token.getExpirationTime());
    return claim.isBefore(end) ? claim : end;
  }
}
