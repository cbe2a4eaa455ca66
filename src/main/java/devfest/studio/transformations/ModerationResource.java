package devfest.studio.transformations;

import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobStore;
import devfest.studio.events.DisplayNames;
import devfest.studio.http.Links;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Endpoints of the pictures that organisers should look at. */
@RequestScoped
@Path("/moderation")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Moderation")
public class ModerationResource {

  private static final String JPEG = "image/jpeg";

  /**
   * A picture that an organiser should look at.
   *
   * @param display whether others see it: shown, waiting or hidden
   * @param pictureUrl the picture for admins, also while its link answers 404
   * @param reports how many users have reported it
   * @param reasons what they wrote
   */
  @Schema(name = "ModerationCase")
  public record Item(
      String transformationId,
      String photoId,
      String styleId,
      String userId,
      String displayName,
      String display,
      String pictureUrl,
      int reports,
      List<String> reasons,
      Instant createdAt) {}

  @Inject private Moderation moderation;
  @Inject private Gallery gallery;
  @Inject private DisplayNames names;
  @Inject private BlobStore store;
  @Inject private Links links;

  @GET
  @RolesAllowed(Roles.ADMIN)
  @Operation(
      summary = "List the pictures that wait for approval or were reported, oldest first",
      description =
          "The oldest hundred. Decide with approve, hide and show of each transformation.")
  public Page<Item> list() {
    List<Moderation.Case> queue = moderation.queue();
    names.load(queue.stream().map(each -> each.picture().userId()).toList());
    return new Page<>(queue.stream().map(this::item).toList(), null);
  }

  private Item item(Moderation.Case each) {
    Transformation picture = each.picture();
    return new Item(
        picture.id(),
        picture.photoId(),
        picture.styleId(),
        picture.userId(),
        names.of(picture.userId()),
        picture.display().toString(),
        links.api("/moderation/" + picture.id() + "/picture"),
        each.reports(),
        each.reasons(),
        picture.createdAt());
  }

  @GET
  @Path("/{id}/picture")
  @Produces({JPEG, MediaType.APPLICATION_JSON})
  @RolesAllowed(Roles.ADMIN)
  @Operation(summary = "Return a picture, also while it is hidden")
  @APIResponse(
      responseCode = "200",
      description = "The picture",
      content =
          @Content(mediaType = JPEG, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response picture(@PathParam("id") String id) {
    if (gallery.find(id).filter(found -> found.status() == Status.COMPLETED).isEmpty()) {
      throw Problem.notFound("transformation");
    }
    StreamingOutput content =
        target -> {
          try (Blob blob = store.open(Transformation.resultKey(id));
              InputStream in = blob.read(0, blob.size())) {
            in.transferTo(target);
          }
        };
    return Response.ok(content, JPEG).header("X-Content-Type-Options", "nosniff").build();
  }
}
