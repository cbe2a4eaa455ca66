package devfest.studio.app.health;

import devfest.studio.app.http.ProblemDocument;
import devfest.studio.cluster.Cluster;
import devfest.studio.http.Code;
import devfest.studio.http.Outage;
import devfest.studio.security.Public;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The state of the studio for people and load balancers; orchestrators use MicroProfile Health. */
@RequestScoped
@Path("/health")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Operation")
public class HealthResource {

  private static final JsonProvider JSON = JsonProvider.provider();

  /**
   * @param status {@code healthy} if every service is
   * @param node the name of the node that responded
   * @param signal whether messages between nodes arrive; without them the studio is healthy, but
   *     changes of other nodes arrive later
   * @param services {@code healthy} or {@code unhealthy} for each service
   */
  public record Health(
      String status,
      Instant timestamp,
      String node,
      @Schema(enumeration = {"none", "connected", "disconnected"}) String signal,
      Map<String, String> services) {}

  @Inject private Checks checks;
  @Inject private Cluster cluster;
  @Inject private Clock clock;

  @GET
  @Public
  @SecurityRequirements
  @Operation(summary = "Get the state of the studio and its services")
  @APIResponse(
      responseCode = "200",
      description = "Every service is healthy",
      content = @Content(schema = @Schema(implementation = Health.class)))
  @APIResponse(
      responseCode = "503",
      description = "At least one service is unhealthy: the member services names it")
  public Response health() {
    Map<String, String> services = new LinkedHashMap<>();
    checks.run().forEach((name, up) -> services.put(name, word(up)));
    boolean healthy = !services.containsValue(word(false));
    if (healthy) {
      return Response.ok(
              new Health(word(true), clock.instant(), cluster.name(), signal(), services))
          .build();
    }
    JsonObjectBuilder parts = JSON.createObjectBuilder();
    services.forEach(parts::add);
    String detail =
        Stream.concat(
                Stream.of("At least one service is unhealthy: the member services names it."),
                checks.reasons().stream())
            .collect(Collectors.joining(" "));
    JsonObject problem =
        JSON.createObjectBuilder(ProblemDocument.of(Code.UNHEALTHY, detail, "/api/v1/health"))
            .add("node", cluster.name())
            .add("signal", signal())
            .add("services", parts)
            .build();
    return Response.status(503)
        .header(HttpHeaders.RETRY_AFTER, Outage.PAUSE.toSeconds())
        .type(ProblemDocument.TYPE)
        .entity(problem.toString())
        .build();
  }

  private String signal() {
    if (cluster.isAlone()) {
      return "none";
    }
    return cluster.isConnected() ? "connected" : "disconnected";
  }

  private static String word(boolean up) {
    return up ? "healthy" : "unhealthy";
  }
}
