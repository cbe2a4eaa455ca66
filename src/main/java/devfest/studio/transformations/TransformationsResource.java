package devfest.studio.transformations;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.events.DisplayNames;
import devfest.studio.events.Pseudonyms;
import devfest.studio.http.Cursor;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Links;
import devfest.studio.http.Name;
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
import jakarta.validation.constraints.Size;
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
import org.jspecify.annotations.Nullable;

/** Endpoints to start, list, read, cancel and retry transformations. */
@RequestScoped
@Path("/transformations")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Transformations")
public class TransformationsResource {

  /** In characters; is read at a glance. */
  private static final int MAX_REASON = 280;

  private static final String REASON_RULE =
      "must have at most " + MAX_REASON + " characters on one line, none of them invisible.";

  /** The photo and the style of a new transformation. */
  public record Order(
      @NotNull(message = "is required.") String photoId,
      @NotNull(message = "is required.") String styleId) {}

  /** Why a picture is unfit. */
  @Schema(name = "ReportWish")
  public record Complaint(
      @Size(max = MAX_REASON, message = REASON_RULE) @Name(message = REASON_RULE)
          @Nullable String reason) {}

  /** Links to related resources. */
  public record Hints(String self, String status, String cancel, String events) {}

  /** An accepted transformation. */
  public record Accepted(String transformationId, String status, long queuePosition, Hints links) {}

  /** The view of a transformation for its owner. */
  @Schema(name = "Transformation")
  public record View(
      String transformationId,
      String photoId,
      String styleId,
      String status,
      double progress,
      @Schema(nullable = true) @Nullable String currentStep,
      @Schema(nullable = true) @Nullable Long queuePosition,
      @Schema(nullable = true) @Nullable String resultUrl,
      @Schema(nullable = true) @Nullable String error,
      Instant createdAt,
      @Schema(nullable = true) @Nullable Instant startedAt,
      @Schema(nullable = true) @Nullable Instant completedAt) {

    /**
     * @param queuePosition null unless the transformation is queued
     */
    static View of(
        Transformation transformation, @Nullable Long queuePosition, @Nullable String resultUrl) {
      return new View(
          transformation.id(),
          transformation.photoId(),
          transformation.styleId(),
          transformation.status().toString(),
          transformation.progress(),
          transformation.currentStep(),
          queuePosition,
          resultUrl,
          transformation.error(),
          transformation.createdAt(),
          transformation.startedAt(),
          transformation.completedAt());
    }
  }

  /** The view of a transformation on the public wall. */
  public record Recent(
      String transformationId,
      String photoId,
      String styleId,
      String userId,
      String displayName,
      @Schema(nullable = true) @Nullable String resultUrl,
      @Schema(nullable = true) @Nullable String url,
      String status,
      Instant timestamp) {}

  /** Default number of transformations on the wall; fills a large screen. */
  private static final int RECENT = 50;

  @Inject private JobQueue queue;
  @Inject private Gallery gallery;
  @Inject private Moderation moderation;
  @Inject private Album album;
  @Inject private Links links;
  @Inject private Pseudonyms pseudonyms;
  @Inject private DisplayNames names;
  @Inject private Once once;
  @Inject private Callers callers;
  @Inject private Audit audit;
  @Context private SecurityContext context;

