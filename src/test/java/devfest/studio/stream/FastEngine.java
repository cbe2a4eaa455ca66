package devfest.studio.stream;

import devfest.studio.tracing.Tracing;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs delayed tasks on real threads, sooner than requested. */
public final class FastEngine extends StreamEngine {

  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
  private final AtomicInteger pending = new AtomicInteger();
  private final int factor;

  /**
   * @param factor by which delays are shortened
   */
  public FastEngine(int factor) {
    super(null, null, null, null, null, null, Tracing.off(), null);
    this.factor = factor;
  }

  @Override
  public void later(long nanos, Runnable task) {
    pending.incrementAndGet();
    var ignored =
        threads.schedule(
            () -> {
              try {
                task.run();
              } finally {
                pending.decrementAndGet();
              }
            },
            nanos / factor,
            TimeUnit.NANOSECONDS);
  }

  /** Whether no task is scheduled or running. */
  public boolean isIdle() {
    return pending.get() == 0;
  }

  @Override
  public void stop() {
    threads.shutdown();
  }
}
