package devfest.studio.feeds.posts;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.base.Text;
import devfest.studio.feed.Feeds;
import devfest.studio.feed.Scope;
import devfest.studio.http.Code;
import devfest.studio.http.Cursor;
import devfest.studio.http.Ids;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Links;
import devfest.studio.http.Name;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import devfest.studio.stream.StreamRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints of posts, from draft to publication. Users manage their own posts. All callers with a
 * token can read the organisers' posts; publishers and admins can change them.
 */
@RequestScoped
@Path("/github/posts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Posts")
public class PostsResource {

  /** Latest time of publication; later years do not fit the date format of the API. */
  private static final Instant MAX_TIME = Instant.parse("9999-12-31T00:00:00Z");

  private static final String TITLE =
      "must have 1 to " + Post.MAX_TITLE + " characters on one line, none of them invisible.";
  private static final String BODY =
      "must have at most " + Post.MAX_BODY + " characters and no NUL character.";

  /**
   * The body of a request to create or change a post; absent members do not change. The status and
   * the instant are texts, because their errors have words or a code of their own.
   */
  @Schema(name = "PostWish")
  public record Input(
      @Size(min = 1, max = Post.MAX_TITLE, message = TITLE) @Name(message = TITLE)
          @Nullable String title,
      @Size(max = Post.MAX_BODY, message = BODY) @Pattern(regexp = "^[^\\x00]*$", message = BODY)
          @Nullable String body,
      @Nullable String status,
      @Nullable String scheduledAt) {

    /** Strips the title and unifies the line ends of the body. */
    public Input {
      title = title == null ? null : title.strip();
      body = body == null ? null : Text.lines(body);
    }
  }

  @Inject private Posts posts;
  @Inject private PostsFeed feed;
  @Inject private Feeds feeds;
  @Inject private Links links;
  @Inject private Callers callers;
  @Inject private Audit audit;
  @Context private SecurityContext context;

  @POST
  @Limited(Limit.POSTS)
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Create a draft: {title, body?}")
  @APIResponse(
      responseCode = "201",
      description = "The post",
      content = @Content(schema = @Schema(implementation = Post.View.class)))
  @APIResponse(
      responseCode = "409",
      description = "The caller has too many posts that are not published")
  public Response create(@NotNull(message = "must be a JSON object.") @Valid Input input) {
    // Not a constraint, because a PATCH has the same body and may leave the title out.
    if (input.title() == null) {
      throw Problem.badRequest("title is required.");
    }
    Post post =
        posts.create(
            callers.caller(context).userId(),
            input.title(),
            Objects.requireNonNullElse(input.body(), ""),
            null);
    return Response.created(URI.create(links.api("/github/posts/" + post.id())))
        .entity(post.view())
        .build();
  }

