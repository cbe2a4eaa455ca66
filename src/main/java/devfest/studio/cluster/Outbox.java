package devfest.studio.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The lines that a signal has not sent yet: the newest line of each key, in the order of their
 * keys. While one batch is sent, further lines wait and become the next batch. Lines of the kind
 * {@value #LAST} wait until no other line does. Safe for use from many threads; one thread
 * {@linkplain #run sends}.
 */
final class Outbox {

  /** Sends one batch of lines. */
  interface Channel {

    /**
     * Sends lines, separated by line breaks.
     *
     * @throws Exception if the lines cannot be sent at present
     */
    void send(String lines) throws Exception;

    /** Called after each failure, before the lines are sent again. */
    void failed(Exception failure);
  }

  /** The kind of lines that are many, and that may be late. */
  private static final String LAST = "slots";

  /** Bounds the memory of each kind; far more than nodes send while a connection is renewed. */
  static final int MAX_LINES = 1_000;

  /**
   * The pause after a batch: bounds the messages of a node to 200 per second, however many commits
   * it makes. A single line is not delayed. Readers coalesce over a longer time anyway.
   */
  private static final long COALESCING_MILLIS = 5;

  private final int maxBytes;

  @GuardedBy("this")
  private Map<String, String> lines = new LinkedHashMap<>();

  @GuardedBy("this")
  private Map<String, String> lastLines = new LinkedHashMap<>();

  private final CountDownLatch closing = new CountDownLatch(1);

  @GuardedBy("this")
  private long dropped;

  /**
   * @param maxBytes the size of a batch in UTF-8
   */
  Outbox(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Adds a line. If too many lines wait, the oldest is dropped.
   *
   * @param key the kind of the line, a space, and what else identifies it
   */
  synchronized void put(String key, String line) {
    if (isClosed()) {
      return;
    }
    Map<String, String> waiting = isLast(key) ? lastLines : lines;
    waiting.put(key, line);
    dropOldest(waiting);
    notifyAll();
  }

  private static boolean isLast(String key) {
    return key.startsWith(LAST + ' ');
  }

  @GuardedBy("this")
  private void dropOldest(Map<String, String> waiting) {
    while (waiting.size() > MAX_LINES) {
      waiting.remove(waiting.keySet().iterator().next());
      dropped++;
    }
  }

  /** The number of lines that were dropped because too many waited. */
  synchronized long dropped() {
    return dropped;
  }

  /** Ends {@link #run}, and drops all lines. */
  synchronized void close() {
    closing.countDown();
    lines.clear();
    lastLines.clear();
    notifyAll();
  }

  private boolean isClosed() {
    return closing.getCount() == 0;
  }

  /** Sends lines through the channel until {@link #close}. A batch that fails is sent again. */
  void run(Channel channel) {
    int failures = 0;
    try {
      for (Map<String, String> batch = take(); !batch.isEmpty(); batch = take()) {
        try {
          channel.send(String.join("\n", batch.values()));
          failures = 0;
          if (closing.await(COALESCING_MILLIS, TimeUnit.MILLISECONDS)) {
            return;
          }
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception e) {
          putBack(batch);
          channel.failed(e);
          if (closing.await(Signal.RETRY.after(++failures).toMillis(), TimeUnit.MILLISECONDS)) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for lines, and removes as many as fit into a batch. Returns none once closed. */
  private synchronized Map<String, String> take() throws InterruptedException {
    while (lines.isEmpty() && lastLines.isEmpty() && !isClosed()) {
      wait();
    }
    Map<String, String> waiting = lines.isEmpty() ? lastLines : lines;
    Map<String, String> batch = new LinkedHashMap<>();
    int bytes = 0;
    for (var each = waiting.entrySet().iterator(); each.hasNext(); ) {
      Map.Entry<String, String> entry = each.next();
      bytes += Message.bytes(entry.getValue()) + 1;
      if (!batch.isEmpty() && bytes > maxBytes) {
        break;
      }
      batch.put(entry.getKey(), entry.getValue());
      each.remove();
    }
    return batch;
  }

  /** Puts lines back before all others, except those that were replaced by newer lines. */
  private synchronized void putBack(Map<String, String> batch) {
    if (isClosed()) {
      return;
    }
    boolean last = isLast(batch.keySet().iterator().next());
    Map<String, String> all = new LinkedHashMap<>(batch);
    all.putAll(last ? lastLines : lines);
    dropOldest(all);
    if (last) {
      lastLines = all;
    } else {
      lines = all;
    }
  }
}
