package devfest.studio.photos;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.http.Cursor;
import devfest.studio.http.Departure;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Links;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.idempotency.Once;
import devfest.studio.idempotency.Reply;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Endpoints to upload, list, read and delete photos. */
@RequestScoped
@Path("/photos")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Photos")
public class PhotosResource {

  /** The public view of a photo. All members describe the stored image, not the uploaded file. */
  @Schema(name = "Photo")
  public record View(
      String photoId,
      String photoUrl,
      String thumbnailUrl,
      int width,
      int height,
      String format,
      long size,
      String visibility,
      Instant uploadedAt) {

    static View of(Photo photo, Links links) {
      return new View(
          photo.id(),
          links.photo(photo.id()),
          links.thumbnail(photo.id()),
          photo.width(),
          photo.height(),
          photo.format(),
          photo.size(),
          photo.visibility().toString(),
          photo.uploadedAt());
    }
  }

  /** The parts of a multipart upload, for the OpenAPI document. */
  @Schema(name = "Upload", requiredProperties = "file")
  public record Form(
      @Schema(format = "binary", description = "JPEG, PNG, GIF or WebP") String file,
      @Schema(
              enumeration = {"private", "public"},
              defaultValue = "private")
          String visibility) {}

  @Inject private Intake intake;
  @Inject private Album album;
  @Inject private Links links;
  @Inject private Once once;
  @Inject private Callers callers;
  @Inject private Audit audit;
  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @POST
  @Limited(Limit.UPLOADS)
  @Consumes(MediaType.MULTIPART_FORM_DATA)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "Upload a photo in the part file (or photo), with an optional part visibility")
  @RequestBody(content = @Content(schema = @Schema(implementation = Form.class)))
  @APIResponse(
      responseCode = "201",
      description = "The photo is stored; the event photo.uploaded follows",
      content = @Content(schema = @Schema(implementation = View.class)))
  @APIResponse(responseCode = "400", description = "The file part is missing or repeated")
  @APIResponse(responseCode = "413", description = "The file is too large")
  @APIResponse(responseCode = "415", description = "The file is not an image in an accepted format")
  @APIResponse(responseCode = "422", description = "The image is damaged or has too many pixels")
  @APIResponse(responseCode = "429", description = "Too many uploads of the caller wait")
  public Response upload(
      InputStream body,
      @HeaderParam("Content-Type") @Parameter(hidden = true) String contentType,
      @HeaderParam("Idempotency-Key") @Nullable String key)
      throws IOException {
    String user = callers.caller(context).user();
    if (key == null) {
      // Not with a key, because the reply to the earlier request may be known.
      intake.check(user);
    }
    try (UploadForm form = intake.form(body, contentType)) {
      Intake.Source source = Intake.Source.upload(Departure.of(request));
      return intake
          .receive(user, form.visibility(), key, form.file(), source, this::created)
          .response();
    }
  }

  private Reply created(Photo photo) {
    return once.success(201, links.api("/photos/" + photo.id()), View.of(photo, links));
  }

  @GET
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary =
          "List the caller's photos, newest first; admins can list another user's photos with ?userId=")
  public Page<View> list(
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("userId") @Nullable String userId) {
    Caller caller = callers.caller(context);
    String owner = caller.admin() && userId != null ? userId : caller.user();
    return Page.of(
        Page.limit(limit),
        max -> album.newest(owner, Cursor.of(cursor), max),
        photo -> View.of(photo, links),
        photo -> new Cursor(photo.uploadedAt(), photo.id()));
  }

  @GET
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Get a photo")
  public View get(@PathParam("id") String id) {
    return View.of(own(id), links);
  }

  @DELETE
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Delete a photo with its files, its transformations and their results")
  @APIResponse(
      responseCode = "204",
      description = "The photo is deleted; the event photo.deleted follows")
  public void delete(@PathParam("id") String id) {
    Photo photo = own(id);
    if (!album.delete(photo.id())) {
      throw Problem.notFound("photo");
    }
    audit.recordForeign(
        callers.caller(context).userId(), photo.userId(), Action.DELETE_PHOTO, photo.id());
  }

  private Photo own(String id) {
    return album
        .find(id)
        .filter(photo -> callers.caller(context).mayActFor(photo.userId()))
        .orElseThrow(() -> Problem.notFound("photo"));
  }
}
