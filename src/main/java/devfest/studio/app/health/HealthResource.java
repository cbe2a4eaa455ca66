package devfest.studio.app.health;

import devfest.studio.app.http.ProblemDocument;
import devfest.studio.http.Code;
import devfest.studio.http.Outage;
import devfest.studio.security.Public;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
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

  /**
   * @param status {@code healthy} if every service is
   * @param services {@code healthy} or {@code unhealthy} for each service
   */
  public record Health(String status, Instant timestamp, Map<String, String> services) {}

  @Inject private Checks checks;
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
      return Response.ok(new Health(word(true), clock.instant(), services)).build();
    }
    JsonObjectBuilder parts = Json.createObjectBuilder();
    services.forEach(parts::add);
    JsonObject problem =
        Json.createObjectBuilder(
                ProblemDocument.of(
                    Code.UNHEALTHY,
                    "At least one service is unhealthy: the member services names it.",
                    "/api/v1/health"))
            .add("services", parts)
            .build();
    return Response.status(503)
        .header(HttpHeaders.RETRY_AFTER, Outage.PAUSE.toSeconds())
        .type(ProblemDocument.TYPE)
        .entity(problem.toString())
        .build();
  }

  private static String word(boolean up) {
    return up ? "healthy" : "unhealthy";
  }
}
