package devfest.studio.sse;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
import org.jspecify.annotations.Nullable;

/**
 * The pending output of one stream, in this order: frames that were sent, frames of the stream's
 * source, and states, which wait until the source has no frames available. The source is read when
 * there is room. Everything else is buffered here, within bounds, each with a stage that completes
 * when it has been written.
 *
 * <p>Threads: any thread may add frames and close. One thread at a time, the writer, {@linkplain
 * #fill fills} a buffer and {@linkplain #confirm confirms} that it was written. Stages complete
 * outside the lock.
 */
final class Outbox {

  private static final Logger LOG = System.getLogger(Outbox.class.getName());

  private final int maxBytes;

  /** Frames that were sent. */
  @GuardedBy("this")
  private final Queue<Pending> pending = new ArrayDeque<>(2);

  @GuardedBy("this")
  private int pendingBytes;

  /** The newest state of each key. */
  @GuardedBy("this")
  private final Map<String, Pending> states = new LinkedHashMap<>(2);

  /** Stages of frames that are in a write but not confirmed. */
  @GuardedBy("this")
  private List<CompletableFuture<Object>> unconfirmed = List.of();

  private volatile boolean closed;

  private record Pending(@Nullable String key, Frame frame, CompletableFuture<Object> sent) {}

  /**
   * @param maxBytes maximum of pending bytes in frames that were sent; a single frame may be larger
   */
  Outbox(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Adds a frame.
   *
   * @return completes when the frame has been written; fails if too many bytes are pending, or if
   *     the stream ends before
   * @throws IllegalStateException if this is closed
   */
  CompletionStage<?> add(Frame frame) {
    CompletableFuture<Object> sent = new CompletableFuture<>();
    synchronized (this) {
      ensureOpen();
      if (pendingBytes + frame.size() > maxBytes && !pending.isEmpty()) {
        sent.completeExceptionally(
            new IllegalStateException(
                "The client is too slow: " + pendingBytes + " bytes are pending."));
        return sent;
      }
      put(null, frame, sent);
    }
    return sent;
  }

  /**
   * Adds a frame, which replaces a pending frame of the key. Not limited by the number of pending
   * bytes.
   *
   * @return completes when it or a newer one that replaced it has been written
   * @throws IllegalStateException if this is closed
   */
  CompletionStage<?> replace(String key, Frame frame) {
    Objects.requireNonNull(key);
    CompletableFuture<Object> sent = new CompletableFuture<>();
    @Nullable Pending older;
    synchronized (this) {
      ensureOpen();
      older = drop(key);
      put(key, frame, sent);
    }
    complete(older);
    return sent;
  }

  /** Removes and returns the pending frame of the key; null if there is none. */
  @GuardedBy("this")
  private @Nullable Pending drop(String key) {
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

  /** Completes the stage of a frame that was replaced. */
  private static void complete(@Nullable Pending older) {
    if (older != null) {
      older.sent().complete(null);
    }
  }

  @GuardedBy("this")
  private void put(@Nullable String key, Frame frame, CompletableFuture<Object> sent) {
    pending.add(new Pending(key, frame, sent));
    pendingBytes += frame.size();
  }

  /**
   * Adds a state, which replaces a pending state of the key. It is written once the source has no
   * frames available.
   *
   * @return completes when it or a newer one that replaced it has been written
   * @throws IllegalStateException if this is closed
   */
  CompletionStage<?> addState(String key, Frame frame) {
    CompletableFuture<Object> sent = new CompletableFuture<>();
    @Nullable Pending older;
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
      throw new IllegalStateException("The stream is closed.");
    }
  }

  /** Refuses further frames. Pending frames are still written; the source is not read any more. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Moves frames into the buffer, until it is full or no frame is available.
   *
   * @throws IOException if the source fails
   */
  void fill(WriteBuffer buffer, FrameSource source) throws IOException {
    synchronized (this) {
      while (!pending.isEmpty() && !buffer.isFull()) {
        Pending next = pending.remove();
        pendingBytes -= next.frame().size();
        move(next, buffer);
      }
    }
    while (!closed && !buffer.isFull()) {
      Frame next = next(source);
      if (next == null) {
        break;
      }
      buffer.add(next);
    }
    synchronized (this) {
      // Checked under the lock: the source was notified before a state that is visible here was
      // added.
      Iterator<Pending> each = states.values().iterator();
      while (each.hasNext() && !buffer.isFull() && (closed || source.isCaughtUp())) {
        move(each.next(), buffer);
        each.remove();
      }
    }
  }

  @GuardedBy("this")
  private void move(Pending next, WriteBuffer buffer) {
    buffer.add(next.frame());
    if (unconfirmed.isEmpty()) {
      unconfirmed = new ArrayList<>(1);
    }
    unconfirmed.add(next.sent());
  }

  private static @Nullable Frame next(FrameSource source) throws IOException {
    try {
      return source.next();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "The source of a stream failed. The stream ends.", e);
      throw new IOException("The source of the stream failed.", e);
    }
  }

  /** Completes the stages of all frames that were moved into a buffer. */
  void confirm() {
    List<CompletableFuture<Object>> stages;
    synchronized (this) {
      stages = unconfirmed;
      unconfirmed = List.of();
    }
    stages.forEach(stage -> stage.complete(null));
  }

  /** Closes this, and fails the stages of all frames that were not confirmed. */
  void fail(Throwable reason) {
    List<CompletableFuture<Object>> unsent = new ArrayList<>();
    synchronized (this) {
      closed = true;
      unsent.addAll(unconfirmed);
      pending.forEach(each -> unsent.add(each.sent()));
      states.values().forEach(each -> unsent.add(each.sent()));
      unconfirmed = List.of();
      pending.clear();
      states.clear();
      pendingBytes = 0;
    }
    unsent.forEach(sent -> sent.completeExceptionally(reason));
  }
}
