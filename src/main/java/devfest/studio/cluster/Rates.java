package devfest.studio.cluster;

import devfest.studio.http.Limit;
import devfest.studio.http.Outage;
import devfest.studio.http.Problem;
import devfest.studio.settings.Frequency;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Enforces the limits per user and per address. The memory of this node is the first gate; what
 * passes it is counted in the database, which all nodes share. Frequent actions are counted there
 * in batches, so that nodes together exceed a limit by a fiftieth each at most. Safe for use from
 * many threads and nodes.
 */
@ApplicationScoped
public class Rates {

  private static final Logger LOG = System.getLogger(Rates.class.getName());

  /** No user id has a control character, so no user id is the key of an address. */
  private static final String ADDRESS = "\t";

  private final Map<Limit, Rate> rates = new EnumMap<>(Limit.class);

  private final Topology topology;
  private final RateRows rows;

  @Inject
  Rates(Topology topology, RateRows rows, LimitSettings settings) {
    this.topology = topology;
    this.rows = rows;
    for (Limit limit : Limit.values()) {
      rates.put(limit, new Rate(settings.of(limit)));
    }
  }

  /**
   * Counts one action of the user on all nodes. While the database is not available, each node
   * counts alone.
   *
   * @throws Problem 429 with the limit's code and the time to wait
   */
  public void take(Limit limit, String user) {
    count(limit, user);
  }

  /**
   * Counts one action of an address on all nodes, as {@link #take} does for a user.
   *
   * @param address the unit in which clients are counted, from {@link
   *     devfest.studio.http.Proxies#client}
   * @throws Problem as for {@link #take}
   */
  public void takeAddress(Limit limit, String address) {
    count(limit, ADDRESS + address);
  }

  /**
   * Counts one action of the user, or of the address if there is no user, on this node only.
   *
   * @throws Problem as for {@link #take}
   */
  public void takeHere(Limit limit, @Nullable String user, String address) {
    countHere(limit, user == null ? ADDRESS + address : user);
  }

  private void count(Limit limit, String key) {
    countHere(limit, key);
    if (topology.shared()
        && !Outage.DATABASE.isOn() // a stream opens without it, and must not wait for it
        && !rate(limit).spend(key, System.nanoTime())) {
      countEverywhere(limit, key);
    }
  }

  private void countHere(Limit limit, String key) {
    rate(limit).take(key, System.nanoTime()).ifPresent(wait -> refuse(limit, wait));
  }

  private void countEverywhere(Limit limit, String key) {
    Rate rate = rate(limit);
    int batch = rate.batch();
    RateRows.Count count;
    try {
      count = rows.take(limit, rate.frequency(), key, batch);
    } catch (RuntimeException e) {
      Level level = Outage.behind(e).isPresent() ? Level.DEBUG : Level.WARNING;
      LOG.log(level, "A rate could not be counted on all nodes; this node decides alone", e);
      return;
    }
    // So that this node refuses further actions without the database.
    int credit = count.refused().isPresent() ? 0 : batch - 1;
    rate.set(key, count.debt(), credit, System.nanoTime());
    count.refused().ifPresent(wait -> refuse(limit, wait));
  }

  private Rate rate(Limit limit) {
    Rate rate = rates.get(limit);
    if (rate == null) {
      throw new IllegalStateException(limit + " has no rate");
    }
    return rate;
  }

  private void refuse(Limit limit, Duration wait) {
    Frequency frequency = rate(limit).frequency();
    throw Problem.tryLater(
        limit.code(),
        "At most " + frequency.most() + ' ' + limit.things() + span(frequency) + " are allowed.",
        Duration.ofSeconds(Math.max(1, wait.plusNanos(999_999_999).toSeconds())));
  }

  private static String span(Frequency frequency) {
    long seconds = frequency.period().toSeconds();
    return seconds == 60 ? " per minute" : " in " + seconds + " seconds";
  }

  /** Deletes the rows of full buckets. */
  public void prune() {
    rows.prune();
  }
}
