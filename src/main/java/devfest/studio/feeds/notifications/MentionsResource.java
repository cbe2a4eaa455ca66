package devfest.studio.feeds.notifications;

import devfest.studio.cluster.Rates;
import devfest.studio.http.Code;
import devfest.studio.http.Field;
import devfest.studio.http.Limit;
import devfest.studio.http.PlainText;
import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.security.People;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Endpoint to mention another user. */
@RequestScoped
@Path("/users/{id}/mention")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Notifications")
public class MentionsResource {

  /** The text of a mention. */
  @Schema(name = "MentionWish")
  public record Input(@PlainText(max = Notification.MAX_TEXT) String text) {}

  @Inject private Rates rates;
  @Inject private Notifications notifications;
  @Inject private Callers callers;
  @Inject private People people;
  @Context private SecurityContext context;

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Mention a user, who gets a notification: {text} of 1 to 500 characters")
  @APIResponse(
      responseCode = "201",
      description = "The notification as the mentioned user receives it",
      content = @Content(schema = @Schema(implementation = Notification.View.class)))
  @APIResponse(responseCode = "404", description = "The user has never signed in")
  @APIResponse(responseCode = "429", description = "The caller has sent too many mentions")
  public Response mention(
      @PathParam("id") String user,
      @NotNull(message = "must be a JSON object.") @Valid Input input) {
    String by = callers.caller(context).user();
    if (!Caller.isUserId(user)) {
      throw Problem.badRequest("The user id in the path is not valid.");
    }
    rates.take(Limit.MENTIONS, by);
    String mentioned =
        people
            .find(user)
            .orElseThrow(
                () -> new Problem(Code.NOT_FOUND, "No user with this id has signed in yet."));
    return Response.status(Response.Status.CREATED)
        .entity(notifications.mention(mentioned, by, Field.strip(input.text())).view())
        .build();
  }
}
