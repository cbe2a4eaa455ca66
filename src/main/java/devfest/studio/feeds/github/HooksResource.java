package devfest.studio.feeds.github;

import devfest.studio.http.Links;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A user's own webhooks, whose deliveries nobody else sees. */
@RequestScoped
@Path("/github/hooks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "GitHub")
public class HooksResource {

  private static final int MAX_NAME = 100;
  private static final String NAME_RULE =
      "must have at most " + MAX_NAME + " characters on one line.";

  /** What a client asks for. */
  @Schema(name = "HookWish")
  public record Wish(
      @Size(max = MAX_NAME, message = NAME_RULE)
          @Pattern(regexp = "^\\P{Cc}*$", message = NAME_RULE)
          @Nullable String name) {}

  /**
   * A hook.
   *
   * @param url what GitHub is to call
   * @param secret only in the answer that made it, else null
   */
  @Schema(name = "Hook")
  public record View(
      String hookId,
      @Schema(nullable = true) @Nullable String name,
      String url,
      @Schema(nullable = true) @Nullable String secret,
      Instant createdAt) {}

  @Inject private Hooks hooks;
  @Inject private Links links;
  @Inject private Callers callers;
  @Context private SecurityContext context;

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Make a hook; its secret is shown this once")
  @APIResponse(
      responseCode = "201",
      description = "{hookId, name, url, secret, createdAt}",
      content = @Content(schema = @Schema(implementation = View.class)))
  public Response create(@Valid @Nullable Wish wish) {
    String name = wish == null ? null : wish.name();
    Hook hook = hooks.create(callers.caller(context).user(), name);
    return Response.created(URI.create(links.api("/github/hooks")))
        .entity(view(hook, hook.secret()))
        .build();
  }

  @GET
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "The caller's hooks, newest first")
  public Page<View> list() {
    return new Page<>(
        hooks.of(callers.caller(context).user()).stream().map(hook -> view(hook, null)).toList(),
        null);
  }

  @POST
  @Path("/{id}/rotate")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "A new secret, shown this once; the old one is worth nothing from now on")
  public View rotate(@PathParam("id") String id) {
    Hook hook = hooks.rotate(own(id).id());
    return view(hook, hook.secret());
  }

  @DELETE
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Delete it; what it has delivered stays")
  @APIResponse(responseCode = "204", description = "Gone")
  public void delete(@PathParam("id") String id) {
    hooks.delete(own(id).id());
  }

  private Hook own(String id) {
    return hooks
        .find(id)
        .filter(found -> callers.caller(context).mayActFor(found.userId()))
        .orElseThrow(() -> Problem.notFound("hook"));
  }

  private View view(Hook hook, @Nullable String secret) {
    return new View(
        hook.id(),
        hook.name(),
        links.api("/github/webhook/" + hook.id()),
        secret,
        hook.createdAt());
  }
}
