package devfest.studio.push;

import devfest.studio.delivery.Delivery;
import devfest.studio.delivery.Outcome;
import devfest.studio.jobs.Attempt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sends the notifications of subscriptions that are due. Safe for use from many threads. */
@ApplicationScoped
class PushCourier extends Delivery<PushSubscription, PushMessage> {

  private static final Logger LOG = System.getLogger(PushCourier.class.getName());

  private static final int NOT_FOUND = 404;

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  /** Responses of the 4xx range by which a push service postpones a message. */
  private static final Set<Integer> LATER = Set.of(408, 425, 429);

  private static final Duration SILENCE = Duration.ofHours(1);

  /** Users choose the hosts. */
  private static final int MAX_WARNED = 100;

  private final PushSubscriptions subscriptions;
  private final PushMessages messages;
  private final PushSender sender;
  private final Clock clock;

  /** The push services that do not accept the studio, and until when no other line says so. */
  private final Map<String, Instant> warned = new ConcurrentHashMap<>();

  @Inject
  PushCourier(
      PushSubscriptions subscriptions, PushMessages messages, PushSender sender, Clock clock) {
    super(subscriptions);
    this.clock = clock;
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

  /** As a user's browsers are few and messages are small. */
  @Override
  public int perUser() {
    return 2;
  }

  @Override
  protected void loadKeys() {
    sender.loadKeys();
  }

  @Override
  protected Next<PushMessage> next(PushSubscription subscription, long after) {
    return messages.next(subscription, after);
  }

  @Override
  protected Outcome send(PushSubscription subscription, PushMessage message)
      throws InterruptedException {
    return sender.send(subscription.browser(), message);
  }

  @Override
  protected boolean settle(
      PushSubscription subscription, Attempt attempt, Next<PushMessage> sent, Outcome outcome) {
    if (outcome.isAccepted()) {
      return subscriptions.advance(this, attempt, sent.upTo());
    }
    if (outcome.isGone() || outcome.is(NOT_FOUND)) { // the browser has unsubscribed
      subscriptions.end(this, attempt);
      return false;
    }
    String host = String.valueOf(subscription.browser().endpoint().getHost()); // the path is secret
    if (isOurs(outcome)) {
      warn(host, outcome);
      return subscriptions.postpone(this, attempt, outcome);
    }
    if (isRefused(outcome)) {
      LOG.log(Level.WARNING, "A message to {0} is dropped. {1}", host, outcome.error());
      return subscriptions.advance(this, attempt, sent.upTo());
    }
    if (!subscriptions.fail(this, attempt, outcome)) {
      LOG.log(Level.WARNING, "A subscription at {0} is deleted. {1}", host, outcome.error());
    }
    return false;
  }

  /**
   * Whether the push service does not accept how the studio identifies itself, for example because
   * its clock is wrong. That is no reason to delete a subscription, or to drop a message before its
   * time.
   */
  private static boolean isOurs(Outcome outcome) {
    return outcome.is(UNAUTHORIZED) || outcome.is(FORBIDDEN);
  }

  /** One line an hour for each push service, as all of its subscriptions fail. */
  private void warn(String host, Outcome outcome) {
    Instant now = clock.instant();
    warned.values().removeIf(until -> until.isBefore(now));
    if (warned.size() < MAX_WARNED && warned.putIfAbsent(host, now.plus(SILENCE)) == null) {
      LOG.log(
          Level.WARNING,
          "The push service {0} does not accept the studio: its key, its clock or its contact. {1}",
          host,
          outcome.error());
    }
  }

  /** Whether the same message would be refused again, for example as too large. */
  private static boolean isRefused(Outcome outcome) {
    Integer status = outcome.status();
    return status != null && status / 100 == 4 && !LATER.contains(status);
  }
}
