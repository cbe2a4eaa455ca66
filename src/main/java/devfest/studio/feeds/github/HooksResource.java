package devfest.studio.feeds.github;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Links;
import devfest.studio.http.Name;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.security.Callers;
import devfest.studio.security.DerivedSecrets;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
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

/** Endpoints of a user's own webhooks. Only the owner sees their deliveries. */
@RequestScoped
@Path("/github/hooks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "GitHub")
public class HooksResource {

  /** In characters; fits on one line of a list. */
  private static final int MAX_NAME = 100;

  private static final String NAME_RULE =
      "must have at most " + MAX_NAME + " characters on one line, none of them invisible.";

  /** The body of a request to create a hook. */
  @Schema(name = "HookWish")
  public record Input(
      @Size(max = MAX_NAME, message = NAME_RULE) @Name(message = NAME_RULE)
          @Nullable String name) {}

  /**
   * The public view of a hook.
   *
   * @param url the payload URL to configure at GitHub
   * @param secret only in the response that creates or rotates it, otherwise null
   */
  @Schema(name = "Hook")
  public record View(
      String hookId,
      @Schema(nullable = true) @Nullable String name,
      String url,
      @Schema(nullable = true) @Nullable String secret,
      Instant createdAt) {

    static View of(Hook hook, @Nullable String secret, Links links) {
      return new View(
          hook.id(),
          hook.name(),
          links.api("/github/webhook/" + hook.id()),
          secret,
          hook.createdAt());
    }
  }

  @Inject private Hooks hooks;
  @Inject private DerivedSecrets secrets;
  @Inject private Links links;
  @Inject private Callers callers;
  @Inject private Audit audit;
  @Context private SecurityContext context;

  @POST
  @Limited(Limit.HOOKS)
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Create a hook; only this response shows its secret")
  @APIResponse(
      responseCode = "201",
      description = "{hookId, name, url, secret, createdAt}",
      content = @Content(schema = @Schema(implementation = View.class)))
  @APIResponse(responseCode = "409", description = "The user has too many hooks")
  public Response create(@Valid @Nullable Input input) {
    String name = input == null ? null : input.name();
    Hook hook = hooks.create(callers.caller(context).user(), name);
    return Response.created(URI.create(links.api("/github/hooks")))
        .entity(view(hook, hook.secret(secrets)))
        .build();
  }

  @GET
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "List the caller's hooks, newest first")
  public Page<View> list() {
    return new Page<>(
        hooks.of(callers.caller(context).user()).stream().map(hook -> view(hook, null)).toList(),
        null);
  }

  @POST
  @Limited(Limit.HOOKS)
  @Path("/{id}/rotate")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary =
          "Replace the secret; only this response shows it, and the old secret becomes invalid")
  public View rotate(@PathParam("id") String id) {
    Hook hook = hooks.rotate(own(id).id());
    record(Action.ROTATE_HOOK, hook);
    return view(hook, hook.secret(secrets));
  }

  @DELETE
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Delete a hook; its deliveries are kept")
  @APIResponse(responseCode = "204", description = "The hook is deleted")
  public void delete(@PathParam("id") String id) {
    Hook hook = own(id);
    hooks.delete(hook.id());
    record(Action.DELETE_HOOK, hook);
  }

  private void record(Action action, Hook hook) {
    audit.recordForeign(callers.caller(context).userId(), hook.userId(), action, hook.id());
  }

  private Hook own(String id) {
    return hooks
        .find(id)
        .filter(found -> callers.caller(context).mayActFor(found.userId()))
        .orElseThrow(() -> Problem.notFound("hook"));
  }

  private View view(Hook hook, @Nullable String secret) {
    return View.of(hook, secret, links);
  }
}
