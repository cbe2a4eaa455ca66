package devfest.studio.app.health;

import devfest.studio.stream.StreamEngine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** MicroProfile Health: live while events are delivered. */
@Liveness
@ApplicationScoped
public class StudioLiveness implements HealthCheck {

  private final StreamEngine engine;

  @Inject
  StudioLiveness(StreamEngine engine) {
    this.engine = engine;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("studio").status(engine.isRunning()).build();
  }
}
