package devfest.studio.photos;

import devfest.studio.base.Backoff;
import devfest.studio.blobs.BlobStore;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Work;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Deletes discarded blobs. It retries without limit while the store is unavailable. */
@ApplicationScoped
class Sweep implements Work<Discard> {

  private final BlobStore store;
  private final Discards discards;

  @Inject
  Sweep(BlobStore store, Discards discards) {
    this.store = store;
    this.discards = discards;
  }

  @Override
  public Class<Discard> type() {
    return Discard.class;
  }

  @Override
  public Set<? extends Enum<?>> openStatuses() {
    return Set.of();
  }

  /** One is enough, because deletions are not urgent. */
  @Override
  public int concurrency() {
    return 1;
  }

  /** Longer than the deletion of 50 blobs takes; renewals extend it for a slow store. */
  @Override
  public Duration lease() {
    return Duration.ofSeconds(30);
  }

  /** From one second for a brief failure to ten minutes for a long outage. */
  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(1), 4, Duration.ofMinutes(10));
  }

  @Override
  public String faultMessage() {
    return "The blobs could not be deleted.";
  }

  /** An attempt that was released may have deleted blobs, so its guard must not be kept. */
  @Override
  public void requeued(Discard discard) {
    discard.lease().markTried();
  }

  /** Deletion is idempotent, so the claim is not checked at the end. */
  @Override
  public void run(Discard discard, Attempt attempt) throws IOException {
    @Nullable IOException failure = null;
    for (String key : discard.keys()) { // one that cannot be deleted does not keep the others
      try {
        store.delete(key);
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    discards.remove(discard.id());
  }
}
