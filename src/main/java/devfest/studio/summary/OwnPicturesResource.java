package devfest.studio.summary;

import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
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

/** Endpoint of the archive of a user's own photos and pictures. */
@RequestScoped
@Path("/photos.zip")
@Produces({"application/zip", MediaType.APPLICATION_JSON})
@Tag(name = "Photos")
public class OwnPicturesResource {

  private static final String ZIP = "application/zip";

  @Inject private PictureArchives archives;
  @Inject private Callers callers;
  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @GET
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "Download the caller's photos and pictures, with a table of when and style",
      description =
          "Without those that organisers have hidden; GET /users/{id}/export has everything.")
  @APIResponse(
      responseCode = "200",
      description = "A ZIP archive of JPEG files, with pictures.csv at its end",
      content =
          @Content(mediaType = ZIP, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  @APIResponse(responseCode = "429", description = "The caller's previous archive is in progress")
  public void download(@Suspended AsyncResponse response) throws IOException {
    archives.sendOwn(request, response, callers.caller(context).user());
  }
}
