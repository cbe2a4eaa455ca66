package devfest.studio.transformations;

import devfest.studio.http.Cursor;
import devfest.studio.http.Links;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.idempotency.Key;
import devfest.studio.idempotency.Once;
import devfest.studio.idempotency.Reply;
import devfest.studio.images.Styles;
import devfest.studio.photos.Album;
import devfest.studio.photos.Photo;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Transformations over HTTP. */
@RequestScoped
@Path("/transformations")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Transformations")
public class TransformationsResource {

  /** What to do. */
  public record Order(
      @NotNull(message = "is required.") String photoId,
      @NotNull(message = "is required.") String styleId) {}

  /** Where to look next. */
  public record Hints(String self, String status, String cancel, String events) {}

  /** A transformation that was accepted. */
  public record Accepted(String transformationId, String status, long queuePosition, Hints links) {}

  /** A transformation as its owner sees it. */
  @Schema(name = "Transformation")
  public record View(
      String transformationId,
      String photoId,
      String styleId,
      String status,
      double progress,
      @Schema(nullable = true) String currentStep,
      @Schema(nullable = true) Long queuePosition,
      @Schema(nullable = true) String resultUrl,
      @Schema(nullable = true) String error,
      Instant createdAt,
      @Schema(nullable = true) Instant startedAt,
      @Schema(nullable = true) Instant completedAt) {}

  /** A transformation on the wall. */
  public record Recent(
      String transformationId,
      String photoId,
      String styleId,
      String userId,
      @Schema(nullable = true) String resultUrl,
      @Schema(nullable = true) String url,
      String status,
      Instant timestamp) {}

  private static final int RECENT = 50;

  @Inject private JobQueue queue;
  @Inject private Gallery gallery;
  @Inject private Album album;
  @Inject private Links links;
  @Inject private Once once;
  @Inject private Callers callers;
  @Context private SecurityContext context;

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Apply a style to a photo")
  @APIResponse(
      responseCode = "202",
      description = "Queued; events report the rest",
      content = @Content(schema = @Schema(implementation = Accepted.class)))
  @APIResponse(responseCode = "404", description = "No such photo or style")
  @APIResponse(responseCode = "429", description = "Too many wait already")
  public Response transform(
      @NotNull(message = "must be a JSON object.") @Valid Order order,
      @HeaderParam("Idempotency-Key") String key) {
    Photo photo =
        album
            .find(order.photoId())
            .filter(found -> callers.caller(context).mayActFor(found.userId()))
            .orElseThrow(() -> Problem.notFound("photo"));
    if (Styles.builtIn().find(order.styleId()).isEmpty()) {
      throw Problem.notFound("style");
    }
    return once.reply(
            Key.of(
                callers.caller(context).userId(),
                "transform",
                key,
                bytes(order.photoId()),
                bytes(order.styleId())),
            () -> accepted(queue.add(photo, order.styleId())))
        .response();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Reply accepted(Transformation transformation) {
    String self = links.api("/transformations/" + transformation.id());
    return once.success(
        202,
        self,
        new Accepted(
            transformation.id(),
            transformation.status().toString(),
            queue.position(transformation),
            new Hints(
                self,
                self + "/status",
                self,
                links.api("/events/stream?transformationId=" + transformation.id()))));
  }

  @GET
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Own transformations, newest first; an admin may ask for those of ?userId=")
  public Page<View> list(
      @QueryParam("limit") String limit,
      @QueryParam("cursor") String cursor,
      @QueryParam("userId") String userId) {
    Caller caller = callers.caller(context);
    String owner = caller.admin() && userId != null ? userId : caller.userId();
    return Page.of(
        Page.limit(limit),
        most -> gallery.newest(owner, Cursor.of(cursor), most),
        this::view,
        transformation -> new Cursor(transformation.createdAt(), transformation.id()));
  }

  @GET
  @Path("/recent")
  @PermitAll
  @Operation(summary = "The newest that the caller, or with ?visibility=public anybody, may see")
  public List<Recent> recent(
      @QueryParam("limit") String limit, @QueryParam("visibility") String visibility) {
    Caller caller = callers.reader(context);
    boolean own = visibility == null || visibility.isEmpty();
    if (!own && !visibility.equals("public")) {
      throw Problem.badRequest("visibility is 'public', or left out");
    }
    String viewer = own ? caller.userId() : null;
    return gallery.recent(viewer, own && caller.admin(), Page.limit(limit, RECENT)).stream()
        .map(this::onTheWall)
        .toList();
  }

  @GET
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "One transformation")
  public View get(@PathParam("id") String id) {
    return view(own(id));
  }

  @GET
  @Path("/{id}/status")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "The same")
  public View status(@PathParam("id") String id) {
    return view(own(id));
  }

  @DELETE
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Cancel it")
  @APIResponse(responseCode = "200", description = "Cancelled; event transformation.cancelled")
  @APIResponse(responseCode = "409", description = "It has already ended")
  public View cancel(@PathParam("id") String id) {
    return view(queue.cancel(own(id).id()));
  }

  @POST
  @Path("/{id}/retry")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Try a failed one again")
  @APIResponse(
      responseCode = "202",
      description = "Queued again",
      content = @Content(schema = @Schema(implementation = Accepted.class)))
  @APIResponse(responseCode = "409", description = "It has not failed")
  public Response retry(@PathParam("id") String id) {
    return accepted(queue.retry(own(id).id())).response();
  }

  private Transformation own(String id) {
    return gallery
        .find(id)
        .filter(found -> callers.caller(context).mayActFor(found.userId()))
        .orElseThrow(() -> Problem.notFound("transformation"));
  }

  private View view(Transformation transformation) {
    return new View(
        transformation.id(),
        transformation.photoId(),
        transformation.styleId(),
        transformation.status().toString(),
        transformation.progress(),
        transformation.currentStep(),
        transformation.status() == Status.QUEUED ? queue.position(transformation) : null,
        resultUrl(transformation),
        transformation.error(),
        transformation.createdAt(),
        transformation.startedAt(),
        transformation.completedAt());
  }

  private Recent onTheWall(Transformation transformation) {
    String url = resultUrl(transformation);
    return new Recent(
        transformation.id(),
        transformation.photoId(),
        transformation.styleId(),
        transformation.userId(),
        url,
        url,
        transformation.status().toString(),
        transformation.completedAt() == null
            ? transformation.createdAt()
            : transformation.completedAt());
  }

  private String resultUrl(Transformation transformation) {
    return transformation.status() == Status.COMPLETED ? links.result(transformation.id()) : null;
  }
}
