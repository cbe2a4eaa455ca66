package devfest.studio.webhooks;

import devfest.studio.delivery.Wakes;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Published;
import devfest.studio.stream.StreamEngine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Makes webhooks due when a matching event is published. Every node does this for all webhooks, so
 * the first one that sees the event counts. Safe for use from many threads.
 */
@ApplicationScoped
public class Waker {

  private static final Logger LOG = System.getLogger(Waker.class.getName());

  /** Other nodes create webhooks, too. */
  private static final long RELOAD_NANOS = TimeUnit.SECONDS.toNanos(5);

  private record Known(Filter filter, Instant updatedAt) {}

  private final Webhooks webhooks;
  private final StreamEngine engine;

  private volatile Map<String, Known> known = Map.of();

  /** The ids of webhooks to make due. */
  private final Wakes wakes;

  @Inject
  Waker(Webhooks webhooks, StreamEngine engine) {
    this.webhooks = webhooks;
    this.engine = engine;
    this.wakes = new Wakes(engine, webhooks::wake);
  }

  /** Starts to wake webhooks; those that have missed events while no node ran, too. */
  public void start() {
    engine.repeat(RELOAD_NANOS, this::reload);
  }

  void changed(@Observes(during = TransactionPhase.AFTER_SUCCESS) WebhooksChanged changed) {
    engine.later(0, this::reload);
  }

  /**
   * Wakes each webhook that this node did not know in its present form, because it has not compared
   * earlier events with it.
   */
  private synchronized void reload() {
    try {
      Map<String, Known> found = new HashMap<>();
      for (Webhook webhook : webhooks.active()) {
        found.put(webhook.id(), new Known(webhook.filter(), webhook.updatedAt()));
      }
      Map<String, Known> before = known;
      known = found;
      found.forEach(
          (id, webhook) -> {
            if (!webhook.equals(before.get(id))) {
              wakes.add(id);
            }
          });
      wakes.flush();
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "The webhooks could not be read. Retrying.", e);
    }
  }

  /** Called by the thread that delivers to all streams, so it does not wait for the database. */
  void published(@Observes Published published) {
    known.forEach(
        (id, webhook) -> {
          if (!wakes.contains(id) && matches(webhook.filter(), published.events())) {
            wakes.add(id);
          }
        });
    wakes.flush();
  }

  private static boolean matches(Filter filter, List<LoggedEvent> events) {
    for (LoggedEvent logged : events) {
      if (filter.matches(logged.event())) {
        return true;
      }
    }
    return false;
  }
}
