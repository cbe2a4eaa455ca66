package devfest.studio.stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Reads the settings of streams. */
@ApplicationScoped
class StreamSettingsFactory {

  @Produces
  @Dependent
  static StreamSettings settings(
      @ConfigProperty(name = "studio.stream.heartbeat", defaultValue = "PT15S") Duration heartbeat,
      @ConfigProperty(name = "studio.stream.retry", defaultValue = "PT3S") Duration retry,
      @ConfigProperty(name = "studio.stream.max-connections", defaultValue = "10000")
          int maxConnections,
      @ConfigProperty(name = "studio.stream.max-connections-per-user", defaultValue = "32")
          int maxPerUser,
      @ConfigProperty(name = "studio.stream.max-connections-per-address", defaultValue = "500")
          int maxPerAddress,
      @ConfigProperty(name = "studio.stream.max-lifetime", defaultValue = "PT1H") Duration lifetime,
      @ConfigProperty(name = "studio.stream.stall-timeout", defaultValue = "PT2M") Duration stall) {
    return new StreamSettings(
        heartbeat, retry, maxConnections, maxPerUser, maxPerAddress, lifetime, stall);
  }
}
