package devfest.studio.security;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
import devfest.studio.http.Problem;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Revokes the tokens of a user. */
@RequestScoped
@Path("/users/{id}/sessions")
@Tag(name = "Access")
public class UserSessionsResource {

  @Inject private Callers callers;
  @Inject private Revocations revocations;
  @Inject private Audit audit;
  @Context private SecurityContext context;

  @DELETE
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "Revoke every token of the user that was issued before now (the user or an admin)",
      description =
          "Tokens, tickets and cookies of the user are refused on every node, and their streams"
              + " end with stream.closed {reason: revoked} within 5 seconds. A token is accepted"
              + " if its iat shows that it was issued later; one of the same second is not, unless"
              + " its iat has a fraction.")
  @APIResponse(responseCode = "204", description = "The tokens are revoked")
  @APIResponse(responseCode = "403", description = "The caller is another user and no admin")
  @APIResponse(responseCode = "404", description = "The text cannot be a user id")
  public Response revoke(@PathParam("id") String user) {
    Caller caller = callers.caller(context);
    if (!caller.mayActFor(user)) {
      throw new ForbiddenException("Only an admin may act for another user");
    }
    if (!Caller.isUserId(user)) {
      throw Problem.notFound("user");
    }
    revocations.revokeUser(user);
    audit.record(caller.userId(), Action.REVOKE_SESSIONS, user, Outcome.DONE);
    return Response.noContent().build();
  }
}
