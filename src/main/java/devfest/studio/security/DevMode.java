package devfest.studio.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A studio to try: it makes its own key and hands out tokens. */
@ApplicationScoped
public class DevMode {

  /** A token with the instant from which it is refused. */
  @Schema(name = "Token")
  public record Issued(String token, Instant expiresAt) {}

  private final Config config;
  private final Clock clock;

  @Inject
  DevMode(Config config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  static boolean on(Config config) {
    return config.getOptionalValue("studio.dev-mode", Boolean.class).orElse(false);
  }

  static Path dataDir(Config config) {
    return Path.of(config.getOptionalValue("studio.data-dir", String.class).orElse("studio-data"));
  }

  public boolean on() {
    return on(config);
  }

  /**
   * @throws IllegalStateException outside dev mode
   */
  public Issued issue(String user, Collection<String> groups, Duration life) {
    if (!on()) {
      throw new IllegalStateException("dev mode is off");
    }
    Instant now = clock.instant();
    return new Issued(DevKeys.in(dataDir(config)).issue(user, groups, now, life), now.plus(life));
  }
}
