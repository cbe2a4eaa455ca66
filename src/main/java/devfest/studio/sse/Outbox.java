package devfest.studio.sse;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What one stream has still to write, in this order: frames that were sent; what the stream's
 * source has; states, which wait until the source has nothing more. The source is asked when there
 * is room; everything else waits here, within bounds, with a stage for each that completes when it
 * has been taken.
 *
 * <p>Threads: any may add and close. One at a time, the writer, {@linkplain #gather gathers} and
 * confirms what was {@linkplain #taken taken}. Stages complete outside the lock.
 */
final class Outbox {

  private static final Logger LOG = System.getLogger(Outbox.class.getName());

  private final int maxBytes;

  /** Frames that were sent; guarded by this. */
  private final Queue<Pending> pending = new ArrayDeque<>(2);

  private int pendingBytes;

  /** The newest state of each key; guarded by this. */
  private final Map<String, Pending> states = new LinkedHashMap<>(2);

  /** Gathered, but not yet known to be taken; guarded by this. */
  private List<CompletableFuture<Object>> gathered = List.of();

  private volatile boolean closed;

  private record Pending(String key, Frame frame, CompletableFuture<Object> sent) {}

  /**
   * @param maxBytes how much may wait of frames that were sent; a single frame may be larger
   */
  Outbox(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Adds a frame.
   *
   * @return completes when it has been taken; exceptionally when too much waits already, or when
   *     the stream ends before
   * @throws IllegalStateException when this is closed
   */
  CompletionStage<?> add(Frame frame) {
    CompletableFuture<Object> sent = new CompletableFuture<>();
    synchronized (this) {
      ensureOpen();
      if (pendingBytes + frame.size() > maxBytes && !pending.isEmpty()) {
        sent.completeExceptionally(
            new IllegalStateException("the reader is too slow: " + pendingBytes + " bytes wait"));
        return sent;
      }
      put(null, frame, sent);
    }
    return sent;
  }

  /**
   * Adds a frame in place of an older one of the key, if that still waits; whatever waits already.
   *
   * @return completes when it or a newer one in its place has been taken
   * @throws IllegalStateException when this is closed
   */
  CompletionStage<?> replace(String key, Frame frame) {
    Objects.requireNonNull(key);
    CompletableFuture<Object> sent = new CompletableFuture<>();
    Pending older;
    synchronized (this) {
      ensureOpen();
      older = drop(key);
      put(key, frame, sent);
    }
    complete(older);
    return sent;
  }

  /** Drops the frame of the key, of which at most one waits; null when none does. */
  private Pending drop(String key) {
    for (Iterator<Pending> each = pending.iterator(); each.hasNext(); ) {
      Pending older = each.next();
      if (key.equals(older.key())) {
        each.remove();
        pendingBytes -= older.frame().size();
        return older;
      }
    }
    return null;
  }

  /** Completes the stage of a frame in whose place a newer one waits. */
  private static void complete(Pending older) {
    if (older != null) {
      older.sent().complete(null);
    }
  }

  private void put(String key, Frame frame, CompletableFuture<Object> sent) {
    pending.add(new Pending(key, frame, sent));
    pendingBytes += frame.size();
  }

  /**
   * Adds a state in place of an older one of the key. It goes out once the source has nothing more.
   *
   * @return completes when it or a newer one in its place has been taken
   * @throws IllegalStateException when this is closed
   */
  CompletionStage<?> state(String key, Frame frame) {
    CompletableFuture<Object> sent = new CompletableFuture<>();
    Pending older;
    synchronized (this) {
      ensureOpen();
      older = states.remove(key);
      states.put(key, new Pending(key, frame, sent));
    }
    complete(older);
    return sent;
  }

  private void ensureOpen() {
    if (closed) {
      throw new IllegalStateException("the stream is closed");
    }
  }

  /** Takes no more; what waits still goes out, and the source is not asked any more. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Moves what is next into the write, until that is full or nothing is left.
   *
   * @throws IOException when the source fails
   */
  void gather(Gathering bytes, FrameSource source) throws IOException {
    synchronized (this) {
      while (!pending.isEmpty() && !bytes.isFull()) {
        Pending next = pending.remove();
        pendingBytes -= next.frame().size();
        gather(next, bytes);
      }
    }
    while (!closed && !bytes.isFull()) {
      Frame next = next(source);
      if (next == null) {
        break;
      }
      bytes.add(next);
    }
    synchronized (this) {
      // Asked under the lock: of a state that is seen here the source has been told before.
      Iterator<Pending> each = states.values().iterator();
      while (each.hasNext() && !bytes.isFull() && (closed || source.isCaughtUp())) {
        gather(each.next(), bytes);
        each.remove();
      }
    }
  }

  private void gather(Pending next, Gathering bytes) {
    bytes.add(next.frame());
    if (gathered.isEmpty()) {
      gathered = new ArrayList<>(1);
    }
    gathered.add(next.sent());
  }

  private static Frame next(FrameSource source) throws IOException {
    try {
      return source.next();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A stream's source failed, so the stream ends", e);
      throw new IOException("the source failed", e);
    }
  }

  /** Completes the stages of everything gathered so far. */
  void taken() {
    List<CompletableFuture<Object>> stages;
    synchronized (this) {
      stages = gathered;
      gathered = List.of();
    }
    stages.forEach(stage -> stage.complete(null));
  }

  /** Closes this, and fails the stages of everything that was not taken. */
  void fail(Throwable reason) {
    List<CompletableFuture<Object>> unsent = new ArrayList<>();
    synchronized (this) {
      closed = true;
      unsent.addAll(gathered);
      pending.forEach(each -> unsent.add(each.sent()));
      states.values().forEach(each -> unsent.add(each.sent()));
      gathered = List.of();
      pending.clear();
      states.clear();
      pendingBytes = 0;
    }
    unsent.forEach(sent -> sent.completeExceptionally(reason));
  }
}
