package devfest.studio.app.server;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.grizzly.nio.NIOTransport;

/**
 * Protects Payara from clients that do not read their responses. A response goes to the queue of
 * its connection without a thread that waits ({@link GrizzlySettings}), and the next request of the
 * connection is held until the queue is empty, so that one response at most is pending. A
 * connection whose queue does not move is closed; so are the largest ones when all queues together
 * need too much memory. Streams and downloads have limits of their own.
 *
 * <p>A request that the next one follows immediately has to wait for its turn, because the kernel
 * takes many small responses before a queue stops moving. While pending responses need much memory,
 * there are no turns. No browser and no proxy sends requests like that. Thread-safe.
 */
final class GrizzlyReaders {

  private static final Logger LOG = System.getLogger(GrizzlyReaders.class.getName());

  /** The part of the heap for all pending responses. */
  private static final int SHARE_OF_HEAP = 8;

  /** If memory is short, a queue that has not moved for so long is closed. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  /** Request attribute of a request that the next one follows immediately. */
  static final String PIPELINED = "studio.pipelined";

  /** The time between two such requests, of all connections together. */
  private static final long TURN_NANOS = Duration.ofMillis(10).toNanos();

  private static final long CHECK_MILLIS = 250;
  private static final long POLL_MILLIS = 5;

  private final long memory = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
  private final Map<NIOConnection, Pending> queues = new ConcurrentHashMap<>();
  private final BlockingQueue<Held> held = new LinkedBlockingQueue<>();
  private final Thread poller = new Thread(this::poll, "studio-readers");
  private volatile boolean stopped;

  /** Whether the pending responses leave too little memory for turns; used by the poller. */
  private boolean crowded;

  /** The time of the next turn; used by the poller. */
  private long nextTurn = System.nanoTime();

  /** A request that waits until the queue of its connection is empty. */
  private record Held(
      FilterChainContext context, NIOConnection connection, HttpRequestPacket request) {

    boolean isReady() {
      return isGone() || pending(connection) == 0;
    }

    boolean isGone() {
      return !connection.isOpen();
    }

    boolean takesTurn() {
      return !isGone() && request.getAttribute(PIPELINED) != null;
    }

    /** Returns false if no thread is free; the request waits until one is. */
    boolean resume() {
      Object mark = request.getAttribute(PIPELINED);
      request.removeAttribute(PIPELINED);
      Runnable next =
          connection.isOpen() ? () -> context.resume() : () -> context.completeAndRecycle();
      try {
        ((NIOTransport) connection.getTransport()).getWorkerThreadPool().execute(next);
        return true;
      } catch (RejectedExecutionException e) {
        if (mark != null) {
          request.setAttribute(PIPELINED, mark);
        }
        return false;
      }
    }
  }

  GrizzlyReaders() {
    poller.setDaemon(true);
    poller.start();
  }

  void stop() {
    stopped = true;
    poller.interrupt();
  }

  /**
   * Resumes held requests and checks the queues. A thread of its own, because a server's executor
   * may be busy with the requests of others.
   */
  private void poll() {
    List<Held> waiting = new ArrayList<>();
    long nextCheck = System.nanoTime();
    try {
      while (!stopped) {
        Held first =
            held.poll(waiting.isEmpty() ? CHECK_MILLIS : POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          waiting.add(first);
          held.drainTo(waiting);
        }
        waiting.removeIf(this::resumes);
        if (System.nanoTime() - nextCheck >= 0) {
          check();
          nextCheck = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CHECK_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "The studio stops");
    } finally {
      stopped = true; // nothing is held any more
      held.drainTo(waiting);
      waiting.forEach(Held::resume);
    }
  }

  private boolean resumes(Held request) {
    try {
      boolean turn = request.takesTurn();
      if (!request.isReady()
          || (turn && (crowded || System.nanoTime() - nextTurn < 0))
          || !request.resume()) {
        return false;
      }
      nextTurn = turn ? System.nanoTime() + TURN_NANOS : nextTurn;
      return true;
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "A request could not be resumed", e);
      request.connection().terminateSilently();
      return true;
    }
  }

  /**
   * Suspends a request while an earlier response of its connection is pending, or until it has its
   * turn; it is read again afterwards. Returns false if it may go on.
   */
  boolean hold(FilterChainContext context, HttpRequestPacket request) {
    if (stopped || !(context.getConnection() instanceof NIOConnection connection)) {
      return false;
    }
    if (pending(connection) == 0) {
      queues.put(connection, Pending.empty(System.nanoTime()));
    }
    if (GrizzlyGate.isMultiplexed(request)
        || (pending(connection) == 0 && request.getAttribute(PIPELINED) == null)) {
      return false;
    }
    context.suspend();
    held.add(new Held(context, connection, request));
    return true;
  }

  private static int pending(NIOConnection connection) {
    return connection.getAsyncWriteQueue().spaceInBytes();
  }

  void closed(Connection<?> connection) {
    if (connection instanceof NIOConnection gone) {
      queues.remove(gone);
    }
  }

  private void check() {
    try {
      long now = System.nanoTime();
      queues.keySet().removeIf(connection -> !connection.isOpen());
      queues.replaceAll((connection, before) -> before.next(pending(connection), now));
      long total = queues.values().stream().mapToLong(Pending::bytes).sum();
      queues.forEach(
          (connection, queue) -> {
            if (queue.isTooSlow(now) && !GrizzlySettings.Bounds.isStream(connection)) {
              connection.terminateSilently();
            }
          });
      crowded = total > memory / 2; // the other half is for requests that take no turns
      GrizzlySettings.memoryIsShort(total > memory);
      if (total > memory) {
        shed(total - memory, now);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "The pending responses could not be checked", e);
    }
  }

  /** Closes the connections with the most pending bytes among those that do not move. */
  private void shed(long bytes, long now) {
    List<Map.Entry<NIOConnection, Pending>> slow =
        queues.entrySet().stream()
            .filter(entry -> entry.getValue().bytes() > 0)
            .filter(entry -> !GrizzlySettings.Bounds.isStream(entry.getKey()))
            .filter(entry -> now - entry.getValue().moved() > SLOW.toNanos())
            .sorted(
                Comparator.comparingInt(
                        (Map.Entry<NIOConnection, Pending> entry) -> entry.getValue().bytes())
                    .reversed())
            .toList();
    long left = bytes;
    for (Map.Entry<NIOConnection, Pending> entry : slow) {
      if (left <= 0) {
        return;
      }
      left -= entry.getValue().bytes();
      ((Connection<?>) entry.getKey()).terminateSilently();
    }
  }
}
