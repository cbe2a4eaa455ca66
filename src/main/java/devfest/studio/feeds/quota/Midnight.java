package devfest.studio.feeds.quota;

import devfest.studio.events.Changed;
import devfest.studio.transformations.Quota;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Updates the quota streams when a new day begins, and prunes old days. */
@Singleton
@Startup
@DependsOn("Studio")
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Midnight {

  private static final Logger LOG = System.getLogger(Midnight.class.getName());

  @Inject private Quota quota;
  @Inject private Event<Changed> changed;

  @Resource private ManagedScheduledExecutorService scheduler;
  private ScheduledFuture<?> ticking;

  private long day;

  /**
   * Does not use the server's timer, because Payara cancels a timer after two failures caused by a
   * lost database connection, even if the exception is caught.
   */
  @PostConstruct
  void start() {
    day = quota.today();
    // one second: the delay of the reset that a user sees
    ticking = scheduler.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  @PreDestroy
  void stop() {
    ticking.cancel(false);
  }

  void tick() {
    try {
      long today = quota.today();
      if (today != day) {
        changed.fire(new Changed(QuotaFeed.CHANNEL, null));
        day = today;
        quota.prune();
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Could not start the new day, retrying", e);
    }
  }
}
