package devfest.studio.users;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
import devfest.studio.base.Sha256;
import devfest.studio.cluster.Reservations;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Users: the list, the export and the erasure of everything that the studio holds of them. */
@RequestScoped
@Path("/users")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Users")
public class UsersResource {

  private static final String ZIP = "application/zip";

  /** Almost every erasure is complete by then; the proxies in front wait longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** How often a request checks whether its erasure is complete. */
  private static final long POLL_MILLIS = 50;

  /**
   * A user, with the numbers of the user's things by kind, for example {@code photos}.
   *
   * @param displayName the name that others see
   */
  @Schema(
      name = "User",
      requiredProperties = {"user", "displayName", "counts"})
  public record Item(String user, String displayName, Map<String, Long> counts) {}

  /** More users than that can be named in one request. */
  private static final int MAX_NAMED = 100;

  /**
   * An erasure that takes longer than the request.
   *
   * @param complete always false
   */
  @Schema(name = "Erasure")
  public record Begun(boolean complete) {}

  @Inject private Directory directory;
  @Inject private Erasures erasures;
  @Inject private Exports exports;
  @Inject private Callers callers;
  @Inject private Audit audit;
  @Context private SecurityContext context;
  @Context private Request request;

  @GET
  @RolesAllowed(Roles.ADMIN)
  @Operation(
      summary = "List the users of whom the studio holds anything",
      description =
          "Sorted by the user id. counts has the numbers of things by kind, without zeros. A search"
              + " finds users who have signed in.")
  public Page<Item> list(
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("search") @Nullable String text,
      @QueryParam("user") List<String> named) {
    if (!named.isEmpty()) {
      return new Page<>(
          directory.of(named(named)).stream().map(UsersResource::item).toList(), null);
    }
    return Page.of(
        Page.limit(limit),
        max -> page(text, UserCursor.user(cursor), max),
        UsersResource::item,
        entry -> new UserCursor(entry.user()));
  }

  private List<Directory.Entry> page(@Nullable String text, String after, int max) {
    return text == null || text.isBlank()
        ? directory.after(after, max)
        : directory.find(searched(text.strip()), after, max);
  }

  private static String searched(String text) {
    if (!Caller.isUserId(text)) {
      throw Problem.badRequest("search must have at most 255 characters, none of them invisible.");
    }
    return text;
  }

  private static List<String> named(List<String> users) {
    if (users.size() > MAX_NAMED) {
      throw Problem.badRequest("At most " + MAX_NAMED + " users can be named.");
    }
    return users.stream().filter(Caller::isUserId).toList();
  }

  private static Item item(Directory.Entry entry) {
    return new Item(entry.user(), entry.name(), entry.counts());
  }

  @GET
  @Path("/{id}/export")
  @Produces({ZIP, MediaType.APPLICATION_JSON})
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Export everything that the studio holds of the user (the user or an admin)")
  @APIResponse(
      responseCode = "200",
      description = "A ZIP archive: one JSON file per kind of thing, the events, and the pictures",
      content =
          @Content(mediaType = ZIP, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  @APIResponse(responseCode = "403", description = "The caller is another user and no admin")
  @APIResponse(responseCode = "404", description = "The studio holds nothing of such a user")
  @APIResponse(responseCode = "429", description = "The caller's previous export is in progress")
  public Response export(@PathParam("id") String user) {
    checkKnown(user);
    return Response.ok(request.getMethod().equals(HttpMethod.HEAD) ? null : content(user), ZIP)
        .header("Content-Disposition", "attachment; filename=\"devfest-studio-export.zip\"")
        .header("Cache-Control", "no-store")
        .build();
  }

  private StreamingOutput content(String user) {
    Reservations.Key reservation = exports.reserve(callers.caller(context).user());
    audit.record(reservation.user(), Action.EXPORT_USER, user, Outcome.DONE);
    return target -> exports.write(reservation, user, target);
  }

  @DELETE
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "Erase everything that the studio holds of the user (the user or an admin)",
      description =
          "Revokes the user's tokens first. Events keep their positions, with the type erased. The"
              + " erasure goes on after a failure or a restart until it is complete.")
  @APIResponse(responseCode = "204", description = "Everything is erased")
  @APIResponse(
      responseCode = "202",
      description = "The tokens are revoked; the erasure takes longer and continues",
      content = @Content(schema = @Schema(implementation = Begun.class)))
  @APIResponse(responseCode = "403", description = "The caller is another user and no admin")
  @APIResponse(responseCode = "404", description = "The studio holds nothing of such a user")
  public Response erase(@PathParam("id") String user) {
    checkKnown(user);
    // Before the erasure, which makes the rows of the user anonymous.
    audit.record(
        callers.caller(context).userId(), Action.ERASE_USER, Sha256.hex(user), Outcome.DONE);
    return isComplete(erasures.begin(user))
        ? Response.noContent().build()
        : Response.status(Response.Status.ACCEPTED).entity(new Begun(false)).build();
  }

  private void checkKnown(String user) {
    if (!callers.caller(context).mayActFor(user)) {
      throw new ForbiddenException("Only an admin may act for another user");
    }
    if (!Caller.isUserId(user) || !directory.has(user)) {
      throw Problem.notFound("user");
    }
  }

  /** Waits for the job, which any node may run. */
  private boolean isComplete(String id) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (erasures.isOpen(id)) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
