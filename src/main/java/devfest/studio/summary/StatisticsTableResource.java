package devfest.studio.summary;

import devfest.studio.archive.Attachment;
import devfest.studio.archive.Csv;
import devfest.studio.conference.Rules;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Endpoint of the statistics of a day as a table. */
@RequestScoped
@Path("/event/stats.csv")
@Produces({Csv.TYPE, MediaType.APPLICATION_JSON})
@Tag(name = "The event")
public class StatisticsTableResource {

  @Inject private Days days;
  @Inject private Rules rules;

  @GET
  @RolesAllowed(Roles.ADMIN)
  @Operation(summary = "Return the statistics of a day as a table (CSV)")
  @APIResponse(
      responseCode = "200",
      description = "One row per hour, one per style, and one for the day",
      content =
          @Content(
              mediaType = Csv.TYPE,
              schema = @Schema(type = SchemaType.STRING),
              example =
                  """
                  kind,name,photos,pictures,visitors,guests
                  hour,2026-11-21T10:00+01:00,12,10,,
                  style,Vintage,,10,,
                  day,2026-11-21,12,10,7,5
                  """))
  public Response get(
      @QueryParam("day") @Nullable String day, @QueryParam("zone") @Nullable String zone) {
    DayStatistics statistics = days.of(day, zone);
    return Response.ok(statistics.csv(), Csv.TYPE + ";charset=UTF-8")
        .header(
            "Content-Disposition",
            Attachment.named(rules.eventName(), statistics.day() + " statistics.csv"))
        .build();
  }
}
