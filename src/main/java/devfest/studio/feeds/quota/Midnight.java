package devfest.studio.feeds.quota;

import devfest.studio.events.Changed;
import devfest.studio.transformations.Quota;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Tells open streams that a new day has begun. */
@Singleton
@Startup
@DependsOn("Studio")
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Midnight {

  private static final Logger LOG = System.getLogger(Midnight.class.getName());

  @Inject private Quota quota;
  @Inject private Event<Changed> changed;

  private long day;

  @PostConstruct
  void begin() {
    day = quota.today();
  }

  @Schedule(hour = "*", minute = "*", second = "*", persistent = false)
  public void tick() {
    try {
      long today = quota.today();
      if (today != day) {
        changed.fire(new Changed(QuotaFeed.CHANNEL, null));
        day = today;
        quota.prune();
      }
    } catch (RuntimeException e) {
      // A server may drop a timer that has failed twice.
      LOG.log(Level.WARNING, "The new day could not be told, tries again", e);
    }
  }
}
