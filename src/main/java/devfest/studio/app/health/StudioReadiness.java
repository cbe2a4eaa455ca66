package devfest.studio.app.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** MicroProfile Health: ready while every service is up. */
@Readiness
@ApplicationScoped
public class StudioReadiness implements HealthCheck {

  private final Checks checks;

  @Inject
  StudioReadiness(Checks checks) {
    this.checks = checks;
  }

  @Override
  public HealthCheckResponse call() {
    Map<String, Boolean> services = checks.run();
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("studio").status(!services.containsValue(false));
    services.forEach((name, up) -> response.withData(name, up));
    return response.build();
  }
}
