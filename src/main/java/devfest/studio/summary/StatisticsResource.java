package devfest.studio.summary;

import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Endpoint of the statistics of a day. */
@RequestScoped
@Path("/event/stats")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "The event")
public class StatisticsResource {

  @Inject private Days days;

  @GET
  @RolesAllowed(Roles.ADMIN)
  @Operation(
      summary = "Count photos, pictures, styles and visitors of a day, hour by hour",
      description =
          "A day with a change of the clocks has 23 or 25 hours. Deleted photos and pictures do not"
              + " count.")
  public DayStatistics get(
      @QueryParam("day") @Nullable String day, @QueryParam("zone") @Nullable String zone) {
    return days.of(day, zone);
  }
}
