package devfest.studio.stream;

import devfest.studio.http.Outage;
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
   * Threads that read the log for clients that are behind. A single slow page must not delay the
   * others; more threads would only take database capacity from requests.
   */
  static final int READERS = 2;

  /**
   * Writing computes nothing, so one thread is enough for all streams, and events leave in one
   * order.
   */
  private static final int WRITERS = 1;

  /**
   * Sending over a WebSocket costs more than writing to a stream (Payara: about 95 µs per message,
   * mostly to schedule a timeout that is off), and must not delay streams.
   */
  private static final int SOCKET_WRITERS = 1;

  /**
   * Completing the response of a disconnected client may block for seconds (Grizzly: twice its
   * write timeout); a few of these must not delay the rest.
   */
  private static final int CLOSERS = 8;

  /**
   * Tasks that may block on the database or wait for a stream: a few of them at once must not delay
   * the end of revoked streams.
   */
  private static final int WORKERS = 4;

  /** The clock only passes tasks to other threads. */
  private static final int CLOCKS = 1;

  private static final Logger LOG = System.getLogger(StreamThreads.class.getName());

  private final ExecutorService writer;
  private final ExecutorService socketWriter;
  private final ExecutorService closer;
  private final ExecutorService reader;
  private final ExecutorService worker;
  private final ScheduledExecutorService clock;

  /**
   * @param threads creates the threads, which this class names
   */
  StreamThreads(ThreadFactory threads) {
    writer = Executors.newFixedThreadPool(WRITERS, named(threads, "writer"));
    socketWriter = Executors.newFixedThreadPool(SOCKET_WRITERS, named(threads, "socket writer"));
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

  /** Writes all streams but those over WebSockets. */
  Executor writer() {
    return writer;
  }

  /** Writes all streams over WebSockets. */
  Executor socketWriter() {
    return socketWriter;
  }

  /** Completes the responses of streams. */
  Executor closer() {
    return closer;
  }

  /** Reads the log for clients that are behind. */
  Executor reader() {
    return reader;
  }

  /** Runs other tasks that may block on the database. */
  Executor worker() {
    return worker;
  }

  /**
   * Runs the task repeatedly on the clock's own thread, with this pause between runs. It must be
   * quick and must not throw.
   */
  void every(long millis, Runnable task) {
    var ignored = clock.scheduleWithFixedDelay(task, millis, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Runs the task after a delay in nanoseconds, on a thread that may block on the database. What it
   * throws is logged.
   */
  void later(long nanos, Runnable task) {
    try {
      if (nanos <= 0) {
        worker.execute(() -> run(task));
      } else {
        var ignored = clock.schedule(() -> later(0, task), nanos, TimeUnit.NANOSECONDS);
      }
    } catch (RejectedExecutionException e) {
      LOG.log(Level.TRACE, "The threads were stopped concurrently");
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      Level level = Outage.behind(e).isPresent() ? Level.DEBUG : Level.WARNING;
      LOG.log(level, "A task of the streams failed", e);
    }
  }

  /** Cancels all timed tasks. */
  void stopClock() {
    clock.shutdownNow();
  }

  /**
   * Refuses new tasks and lets running tasks finish.
   *
   * @param millis maximum time to wait for each writer, and again for the closers
   * @return whether both have finished
   */
  boolean stop(long millis) throws InterruptedException {
    writer.shutdown();
    socketWriter.shutdown();
    reader.shutdown(); // without an interrupt, which would close H2's file
    worker.shutdown();
    boolean written = writer.awaitTermination(millis, TimeUnit.MILLISECONDS);
    written &= socketWriter.awaitTermination(millis, TimeUnit.MILLISECONDS);
    closer.shutdown(); // last, because the writers pass outputs to it
    boolean closed = closer.awaitTermination(millis, TimeUnit.MILLISECONDS);
    return written && closed;
  }
}
