package devfest.studio.http;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Enforces rate limits per user, on this node. Thread-safe. */
@ApplicationScoped
public class Rates {

  private final Map<Limit, Rate> rates = new ConcurrentHashMap<>();

  /**
   * Counts one action of the user.
   *
   * @throws Problem with the limit's code if the user must wait
   */
  public void take(Limit limit, String user) {
    rates.computeIfAbsent(limit, Rate::new).take(user);
  }
}
