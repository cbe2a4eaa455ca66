package devfest.studio.push;

import devfest.studio.delivery.Wakes;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Published;
import devfest.studio.stream.StreamEngine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/**
 * Makes the subscriptions of a user due when the user is notified. Every node does this, so the
 * first one that sees the event counts. Safe for use from many threads.
 */
@ApplicationScoped
public class PushWaker {

  private static final Logger LOG = System.getLogger(PushWaker.class.getName());

  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final PushSubscriptions subscriptions;
  private final StreamEngine engine;

  /** The ids of notified users. */
  private final Wakes wakes;

  @Inject
  PushWaker(PushSubscriptions subscriptions, StreamEngine engine) {
    this.subscriptions = subscriptions;
    this.engine = engine;
    this.wakes = new Wakes(engine, subscriptions::wake);
  }

  /** Wakes all subscriptions: their users may have been notified while no node ran. */
  public void start() {
    engine.later(0, this::wakeAll);
  }

  private void wakeAll() {
    try {
      subscriptions.wakeAll();
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "Subscriptions could not be made due. Retrying.", e);
      engine.later(RETRY_NANOS, this::wakeAll);
    }
  }

  /** Called by the thread that delivers to all streams, so it does not wait for the database. */
  void published(@Observes Published published) {
    for (LoggedEvent logged : published.events()) {
      String user = logged.event().userId();
      if (user != null && logged.event().type().equals(PushSubscription.TYPE)) {
        wakes.add(user);
      }
    }
    wakes.flush();
  }
}
