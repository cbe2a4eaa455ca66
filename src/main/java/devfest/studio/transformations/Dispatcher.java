package devfest.studio.transformations;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Gives jobs to the runner, as many at a time as this node may work on, and keeps their claims
 * alive. One thread; it looks when a job is queued here, and each second by itself.
 */
@ApplicationScoped
public class Dispatcher {

  private static final Logger LOG = System.getLogger(Dispatcher.class.getName());
  private static final long TICK_MILLIS = 1_000;
  private static final long RENEWAL_NANOS = JobQueue.LEASE.toNanos() / 4;

  @Inject private JobQueue queue;
  @Inject private Runner runner;

  @Inject private TransformationSettings settings;

  private final Map<String, Work> working = new ConcurrentHashMap<>();
  private final Semaphore signal = new Semaphore(0);
  private volatile Thread thread;
  private int places;

  /** Begins to take jobs. */
  public void start(ThreadFactory threads) {
    places = Math.max(1, settings.concurrency().orElse(Runtime.getRuntime().availableProcessors()));
    thread = threads.newThread(this::dispatch);
    thread.start();
  }

  /** Takes no more jobs and gives back those in work. */
  public void stop() {
    Thread running = thread;
    thread = null;
    signal.release();
    working.values().forEach(work -> work.stop(Work.Stop.SHUTDOWN));
    try {
      if (running != null) {
        running.join(5_000);
      }
      for (int i = 0; i < 50 && !working.isEmpty(); i++) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void notice(@Observes(during = TransactionPhase.AFTER_SUCCESS) Step step) {
    if (step.kind() == Step.Kind.QUEUED) {
      signal.release();
    } else if (step.kind() == Step.Kind.CANCELLED) {
      lose(step.transformation().id());
    }
  }

  private void lose(String id) {
    Work work = working.get(id);
    if (work != null) {
      work.stop(Work.Stop.LOST);
    }
  }

  private void dispatch() {
    long renewed = System.nanoTime();
    while (thread == Thread.currentThread()) {
      try {
        signal.drainPermits();
        if (System.nanoTime() - renewed > RENEWAL_NANOS) {
          renewed = System.nanoTime();
          working.values().forEach(work -> queue.renew(work.job()));
        }
        Optional<Job> job = working.size() < places ? queue.claim() : Optional.empty();
        if (job.isPresent()) {
          begin(job.get());
        } else {
          boolean ignored = signal.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "Jobs could not be claimed, tries again", e);
        pause();
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
    } catch (InterruptedException e) {
      thread = null;
    }
  }

  private void begin(Job job) {
    Work work =
        new Work(job, settings.timeout(), (fraction, step) -> queue.progress(job, fraction, step));
    working.put(job.id(), work);
    runner.run(
        work,
        () -> {
          working.remove(job.id(), work);
          signal.release();
        });
  }
}
