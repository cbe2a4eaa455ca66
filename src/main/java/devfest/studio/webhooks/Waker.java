package devfest.studio.webhooks;

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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes webhooks due when a matching event is published. Every node does this for all webhooks, so
 * the first one that sees the event counts. Safe for use from many threads.
 */
@ApplicationScoped
public class Waker {

  private static final Logger LOG = System.getLogger(Waker.class.getName());

  /** Other nodes create webhooks, too. */
  private static final long RELOAD_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private record Known(Filter filter, Instant updatedAt) {}

  private final Webhooks webhooks;
  private final StreamEngine engine;

  private volatile Map<String, Known> known = Map.of();

  /** The ids of webhooks to make due. */
  private final Set<String> pending = ConcurrentHashMap.newKeySet();

  private final AtomicBoolean scheduled = new AtomicBoolean();

  @Inject
  Waker(Webhooks webhooks, StreamEngine engine) {
    this.webhooks = webhooks;
    this.engine = engine;
  }

  /** Starts to wake webhooks; those that have missed events while no node ran, too. */
  public void start() {
    engine.later(0, this::reloadAlways);
  }

  private void reloadAlways() {
    reload();
    engine.later(RELOAD_NANOS, this::reloadAlways);
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
              pending.add(id);
            }
          });
      schedule(0);
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "The webhooks could not be read. Retrying.", e);
    }
  }

  /** Called by the thread that delivers to all streams, so it does not wait for the database. */
  void published(@Observes Published published) {
    known.forEach(
        (id, webhook) -> {
          if (!pending.contains(id) && matches(webhook.filter(), published.events())) {
            pending.add(id);
          }
        });
    schedule(0);
  }

  private static boolean matches(Filter filter, List<LoggedEvent> events) {
    for (LoggedEvent logged : events) {
      if (filter.matches(logged.event())) {
        return true;
      }
    }
    return false;
  }

  private void schedule(long nanos) {
    if (!pending.isEmpty() && scheduled.compareAndSet(false, true)) {
      engine.later(nanos, this::flush);
    }
  }

  private void flush() {
    scheduled.set(false);
    List<String> ids = List.copyOf(pending);
    if (ids.isEmpty()) {
      return;
    }
    ids.forEach(pending::remove); // before the update: what comes now needs another one
    try {
      webhooks.wake(ids.stream().sorted().toList());
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "Webhooks could not be made due. Retrying.", e);
      pending.addAll(ids);
      schedule(RETRY_NANOS);
    }
  }
}
