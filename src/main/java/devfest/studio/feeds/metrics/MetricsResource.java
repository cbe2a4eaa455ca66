package devfest.studio.feeds.metrics;

import devfest.studio.cluster.Rates;
import devfest.studio.feed.Feeds;
import devfest.studio.http.Bodies;
import devfest.studio.http.Limit;
import devfest.studio.http.Proxies;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import devfest.studio.stream.StreamRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Endpoints of the metrics of this node. */
@RequestScoped
@Path("/metrics")
@Tag(name = "Operation")
public class MetricsResource {

  @Inject private Bodies bodies;
  @Inject private Rates rates;
  @Inject private Meters meters;
  @Inject private MetricsFeed feed;
  @Inject private Feeds feeds;
  @Inject private Callers callers;
  @Inject private Proxies proxies;
  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @GET
  @RolesAllowed(Roles.ADMIN)
  @Produces("text/plain; version=0.0.4; charset=utf-8")
  @Operation(summary = "Get all metrics in the Prometheus text format 0.0.4")
  @APIResponse(
      responseCode = "200",
      description = "The metrics",
      content =
          @Content(
              schema = @Schema(type = SchemaType.STRING),
              example = "# TYPE studio_streams gauge\nstudio_streams 87.0\n"))
  public String text() {
    return meters.text();
  }

  @POST
  @Path("/clients")
  @PermitAll
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Report the connection statistics of a client since its previous report",
      description = "{transport, connected?, failed?, reconnections?, errors?, latencies?: [ms]}")
  @APIResponse(responseCode = "204", description = "The report is counted")
  @APIResponse(responseCode = "429", description = "The caller has sent too many reports")
  public Response report(@Nullable ClientReport report) {
    Caller caller = callers.reader(context);
    ClientReport valid = bodies.valid(report);
    rates.takeHere(Limit.REPORTS, caller.userId(), proxies.client(request));
    meters.report(valid);
    return Response.noContent().build();
  }

  @GET
  @Path("/stream")
  @PermitAll
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(summary = "Stream metrics every second, for admins only")
  @APIResponse(responseCode = "200", description = "An endless text/event-stream")
  @APIResponse(responseCode = "403", description = "The caller is not an admin")
  public void stream(@BeanParam StreamRequest request, @Suspended AsyncResponse response) {
    feeds.open(feed, request, response);
  }
}
