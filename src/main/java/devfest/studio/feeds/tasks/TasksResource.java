package devfest.studio.feeds.tasks;

import devfest.studio.blobs.BlobStore;
import devfest.studio.blobs.Spool;
import devfest.studio.feed.Feeds;
import devfest.studio.http.Code;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Links;
import devfest.studio.http.Problem;
import devfest.studio.idempotency.Key;
import devfest.studio.idempotency.Once;
import devfest.studio.idempotency.Reply;
import devfest.studio.photos.Discards;
import devfest.studio.photos.Intake;
import devfest.studio.photos.UploadForm;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import devfest.studio.stream.StreamRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Endpoints of tasks, which unpack uploaded archives of photos. */
@RequestScoped
@Path("/tasks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Tasks")
public class TasksResource {

  private static final Logger LOG = System.getLogger(TasksResource.class.getName());

  /** The response to an upload. */
  @Schema(name = "TaskCreated")
  public record Created(String taskId) {}

  /** The parts of a multipart upload, for the OpenAPI document. */
  @Schema(name = "ArchiveUpload", requiredProperties = "file")
  public record Form(
      @Schema(format = "binary", description = "A ZIP archive of photos, or a single photo")
          String file,
      @Schema(
              enumeration = {"private", "public"},
              defaultValue = "private")
          String visibility) {}

  /** The stored reply to an idempotent request. */
  public record Kept(Created data) {}

  /** A photo that was stored. */
  @Schema(name = "TakenPhoto")
  public record Stored(String name, String photoId, String photoUrl, String thumbnailUrl) {}

  /** A photo that was rejected. */
  @Schema(name = "RefusedPhoto")
  public record Rejected(String name, String reason) {}

  /** The public view of a task with its results so far. */
  @Schema(name = "Task")
  public record View(
      String taskId,
      String status,
      int progress,
      @JsonbProperty(nillable = true) @Schema(nullable = true) @Nullable String error,
      Instant createdAt,
      List<Stored> photos,
      List<Rejected> refused) {

    static View of(Task task, List<TaskPhoto> photos, Links links) {
      return new View(
          task.id(),
          task.progress().status(),
          task.progress().progress(),
          task.progress().error(),
          task.createdAt(),
          photos.stream()
              .filter(photo -> photo.photoId() != null)
              .map(photo -> stored(photo, links))
              .toList(),
          photos.stream()
              .filter(photo -> photo.photoId() == null)
              .map(photo -> new Rejected(photo.name(), Objects.requireNonNull(photo.error())))
              .toList());
    }

    private static Stored stored(TaskPhoto photo, Links links) {
      String id = Objects.requireNonNull(photo.photoId());
      return new Stored(photo.name(), id, links.photo(id), links.thumbnail(id));
    }
  }

  @Inject private TaskSettings settings;

  @Inject private Tasks tasks;
  @Inject private TaskFeed feed;
  @Inject private BlobStore store;
  @Inject private Spool spool;
  @Inject private Discards discards;
  @Inject private Once once;
  @Inject private Jsonb json;
  @Inject private Feeds feeds;
  @Inject private Links links;
  @Inject private Callers callers;
  @Inject private Clock clock;
  @Context private SecurityContext context;

  @POST
  @Limited(Limit.UPLOADS)
  @Path("/upload")
  @Consumes(MediaType.MULTIPART_FORM_DATA)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary =
          "Upload a ZIP archive of photos, or one photo, in the part file, with an optional part visibility")
  @RequestBody(content = @Content(schema = @Schema(implementation = Form.class)))
  @APIResponse(
      responseCode = "202",
      description = "The upload is accepted; the progress stream reports the rest",
      content = @Content(schema = @Schema(implementation = Created.class)))
  @APIResponse(responseCode = "400", description = "The file part is missing or repeated")
  @APIResponse(responseCode = "413", description = "The file is too large")
  @APIResponse(
      responseCode = "415",
      description = "The file is neither a ZIP archive nor an image in an accepted format")
  @APIResponse(responseCode = "429", description = "The caller has too many open tasks")
  public Response upload(
      InputStream body,
      @HeaderParam("Content-Type") @Parameter(hidden = true) String contentType,
      @HeaderParam("Idempotency-Key") @Nullable String key)
      throws IOException {
    String user = callers.caller(context).user();
    if (key == null) {
      // Not with a key, because the earlier request may have started the last allowed task.
      tasks.checkLimit(user);
    }
    try (UploadForm form = UploadForm.read(body, contentType, spool, settings.maxBytes())) {
      return create(user, key, form);
    }
  }

  private Response create(String user, @Nullable String key, UploadForm form) throws IOException {
    Task task = new Task(user, form.visibility(), clock.instant());
    String archive = Task.archiveKey(task.id());
    String guard = discards.guard(List.of(archive));
    try {
      store(archive, form);
      byte[] visibility = task.visibility().name().getBytes(StandardCharsets.UTF_8);
      Reply reply =
          once.reply(
              Key.of(user, "task", key, form.file().digest(), visibility),
              () -> created(task, guard));
      return Response.status(reply.status())
          .location(URI.create(reply.location()))
          .entity(new Created(json.fromJson(reply.body(), Kept.class).data().taskId()))
          .build();
    } finally {
      expire(guard);
    }
  }

  /** Deletes the archive unless the task was stored. */
  private void expire(String guard) {
    try {
      discards.expire(guard);
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "Could not expire the guard now; it expires in an hour", e);
    }
  }

  /**
   * Stores the archive. A single image is packed into an archive, so all later steps handle
   * archives only.
   */
  private void store(String archive, UploadForm form) throws IOException {
    byte[] head = form.file().head();
    try (InputStream file = form.file().read()) {
      if (Archive.isZip(head)) {
        store.write(archive, file::transferTo);
      } else if (Intake.isPicture(head)) {
        store.write(archive, out -> Archive.pack(form.fileName(), file, out));
      } else {
        throw new Problem(
            Code.UNSUPPORTED_MEDIA_TYPE,
            "The file is neither a ZIP archive nor a JPEG, PNG, GIF or WebP image.");
      }
    }
  }

  private Reply created(Task task, String guard) {
    tasks.add(task, guard);
    return once.success(202, links.api("/tasks/" + task.id()), new Created(task.id()));
  }

  @GET
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Get a task with its stored and rejected photos")
  @APIResponse(
      responseCode = "200",
      description = "The task",
      content = @Content(schema = @Schema(implementation = View.class)))
  @APIResponse(responseCode = "404", description = "The caller has no such task")
  public View get(@PathParam("id") String id) {
    Task task =
        tasks
            .find(id)
            .filter(found -> callers.caller(context).mayActFor(found.userId()))
            .orElseThrow(() -> Problem.notFound("task"));
    return View.of(task, tasks.photos(id), links);
  }

  @GET
  @Path("/{id}/progress")
  @PermitAll
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      summary = "Stream progress: the current state, then each change",
      description =
          "The stream ends with 100 and completed, or with error; the last frame has an id.")
  @APIResponse(
      responseCode = "200",
      description = "A text/event-stream that ends when the task has ended")
  @APIResponse(
      responseCode = "204",
      description = "The task has ended and the client has received the last event")
  @APIResponse(responseCode = "404", description = "The caller has no such task")
  public void progress(
      @PathParam("id") String id,
      @BeanParam StreamRequest request,
      @Suspended AsyncResponse response) {
    feeds.open(feed, id, request, response);
  }
}
