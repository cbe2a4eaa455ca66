package devfest.studio.security;

import devfest.studio.base.Text;
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
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The caller, for pages that are signed in by the cookie, which they cannot read. */
@RequestScoped
@Path("/me")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Access")
public class MeResource {

  /** In characters; longer names do not fit a caption. */
  private static final int MAX_NAME = 64;

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
        displayName(token, publicId),
        caller.groups().stream().sorted().toList(),
        expiry(token));
  }

  /** Returns the first name that is not empty and no e-mail address. */
  private static String displayName(Token token, String publicId) {
    String user = token.caller().user();
    return Stream.of("name", "given_name")
        .map(claim -> claim(token, claim))
        .flatMap(Optional::stream)
        .map(name -> Text.clip(name.strip(), MAX_NAME))
        .filter(name -> !name.isEmpty() && name.indexOf('@') < 0 && Text.isName(name))
        .findFirst()
        .orElseGet(() -> user.indexOf('@') > 0 ? user.substring(0, user.indexOf('@')) : publicId);
  }

  private static Optional<String> claim(Token token, String name) {
    return token.getClaim(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static Instant expiry(Token token) {
    Instant end = token.caller().expiry();
    Instant claim = Instant.ofEpochSecond(token.getExpirationTime());
    return claim.isBefore(end) ? claim : end;
  }
}
