package devfest.studio.app;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * The probes of MicroProfile Health 4.0 § 3, at the studio's own port. Some servers put theirs
 * there already, and then this one is never asked; others keep them at a management port that a
 * client can't reach.
 */
@WebServlet(
    urlPatterns = {"/health", "/health/live", "/health/ready"},
    asyncSupported = true)
public class ProbesServlet extends HttpServlet {

  @Inject @Any private transient Instance<HealthCheck> checks;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    List<HealthCheckResponse> results = asked(request).stream().map(HealthCheck::call).toList();
    boolean up = results.stream().allMatch(ProbesServlet::isUp);
    JsonArrayBuilder told = Json.createArrayBuilder();
    results.forEach(result -> told.add(json(result)));
    response.setStatus(up ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    response.setContentType("application/json");
    response
        .getOutputStream()
        .write(
            Json.createObjectBuilder()
                .add("status", up ? "UP" : "DOWN")
                .add("checks", told)
                .build()
                .toString()
                .getBytes(StandardCharsets.UTF_8));
  }

  private Instance<HealthCheck> asked(HttpServletRequest request) {
    return switch (request.getServletPath()) {
      case "/health/live" -> checks.select(Liveness.Literal.INSTANCE);
      case "/health/ready" -> checks.select(Readiness.Literal.INSTANCE);
      default -> checks;
    };
  }

  private static JsonObjectBuilder json(HealthCheckResponse result) {
    JsonObjectBuilder json =
        Json.createObjectBuilder()
            .add("name", result.getName())
            .add("status", result.getStatus().name());
    result
        .getData()
        .ifPresent(
            data -> {
              JsonObjectBuilder facts = Json.createObjectBuilder();
              data.forEach((name, value) -> facts.add(name, String.valueOf(value)));
              json.add("data", facts);
            });
    return json;
  }

  private static boolean isUp(HealthCheckResponse result) {
    return result.getStatus() == HealthCheckResponse.Status.UP;
  }
}
