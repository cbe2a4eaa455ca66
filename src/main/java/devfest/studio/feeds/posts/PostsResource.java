package devfest.studio.feeds.posts;

import devfest.studio.base.Text;
import devfest.studio.feed.Feeds;
import devfest.studio.feed.Scope;
import devfest.studio.http.Code;
import devfest.studio.http.Cursor;
import devfest.studio.http.Ids;
import devfest.studio.http.Links;
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
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Posts, from draft to publication. Everybody has own ones; those that the organisers' activity
 * made are seen by everybody with a token and changed by publishers and admins.
 */
@RequestScoped
@Path("/github/posts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Posts")
public class PostsResource {

  private static final Instant FAR = Instant.parse("9999-12-31T00:00:00Z");

  /**
   * What a client says of a post; what it leaves out stays. Checked by hand, as the two methods
   * that take it need different members.
   */
  @Schema(name = "PostWish")
  public record Wish(
      @Nullable String title,
      @Nullable String body,
      @Nullable String status,
      @Nullable String scheduledAt) {}

  @Inject private Posts posts;
  @Inject private PostsFeed feed;
  @Inject private Feeds feeds;
  @Inject private Links links;
  @Inject private Callers callers;
  @Context private SecurityContext context;

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Write a draft: {title, body?}")
  @APIResponse(
      responseCode = "201",
      description = "The post",
      content = @Content(schema = @Schema(implementation = Post.View.class)))
  public Response create(@Nullable Wish wish) {
    if (wish == null || wish.title() == null) {
      throw Problem.badRequest("title is needed");
    }
    Post post =
        posts.create(
            callers.caller(context).user(),
            title(wish.title()),
            wish.body() == null ? "" : body(wish.body()),
            null);
    return Response.created(URI.create(links.api("/github/posts/" + post.id())))
        .entity(post.view())
        .build();
  }

  @GET
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Posts, newest first; ?status= narrows")
  public Page<Post.View> list(
      @QueryParam("status") @Nullable String status,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    Post.@Nullable Status only = status == null || status.isEmpty() ? null : status(status);
    Scope.Owned owner = Scope.owned(callers.caller(context)).orElseThrow();
    return Page.of(
        Page.limit(limit),
        most -> posts.newest(owner, only, Cursor.of(cursor), most),
        Post::view,
        post -> new Cursor(post.createdAt(), post.id()));
  }

