package devfest.studio.app.backup;

import devfest.studio.app.database.DatabaseSettings;
import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The trigger of a backup of the embedded database. It does not return the backup, which contains
 * keys: that stays on the machine.
 */
@RequestScoped
@Path("/backup")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Operation")
public class BackupResource {

  /** A backup that was written. */
  @Schema(name = "Backup")
  public record View(
      @Schema(description = "The path of the file in studio.data-dir") String file,
      @Schema(description = "The size of the file in bytes") long size,
      @Schema(description = "Everything committed before this instant is in the backup")
          Instant takenAt) {}

  @Inject private EmbeddedBackup backup;
  @Inject private DatabaseSettings database;
  @Inject private Callers callers;
  @Inject private Audit audit;
  @Context private SecurityContext context;

  @POST
  @RolesAllowed(Roles.ADMIN)
  @Operation(
      summary = "Write a backup of the embedded database into the data directory",
      description =
          "The studio remains in use meanwhile. The file replaces that of the previous backup. It"
              + " contains no photos and pictures: copy them afterwards.")
  @APIResponse(
      responseCode = "200",
      description = "The backup is complete",
      content = @Content(schema = @Schema(implementation = View.class)))
  @APIResponse(
      responseCode = "409",
      description = "The database is PostgreSQL, or another backup is in progress")
  @APIResponse(responseCode = "507", description = "The disk has not enough free space")
  public View write() throws IOException, SQLException {
    if (database.url().isPresent()) {
      throw new Problem(Code.CONFLICT, "The database is PostgreSQL: back it up with pg_dump.");
    }
    if (!backup.fits()) {
      throw new Problem(
          Code.INSUFFICIENT_STORAGE,
          "A backup needs as much free disk space as the database file takes.");
    }
    EmbeddedBackup.Written written =
        backup
            .write()
            .orElseThrow(() -> new Problem(Code.CONFLICT, "Another backup is in progress."));
    audit.record(callers.caller(context).user(), Action.COPY_DATABASE, null, Outcome.DONE);
    return new View(EmbeddedBackup.FILE, written.size(), written.takenAt());
  }
}
