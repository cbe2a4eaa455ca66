package devfest.studio.http;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what users do, on this node. Safe for use from many threads. */
@ApplicationScoped
public class Rates {

  private final Map<Limit, Rate> rates = new ConcurrentHashMap<>();

  /**
   * Counts one more.
   *
   * @throws Problem with the limit's code when the user has to wait
   */
  public void take(Limit limit, String user) {
    rates.computeIfAbsent(limit, Rate::new).take(user);
  }
}
