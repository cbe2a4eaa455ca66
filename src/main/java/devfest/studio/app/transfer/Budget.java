package devfest.studio.app.transfer;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/** Bytes that all messages in transfer share. Thread-safe. */
final class Budget {

  private final LongUnaryOperator limit;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param limit returns the number of bytes that may be taken at most, from the number of those
   *     that are taken
   */
  private Budget(LongUnaryOperator limit) {
    this.limit = limit;
  }

  static Budget of(long bytes) {
    return new Budget(taken -> bytes);
  }

  /**
   * A part of a store.
   *
   * @param free returns the free bytes of the store, in which those that are taken are written
   */
  static Budget ofShare(LongSupplier free, int share) {
    return new Budget(taken -> (free.getAsLong() + taken) / share);
  }

  /** Takes bytes if as many are free; otherwise returns false and takes none. */
  boolean take(long bytes) {
    for (long now = taken.get(); now + bytes <= limit.applyAsLong(now); now = taken.get()) {
      if (taken.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
    return false;
  }

  void give(long bytes) {
    taken.addAndGet(-bytes);
  }
}
