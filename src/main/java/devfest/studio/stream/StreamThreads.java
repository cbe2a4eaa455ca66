package devfest.studio.stream;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The threads of this node's streams. Safe for use from many threads. */
final class StreamThreads {

  /**
   * Reading for clients that are behind. One long page must not hold up all others; more threads
   * would only take the database's time and connections from requests.
   */
  static final int READERS = 2;

  /**
   * Nothing is computed in writing, so one thread feeds all sockets, and events leave in one order.
   */
  private static final int WRITERS = 1;

  /**
   * A container may hold a thread for seconds that completes the response of a client that has left
   * (Grizzly: its write timeout, twice); a few of these must not hold up the rest.
   */
  private static final int CLOSERS = 8;

  /** Tasks that wait for the database, as many at a time as read. */
  private static final int WORKERS = 2;

  /** It only hands tasks over. */
  private static final int CLOCKS = 1;

  private static final Logger LOG = System.getLogger(StreamThreads.class.getName());

  private final ExecutorService writer;
  private final ExecutorService closer;
  private final ExecutorService reader;
  private final ExecutorService worker;
  private final ScheduledExecutorService clock;

  /**
   * @param threads makes the threads, which get names of this class
   */
  StreamThreads(ThreadFactory threads) {
    writer = Executors.newFixedThreadPool(WRITERS, named(threads, "writer"));
    closer = Executors.newFixedThreadPool(CLOSERS, named(threads, "closer"));
    reader = Executors.newFixedThreadPool(READERS, named(threads, "reader"));
    worker = Executors.newFixedThreadPool(WORKERS, named(threads, "worker"));
    clock = Executors.newScheduledThreadPool(CLOCKS, named(threads, "clock"));
  }

  private static ThreadFactory named(ThreadFactory threads, String name) {
    return task -> {
      Thread thread = threads.newThread(task);
      thread.setName("streams " + name);
      return thread;
    };
  }

  /** Where all streams are written. */
  Executor writer() {
    return writer;
  }

  /** Where the responses of streams are completed. */
  Executor closer() {
    return closer;
  }

  /** Where the log is read for clients that are behind. */
  Executor reader() {
    return reader;
  }

  /** Where other tasks run that may wait for the database. */
  Executor worker() {
    return worker;
  }

  /**
   * Runs the task on the clock's own thread, with this pause between two runs. It must be quick.
   */
  void every(long millis, Runnable task) {
    var ignored = clock.scheduleWithFixedDelay(task, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Runs the task after so many nanoseconds, on a thread that may wait for the database. */
  void later(long nanos, Runnable task) {
    try {
      if (nanos <= 0) {
        worker.execute(task);
      } else {
        var ignored = clock.schedule(() -> later(0, task), nanos, TimeUnit.NANOSECONDS);
      }
    } catch (RejectedExecutionException e) {
      LOG.log(Level.TRACE, "stopped meanwhile");
    }
  }

  /** Runs no timed task any more. */
  void stopClock() {
    clock.shutdownNow();
  }

  /**
   * Lets tasks that have begun end, and takes no more.
   *
   * @param millis how long to wait for the writer, and for the closers
   * @return whether both have ended
   */
  boolean stop(long millis) throws InterruptedException {
    writer.shutdown();
    reader.shutdown(); // not by an interrupt, which would close H2's file
    worker.shutdown();
    boolean written = writer.awaitTermination(millis, TimeUnit.MILLISECONDS);
    closer.shutdown(); // last, as the writer hands responses over
    boolean closed = closer.awaitTermination(millis, TimeUnit.MILLISECONDS);
    return written && closed;
  }
}