  @POST
  @Limited(Limit.TRANSFORMATIONS)
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Apply a style to a photo")
  @APIResponse(
      responseCode = "202",
      description = "The transformation is queued; events report its progress",
      content = @Content(schema = @Schema(implementation = Accepted.class)))
  @APIResponse(responseCode = "404", description = "The photo or style does not exist")
  @APIResponse(
      responseCode = "429",
      description = "The queue is full, or the daily quota is used up")
  public Response transform(
      @NotNull(message = "must be a JSON object.") @Valid Order order,
      @HeaderParam("Idempotency-Key") @Nullable String key) {
    Photo photo =
        album
            .find(order.photoId())
            .filter(found -> callers.caller(context).mayActFor(found.userId()))
            .orElseThrow(() -> Problem.notFound("photo"));
    if (Styles.builtIn().find(order.styleId()).isEmpty()) {
      throw Problem.notFound("style");
    }
    Response response =
        once.reply(
                Key.of(
                    callers.caller(context).user(),
                    "transform",
                    key,
                    bytes(order.photoId()),
                    bytes(order.styleId())),
                () -> accepted(queue.add(photo, order.styleId())))
            .response();
    record(Action.CREATE_TRANSFORMATION, photo.userId(), photo.id());
    return response;
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
  @Operation(
      summary =
          "List the caller's transformations, newest first; admins can list another user's with ?userId=")
  public Page<View> list(
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("userId") @Nullable String userId) {
    Caller caller = callers.caller(context);
    String owner = caller.admin() && userId != null ? userId : caller.user();
    return Page.of(
        Page.limit(limit),
        max -> gallery.newest(owner, Cursor.of(cursor), max),
        this::view,
        transformation -> new Cursor(transformation.createdAt(), transformation.id()));
  }

  @GET
  @Path("/recent")
  @PermitAll
  @Operation(
      summary =
          "List the newest transformations that the caller may see, or with ?visibility=public only public ones")
  public List<Recent> recent(
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("visibility") @Nullable String visibility) {
    Caller caller = callers.reader(context);
    boolean own = visibility == null || visibility.isEmpty();
    if (!own && !"public".equals(visibility)) {
      throw Problem.badRequest("visibility must be 'public' or absent.");
    }
    @Nullable String viewer = own ? caller.userId() : null;
    List<Transformation> items =
        gallery.recent(viewer, own && caller.admin(), Page.limit(limit, RECENT));
    names.load(items.stream().map(Transformation::userId).toList());
    return items.stream().map(item -> recentView(item, caller)).toList();
  }

  @GET
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Get a transformation")
  public View get(@PathParam("id") String id) {
    return view(own(id));
  }

  @GET
  @Path("/{id}/status")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Get a transformation; same as without /status")
  public View status(@PathParam("id") String id) {
    return view(own(id));
  }

  @DELETE
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Cancel a transformation")
  @APIResponse(
      responseCode = "200",
      description = "The transformation is cancelled; the event transformation.cancelled follows")
  @APIResponse(responseCode = "409", description = "The transformation has already ended")
  public View cancel(@PathParam("id") String id) {
    Transformation cancelled = queue.cancel(own(id).id());
    record(Action.CANCEL_TRANSFORMATION, cancelled.userId(), id);
    return view(cancelled);
  }

  @POST
  @Limited(Limit.TRANSFORMATIONS)
  @Path("/{id}/retry")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Retry a failed transformation")
  @APIResponse(
      responseCode = "202",
      description = "The transformation is queued again",
      content = @Content(schema = @Schema(implementation = Accepted.class)))
  @APIResponse(responseCode = "409", description = "The transformation has not failed")
  public Response retry(@PathParam("id") String id) {
    Transformation queued = queue.retry(own(id).id());
    record(Action.RETRY_TRANSFORMATION, queued.userId(), id);
    return accepted(queued).response();
  }

  @POST
  @Path("/{id}/approve")
  @RolesAllowed(Roles.ADMIN)
  @Operation(summary = "Show a public picture that waits for approval to everybody")
  public View approve(@PathParam("id") String id) {
    return shown(moderation.approve(existing(id)));
  }

  @POST
  @Path("/{id}/show")
  @RolesAllowed(Roles.ADMIN)
  @Operation(
      summary = "Show a picture again that was hidden, and forget the reports about it",
      description = "One that had been waiting for approval waits again.")
  public View show(@PathParam("id") String id) {
    return shown(moderation.show(existing(id)));
  }

  private View shown(Transformation shown) {
    record(Action.SHOW_PICTURE, shown.userId(), shown.id());
    return view(shown);
  }

  @POST
  @Path("/{id}/hide")
  @RolesAllowed(Roles.ADMIN)
  @Operation(
      summary = "Hide a picture from everybody but its owner and admins; its link answers 404")
  public View hide(@PathParam("id") String id) {
    Transformation hidden = moderation.hide(existing(id));
    record(Action.HIDE_PICTURE, hidden.userId(), id);
    return view(hidden);
  }

  @POST
  @Limited(Limit.PICTURE_REPORTS)
  @Path("/{id}/report")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "Report a public picture: {reason?}; three users hide it until an admin decides")
  @APIResponse(responseCode = "204", description = "The report is recorded")
  public void report(@PathParam("id") String id, @Valid @Nullable Complaint complaint) {
    @Nullable String reason = complaint == null ? null : complaint.reason();
    moderation.report(
        existing(id),
        callers.caller(context).user(),
        reason == null || reason.isBlank() ? null : reason.strip());
  }

  private String existing(String id) {
    return gallery.find(id).orElseThrow(() -> Problem.notFound("transformation")).id();
  }

  private void record(Action action, String owner, String target) {
    audit.recordForeign(callers.caller(context).userId(), owner, action, target);
  }

  private Transformation own(String id) {
    return gallery
        .find(id)
        .filter(found -> callers.caller(context).mayActFor(found.userId()))
        .orElseThrow(() -> Problem.notFound("transformation"));
  }

  private View view(Transformation transformation) {
    return View.of(
        transformation,
        transformation.status() == Status.QUEUED ? queue.position(transformation) : null,
        resultUrl(transformation));
  }

  private Recent recentView(Transformation transformation, Caller caller) {
    @Nullable String url = resultUrl(transformation);
    return new Recent(
        transformation.id(),
        transformation.photoId(),
        transformation.styleId(),
        caller.admin()
            ? transformation.userId()
            : pseudonyms.of(transformation.userId(), transformation.shownTo()),
        names.of(transformation.userId()),
        url,
        url,
        transformation.status().toString(),
        transformation.completedAt() == null
            ? transformation.createdAt()
            : transformation.completedAt());
  }

  private @Nullable String resultUrl(Transformation transformation) {
    return transformation.status() == Status.COMPLETED && transformation.display() != Display.HIDDEN
        ? links.result(transformation.id())
        : null;
  }
}
