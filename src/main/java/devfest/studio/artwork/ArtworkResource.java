package devfest.studio.artwork;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
import devfest.studio.conference.Artwork;
import devfest.studio.http.Links;
import devfest.studio.photos.PhotoRefused;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Endpoints of the event's logo and frame. */
@RequestScoped
@Path("/event")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "The event")
public class ArtworkResource {

  private static final String PNG = "image/png";

  /** The largest file. */
  public static final int MAX_BYTES = 10 * 1024 * 1024;

  /**
   * A file that was set.
   *
   * @param url where it is served; a new file has a new URL
   */
  @Schema(name = "Artwork")
  public record View(String url) {}

  @Inject private Artworks artworks;
  @Inject private Links links;
  @Inject private Callers callers;
  @Inject private Audit audit;
  @Context private SecurityContext context;

  @PUT
  @Path("/logo")
  @Consumes(PNG)
  @RolesAllowed(Roles.ADMIN)
  @Operation(summary = "Set the logo beside the event's name; open pages change at once")
  @RequestBody(
      content =
          @Content(mediaType = PNG, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  @APIResponse(responseCode = "200", description = "The logo is set")
  @APIResponse(responseCode = "413", description = "The file is too large")
  @APIResponse(responseCode = "415", description = "The file is not a PNG picture")
  @APIResponse(responseCode = "422", description = "The picture is damaged or too large")
  public View putLogo(InputStream png) throws IOException {
    return put(Artwork.LOGO, png);
  }

  @PUT
  @Path("/frame")
  @Consumes(PNG)
  @RolesAllowed(Roles.ADMIN)
  @Operation(
      summary = "Set the frame, a PNG with transparent pixels",
      description = "It is laid over every result that is rendered while it is set.")
  @RequestBody(
      content =
          @Content(mediaType = PNG, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  @APIResponse(responseCode = "200", description = "The frame is set")
  @APIResponse(responseCode = "413", description = "The file is too large")
  @APIResponse(responseCode = "415", description = "The file is not a PNG picture")
  @APIResponse(
      responseCode = "422",
      description = "The picture is damaged or too large, or has no transparent pixel")
  public View putFrame(InputStream png) throws IOException {
    return put(Artwork.FRAME, png);
  }

  @DELETE
  @Path("/logo")
  @RolesAllowed(Roles.ADMIN)
  @Operation(summary = "Remove the logo")
  @APIResponse(responseCode = "204", description = "There is no logo any more")
  public void deleteLogo() {
    delete(Artwork.LOGO);
  }

  @DELETE
  @Path("/frame")
  @RolesAllowed(Roles.ADMIN)
  @Operation(summary = "Remove the frame; results keep theirs")
  @APIResponse(responseCode = "204", description = "There is no frame any more")
  public void deleteFrame() {
    delete(Artwork.FRAME);
  }

  private View put(Artwork kind, InputStream png) throws IOException {
    byte[] data = png.readNBytes(MAX_BYTES + 1);
    if (data.length > MAX_BYTES) {
      throw PhotoRefused.tooLarge(MAX_BYTES);
    }
    String id = artworks.put(kind, data);
    record();
    return new View(links.artwork(id));
  }

  private void delete(Artwork kind) {
    artworks.delete(kind);
    record();
  }

  private void record() {
    audit.record(callers.caller(context).userId(), Action.CHANGE_EVENT, null, Outcome.DONE);
  }
}
