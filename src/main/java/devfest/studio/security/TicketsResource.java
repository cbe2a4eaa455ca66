package devfest.studio.security;

import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Issues tickets for streams. */
@RequestScoped
@Path("/events/tickets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Access")
public class TicketsResource {

  @Inject private Tickets tickets;
  @Inject private Callers callers;
  @Context private SecurityContext context;

  @POST
  @Limited(Limit.TICKETS)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Issue a ticket that opens one stream within 30 seconds with ?ticket=")
  public Tickets.Issued issue() {
    return tickets.issue(callers.caller(context));
  }
}
