package devfest.studio.summary;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Endpoint of the archive of all pictures of the event. */
@RequestScoped
@Path("/event/pictures.zip")
@Produces({"application/zip", MediaType.APPLICATION_JSON})
@Tag(name = "The event")
public class EventPicturesResource {

  private static final String ZIP = "application/zip";

  @Inject private PictureArchives archives;
  @Inject private Callers callers;
  @Inject private Audit audit;
  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @GET
  @RolesAllowed(Roles.ADMIN)
  @Operation(
      summary = "Download all pictures that everybody sees, with a table of who, when and style",
      description =
          "Without private pictures, hidden ones, and those that wait for approval. A picture that is"
              + " hidden or deleted during the download is left out.")
  @APIResponse(
      responseCode = "200",
      description = "A ZIP archive of JPEG files, with pictures.csv at its end",
      content =
          @Content(mediaType = ZIP, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  @APIResponse(responseCode = "429", description = "The caller's previous archive is in progress")
  public void download(@Suspended AsyncResponse response) throws IOException {
    String user = callers.caller(context).user();
    archives.sendAll(request, response, user);
    if (!request.getMethod().equals(HttpMethod.HEAD)) {
      audit.record(user, Action.EXPORT_EVENT, null, Outcome.DONE);
    }
  }
}
