package devfest.studio.webhooks;

import devfest.studio.base.Backoff;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Work;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends the events of webhooks that are due, one batch after the other, until the cursor is at the
 * end of the log. The position is stored after each batch, so another node continues there. Safe
 * for use from many threads.
 */
@ApplicationScoped
class Courier implements Work<Webhook> {

  private final Webhooks webhooks;
  private final Batches batches;
  private final Sender sender;

  @Inject
  Courier(Webhooks webhooks, Batches batches, Sender sender) {
    this.webhooks = webhooks;
    this.batches = batches;
    this.sender = sender;
  }

  @Override
  public Class<Webhook> type() {
    return Webhook.class;
  }

  @Override
  public Set<? extends Enum<?>> openStatuses() {
    return EnumSet.of(Webhook.Status.ACTIVE);
  }

  /** Many, because a receiver that does not respond occupies one until the deadline. */
  @Override
  public int concurrency() {
    return 128;
  }

  /** Longer than the deadline of {@link Sender}. */
  @Override
  public Duration lease() {
    return Duration.ofSeconds(20);
  }

  /** Failures of the receiver do not count: {@link Webhook#fail} decides about them. */
  @Override
  public int maxAttempts() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(1));
  }

  @Override
  public String faultMessage() {
    return "The events could not be sent. The log of the studio has the cause.";
  }

  /** Never called, since the number of attempts is not limited. */
  @Override
  public void failed(Webhook webhook, String reason) {
    throw new IllegalStateException(reason);
  }

  @Override
  public void run(Webhook webhook, Attempt attempt) throws Exception {
    long position = webhook.position();
    @Nullable Long retryTo = webhook.retryTo();
    boolean more = true;
    while (more) {
      attempt.check();
      Batch batch = batches.next(webhook, position, retryTo);
      if (batch.isEmpty()) {
        more = webhooks.skipped(this, attempt, batch.upTo());
      } else {
        Outcome outcome = attempt.interruptible(() -> sender.send(webhook, batch.message()));
        if (!outcome.isAccepted()) {
          webhooks.failed(this, attempt, batch, outcome);
          return;
        }
        more = webhooks.delivered(this, attempt, batch, outcome);
      }
      position = batch.upTo();
      retryTo = null;
    }
  }
}
