package devfest.studio.app.audit;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.AuditRow;
import devfest.studio.http.Cursor;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The audit trail, for admins. */
@RequestScoped
@Path("/audit")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Access")
public class AuditResource {

  /** A row of the trail. */
  @Schema(name = "AuditEntry")
  public record View(
      Instant timestamp,
      @Schema(description = "The name of the node that recorded it") String node,
      @Schema(nullable = true, description = "null without a valid token; 'erased' after erasure")
          @Nullable String user,
      String action,
      @Schema(nullable = true) @Nullable String target,
      @Schema(enumeration = {"done", "refused"}) String outcome,
      @Schema(nullable = true, description = "The client's address") @Nullable String address,
      @Schema(description = "Equal refusals within a minute are one row") int times) {}

  @Inject private Audit audit;

  @GET
  @RolesAllowed(Roles.ADMIN)
  @Operation(
      summary = "List who did what, newest first; filters ?user= and ?action=",
      description =
          "Refused credentials and calls, sessions, revocations, and what admins did to things of"
              + " others. Rows are kept as long as events.")
  public Page<View> list(
      @QueryParam("user") @Nullable String user,
      @QueryParam("action") @Nullable String action,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    Optional<Action> only = present(action).map(AuditResource::action);
    Optional<String> by = present(user);
    if (!by.stream().allMatch(Caller::isUserId)) {
      throw Problem.badRequest("user must be a user id.");
    }
    audit.flush();
    return Page.of(
        Page.limit(limit),
        max -> audit.newest(by, only, Cursor.of(cursor), max),
        AuditResource::view,
        row -> new Cursor(row.recordedAt(), row.id()));
  }

  private static Optional<String> present(@Nullable String text) {
    return Optional.ofNullable(text).filter(value -> !value.isEmpty());
  }

  private static Action action(String text) {
    return Action.of(text)
        .orElseThrow(() -> Problem.badRequest("action must be one that the trail contains."));
  }

  private static View view(AuditRow row) {
    return new View(
        row.recordedAt(),
        row.node(),
        row.userId(),
        row.action(),
        row.target(),
        row.outcome(),
        row.address(),
        row.times());
  }
}