  @GET
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "One post")
  public Post.View get(@PathParam("id") String id) {
    return seen(id).view();
  }

  @PATCH
  @Path("/{id}")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "Change title or body, or move it: {title?, body?, status?, scheduledAt?}",
      description = "draft -> ready -> scheduled (with scheduledAt in the future), and back.")
  @APIResponse(responseCode = "200", description = "The post")
  @APIResponse(responseCode = "409", description = "Not a legal move, or published already")
  @APIResponse(responseCode = "422", description = "scheduledAt is not in the future")
  @APIResponse(
      responseCode = "403",
      description = "One of the organisers' posts, without their role")
  public Post.View change(@PathParam("id") String id, @Nullable Wish wish) {
    if (wish == null) {
      throw Problem.badRequest("Something to change is needed");
    }
    Post.@Nullable Status to = wish.status() == null ? null : status(wish.status());
    @Nullable Instant at = wish.scheduledAt() == null ? null : future(wish.scheduledAt());
    if (to == Post.Status.SCHEDULED && at == null) {
      throw Problem.badRequest("The status scheduled needs scheduledAt, an instant in the future");
    }
    if (to == null && at == null && wish.title() == null && wish.body() == null) {
      throw Problem.badRequest("Something to change is needed");
    }
    if (at != null && to != null && to != Post.Status.SCHEDULED) {
      throw Problem.badRequest("scheduledAt goes with the status scheduled alone");
    }
    return posts
        .change(
            own(id).id(),
            post -> {
              if (wish.title() != null || wish.body() != null) {
                post.edit(
                    wish.title() == null ? post.title() : title(wish.title()),
                    wish.body() == null ? post.body() : body(wish.body()),
                    posts.now());
              }
              if (to != null || at != null) {
                post.move(to == null ? Post.Status.SCHEDULED : to, at, posts.now());
              }
            })
        .view();
  }

  @POST
  @Path("/{id}/publish")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Publish it now: it is scheduled, and published within seconds")
  @APIResponse(
      responseCode = "202",
      description = "The post",
      content = @Content(schema = @Schema(implementation = Post.View.class)))
  @APIResponse(responseCode = "409", description = "It is not ready")
  @APIResponse(
      responseCode = "403",
      description = "One of the organisers' posts, without their role")
  public Response publish(@PathParam("id") String id) {
    return scheduleNow(id);
  }

  @POST
  @Path("/{id}/retry")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Try again to publish one that has failed")
  @APIResponse(
      responseCode = "202",
      description = "The post",
      content = @Content(schema = @Schema(implementation = Post.View.class)))
  @APIResponse(responseCode = "409", description = "It has not failed")
  @APIResponse(
      responseCode = "403",
      description = "One of the organisers' posts, without their role")
  public Response retry(@PathParam("id") String id) {
    if (own(id).status() != Post.Status.FAILED) {
      throw new Problem(Code.NOT_FAILED, "Only a failed one can be tried again");
    }
    return scheduleNow(id);
  }

  private Response scheduleNow(String id) {
    Post post =
        posts.change(own(id).id(), it -> it.move(Post.Status.SCHEDULED, posts.now(), posts.now()));
    return Response.accepted(post.view()).build();
  }

  @DELETE
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Delete it; what is published elsewhere stays there")
  @APIResponse(responseCode = "204", description = "Gone")
  @APIResponse(
      responseCode = "403",
      description = "One of the organisers' posts, without their role")
  public void delete(@PathParam("id") String id) {
    posts.delete(own(id).id());
  }

  @GET
  @Path("/stats/stream")
  @PermitAll
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(summary = "stats and posts-by-status; stats-update and posts-update on a change")
  public void stream(@BeanParam StreamRequest request, @Suspended AsyncResponse response) {
    feeds.open(feed, request, response);
  }

  private Post seen(String id) {
    Caller caller = callers.caller(context);
    return (Ids.possible(id) ? posts.find(id) : Optional.<Post>empty())
        .filter(post -> post.userId() == null || caller.mayActFor(post.userId()))
        .orElseThrow(() -> Problem.notFound("post"));
  }

  private Post own(String id) {
    Post post = seen(id);
    Caller caller = callers.caller(context);
    if (post.userId() == null && !caller.admin() && !caller.groups().contains(Roles.PUBLISHER)) {
      throw new ForbiddenException("The organisers' posts are changed by publishers and admins");
    }
    return post;
  }

  private static String title(String text) {
    String title = text.strip();
    if (title.isEmpty()
        || title.length() > Post.MAX_TITLE
        || title.chars().anyMatch(Character::isISOControl)) {
      throw Problem.badRequest("title has 1 to " + Post.MAX_TITLE + " characters, on one line");
    }
    return title;
  }

  private static String body(String sent) {
    String text = Text.lines(sent);
    if (text.length() > Post.MAX_BODY || text.indexOf('\0') >= 0) {
      throw Problem.badRequest("body has at most " + Post.MAX_BODY + " characters");
    }
    return text;
  }

  private static Post.Status status(String text) {
    try {
      return Post.Status.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("status is draft, ready, scheduled, published or failed", e);
    }
  }

  private Instant future(String text) {
    try {
      Instant at = Instant.parse(text);
      if (at.isAfter(FAR)) {
        throw Problem.badRequest("scheduledAt must be before the year 10000");
      }
      if (at.isAfter(posts.now())) {
        return at;
      }
    } catch (DateTimeParseException e) {
      throw Problem.badRequest("scheduledAt must be an instant such as 2026-11-21T10:42:00Z", e);
    }
    throw new Problem(Code.NOT_IN_THE_FUTURE, "scheduledAt must be in the future");
  }
}
