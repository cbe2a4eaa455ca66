package devfest.studio.webhooks;

import devfest.studio.delivery.Delivery;
import devfest.studio.delivery.Outcome;
import devfest.studio.jobs.Attempt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Sends the events of webhooks that are due, in batches. Safe for use from many threads. */
@ApplicationScoped
class Courier extends Delivery<Webhook, Batch> {

  private final Webhooks webhooks;
  private final Batches batches;
  private final Sender sender;

  @Inject
  Courier(Webhooks webhooks, Batches batches, Sender sender) {
    super(webhooks);
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

  /** Less than half of those of a user, so that a slow receiver does not delay all the others. */
  @Override
  public int perUser() {
    return 8;
  }

  @Override
  protected void loadKeys() {
    sender.loadKeys();
  }

  @Override
  protected Next<Batch> next(Webhook webhook, long after) {
    Long retryTo = after == webhook.progress().position() ? webhook.retryTo() : null;
    Batch batch = batches.next(webhook, after, retryTo);
    return new Next<>(Optional.of(batch).filter(next -> !next.isEmpty()), batch.upTo());
  }

  @Override
  protected Outcome send(Webhook webhook, Batch batch) throws InterruptedException {
    return sender.send(webhook, batch.message());
  }

  @Override
  protected boolean settle(Webhook webhook, Attempt attempt, Next<Batch> sent, Outcome outcome) {
    Batch batch = sent.message().orElseThrow();
    return outcome.isAccepted()
        ? webhooks.delivered(this, attempt, batch, outcome)
        : webhooks.failed(this, attempt, batch, outcome);
  }
}