  @GET
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "List posts, newest first, optionally filtered by ?status=")
  public Page<Post.View> list(
      @QueryParam("status") @Nullable String status,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    Post.@Nullable Status only = status == null || status.isEmpty() ? null : status(status);
    Scope.Owned owner = Scope.owned(callers.caller(context)).orElseThrow();
    return Page.of(
        Page.limit(limit),
        max -> posts.newest(owner, only, Cursor.of(cursor), max),
        Post::view,
        post -> new Cursor(post.createdAt(), post.id()));
  }

  @GET
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Get a post")
  public Post.View get(@PathParam("id") String id) {
    return readable(id).view();
  }

  @PATCH
  @Limited(Limit.POSTS)
  @Path("/{id}")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "Change a post: {title?, body?, status?, scheduledAt?}",
      description =
          "The status goes draft -> ready -> scheduled (with scheduledAt in the future), or back.")
  @APIResponse(responseCode = "200", description = "The post")
  @APIResponse(
      responseCode = "409",
      description = "The change of status is not allowed, or the post is published")
  @APIResponse(responseCode = "422", description = "scheduledAt is not in the future")
  @APIResponse(
      responseCode = "403",
      description =
          "The post belongs to the organisers, and the caller is not a publisher or admin")
  public Post.View change(
      @PathParam("id") String id, @NotNull(message = "must be a JSON object.") @Valid Input input) {
    Post.@Nullable Status to = input.status() == null ? null : status(input.status());
    @Nullable Instant at = input.scheduledAt() == null ? null : future(input.scheduledAt());
    // Not constraints, because they depend on several members.
    if (to == Post.Status.SCHEDULED && at == null) {
      throw Problem.badRequest(
          "The status scheduled requires scheduledAt, an instant in the future.");
    }
    if (to == null && at == null && input.title() == null && input.body() == null) {
      throw Problem.badRequest("At least one of title, body, status and scheduledAt is required.");
    }
    if (at != null && to != null && to != Post.Status.SCHEDULED) {
      throw Problem.badRequest("scheduledAt is allowed only with the status scheduled.");
    }
    Post changed =
        posts.change(
            writable(id).id(),
            post -> {
              if (input.title() != null || input.body() != null) {
                post.edit(
                    Objects.requireNonNullElse(input.title(), post.title()),
                    Objects.requireNonNullElse(input.body(), post.body()),
                    posts.now());
              }
              if (to != null || at != null) {
                post.move(to == null ? Post.Status.SCHEDULED : to, at, posts.now());
              }
            });
    record(Action.CHANGE_POST, changed);
    return changed.view();
  }

  @POST
  @Limited(Limit.POSTS)
  @Path("/{id}/publish")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Publish a post now: it is scheduled and published within seconds")
  @APIResponse(
      responseCode = "202",
      description = "The post",
      content = @Content(schema = @Schema(implementation = Post.View.class)))
  @APIResponse(responseCode = "409", description = "The post is not ready")
  @APIResponse(
      responseCode = "403",
      description =
          "The post belongs to the organisers, and the caller is not a publisher or admin")
  public Response publish(@PathParam("id") String id) {
    return scheduleNow(id);
  }

  @POST
  @Limited(Limit.POSTS)
  @Path("/{id}/retry")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Retry the publication of a failed post")
  @APIResponse(
      responseCode = "202",
      description = "The post",
      content = @Content(schema = @Schema(implementation = Post.View.class)))
  @APIResponse(responseCode = "409", description = "The post has not failed")
  @APIResponse(
      responseCode = "403",
      description =
          "The post belongs to the organisers, and the caller is not a publisher or admin")
  public Response retry(@PathParam("id") String id) {
    if (writable(id).status() != Post.Status.FAILED) {
      throw new Problem(Code.NOT_FAILED, "Only a failed post can be retried.");
    }
    return scheduleNow(id);
  }

  private Response scheduleNow(String id) {
    Post post =
        posts.change(
            writable(id).id(), it -> it.move(Post.Status.SCHEDULED, posts.now(), posts.now()));
    record(Action.PUBLISH_POST, post);
    return Response.accepted(post.view()).build();
  }

  @DELETE
  @Limited(Limit.POSTS)
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Delete a post; copies published elsewhere remain")
  @APIResponse(responseCode = "204", description = "The post is deleted")
  @APIResponse(
      responseCode = "403",
      description =
          "The post belongs to the organisers, and the caller is not a publisher or admin")
  public void delete(@PathParam("id") String id) {
    Post post = writable(id);
    posts.delete(post.id());
    record(Action.DELETE_POST, post);
  }

  private void record(Action action, Post post) {
    audit.recordForeign(callers.caller(context).userId(), post.userId(), action, post.id());
  }

  @GET
  @Path("/stats/stream")
  @PermitAll
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      summary =
          "Stream stats and posts-by-status, then stats-update and posts-update on each change")
  public void stream(@BeanParam StreamRequest request, @Suspended AsyncResponse response) {
    feeds.open(feed, request, response);
  }

  private Post readable(String id) {
    Caller caller = callers.caller(context);
    return (Ids.possible(id) ? posts.find(id) : Optional.<Post>empty())
        .filter(post -> post.userId() == null || caller.mayActFor(post.userId()))
        .orElseThrow(() -> Problem.notFound("post"));
  }

  private Post writable(String id) {
    Post post = readable(id);
    Caller caller = callers.caller(context);
    if (post.userId() == null && !caller.admin() && !caller.groups().contains(Roles.PUBLISHER)) {
      throw new ForbiddenException("Only publishers and admins can change the organisers' posts.");
    }
    callers.requireChannel(context, Posts.CHANNEL);
    return post;
  }

  private static Post.Status status(String text) {
    try {
      return Post.Status.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("status must be draft, ready, scheduled, published or failed.", e);
    }
  }

  private Instant future(String text) {
    try {
      Instant at = Instant.parse(text);
      if (at.isAfter(MAX_TIME)) {
        throw Problem.badRequest("scheduledAt must be before the year 10000.");
      }
      if (at.isAfter(posts.now())) {
        return at;
      }
    } catch (DateTimeParseException e) {
      throw Problem.badRequest("scheduledAt must be an instant such as 2026-11-21T10:42:00Z.", e);
    }
    throw new Problem(Code.NOT_IN_THE_FUTURE, "scheduledAt must be in the future.");
  }
}
