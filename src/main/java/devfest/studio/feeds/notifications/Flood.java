package devfest.studio.feeds.notifications;

import devfest.studio.http.Problem;
import devfest.studio.security.Rate;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Keeps a user from flooding others with mentions. */
@ApplicationScoped
class Flood {

  private static final int MOST = 10;

  private final Rate rate = new Rate(MOST, Duration.ofMinutes(1));

  /**
   * @throws Problem 429 when the user has mentioned others too often
   */
  void check(String user) {
    rate.take(user)
        .ifPresent(
            wait -> {
              throw Problem.tryLater(
                  429, "too_many_mentions", "At most " + MOST + " mentions a minute", wait);
            });
  }
}
