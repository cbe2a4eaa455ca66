package devfest.studio.push;

import devfest.studio.delivery.Delivery;
import devfest.studio.delivery.Outcome;
import devfest.studio.jobs.Attempt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;

/**
 * Sends the notifications of subscriptions that are due, one after the other, until the cursor is
 * at the end of the log. Safe for use from many threads.
 */
@ApplicationScoped
class PushCourier extends Delivery<PushSubscription> {

  private static final Logger LOG = System.getLogger(PushCourier.class.getName());

  private static final int NOT_FOUND = 404;

  /** Responses of the 4xx range by which a push service postpones a message. */
  private static final Set<Integer> LATER = Set.of(408, 425, 429);

  private final PushSubscriptions subscriptions;
  private final PushMessages messages;
  private final PushSender sender;

  @Inject
  PushCourier(PushSubscriptions subscriptions, PushMessages messages, PushSender sender) {
    this.subscriptions = subscriptions;
    this.messages = messages;
    this.sender = sender;
  }

  @Override
  public Class<PushSubscription> type() {
    return PushSubscription.class;
  }

  @Override
  public Set<? extends Enum<?>> openStatuses() {
    return Set.of();
  }

  @Override
  public void run(PushSubscription subscription, Attempt attempt) throws Exception {
    long position = subscription.position();
    boolean more = true;
    while (more) {
      attempt.check();
      PushMessages.Next next = messages.next(subscription, position);
      more =
          next.message().isEmpty()
              ? subscriptions.advance(this, attempt, next.upTo())
              : send(subscription, next.message().get(), next.upTo(), attempt);
      position = next.upTo();
    }
  }

  /** Returns whether the attempt continues. */
  private boolean send(
      PushSubscription subscription, PushMessage message, long position, Attempt attempt)
      throws Exception {
    PushSubscription.Browser browser = subscription.browser();
    Outcome outcome = attempt.interruptible(() -> sender.send(browser, message));
    if (outcome.isAccepted()) {
      return subscriptions.advance(this, attempt, position);
    }
    if (outcome.isGone() || outcome.is(NOT_FOUND)) { // the browser has unsubscribed
      subscriptions.end(this, attempt);
      return false;
    }
    if (isRefused(outcome)) {
      LOG.log(Level.WARNING, "A message to {0} is dropped. {1}", host(browser), outcome.error());
      return subscriptions.advance(this, attempt, position);
    }
    if (!subscriptions.fail(this, attempt, outcome)) {
      LOG.log(
          Level.WARNING, "A subscription at {0} is deleted. {1}", host(browser), outcome.error());
    }
    return false;
  }

  /** Whether the same message would be refused again, for example as too large. */
  private static boolean isRefused(Outcome outcome) {
    Integer status = outcome.status();
    return status != null && status / 100 == 4 && !LATER.contains(status);
  }

  /** The path of an endpoint is a secret of the browser. */
  private static String host(PushSubscription.Browser browser) {
    return String.valueOf(browser.endpoint().getHost());
  }
}
