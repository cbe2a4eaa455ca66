package devfest.studio.photos;

import devfest.studio.blobs.BlobStore;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Backoff;
import devfest.studio.jobs.Work;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/** Deletes discarded blobs, and tries for ever when the store is away. */
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
  public Set<? extends Enum<?>> open() {
    return Set.of();
  }

  /** One: deleting is in no hurry. */
  @Override
  public int places() {
    return 1;
  }

  @Override
  public Duration lease() {
    return Duration.ofSeconds(30);
  }

  @Override
  public int attempts() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(1), 4, Duration.ofMinutes(10));
  }

  @Override
  public String fault() {
    return "The blobs could not be deleted";
  }

  @Override
  public void failed(Discard discard, String reason) {
    throw new IllegalStateException("it is tried for ever");
  }

  /** Deleting twice does no harm, so the claim need not hold at the end. */
  @Override
  public void run(Discard discard, Attempt attempt) throws IOException {
    for (String key : discard.keys()) {
      store.delete(key);
    }
    discards.remove(discard.id());
  }
}
