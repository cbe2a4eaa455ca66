package devfest.studio.webhooks;

import devfest.studio.delivery.Delivery;
import devfest.studio.delivery.Outcome;
import devfest.studio.jobs.Attempt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends the events of webhooks that are due, one batch after the other, until the cursor is at the
 * end of the log. Safe for use from many threads.
 */
@ApplicationScoped
class Courier extends Delivery<Webhook> {

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
