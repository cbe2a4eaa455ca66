package devfest.studio.sse;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one {@link Output} while it accepts data, and completes it at the end. The frames come
 * from an {@link Outbox} and a {@link FrameSource}.
 *
 * <p>Threads: only the writer's executor writes, on one thread at a time. All other methods are
 * safe for use from many threads and do not block.
 */
final class WriteLoop implements Output.Listener {

  private static final Logger LOG = System.getLogger(WriteLoop.class.getName());

  /** One buffer per writing thread instead of one per stream. */
  private static final ThreadLocal<WriteBuffer> BUFFER = ThreadLocal.withInitial(WriteBuffer::new);

  private final Output out;
  private final Executor writer;
  private final Executor closer;
  private final Outbox outbox;

  private final AtomicInteger wakes = new AtomicInteger();
  private final AtomicBoolean completed = new AtomicBoolean();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  private boolean unflushed;
  private volatile boolean blocked;
  private volatile FrameSource source = FrameSource.PAUSED;
  private volatile long lastWrite = System.nanoTime();

  /**
   * @param closer completes the output
   */
  WriteLoop(Output out, Executor writer, Executor closer, Outbox outbox) {
    this.out = out;
    this.writer = writer;
    this.closer = closer;
    this.outbox = outbox;
  }

  /** Begins to listen to the output. */
  void start() {
    out.start(this);
  }

  /** Sets the source of further frames. */
  void from(FrameSource frames) {
    source = frames;
    wake();
  }

  /** Removes the source on the writer, so that no write is in progress then. */
  CompletableFuture<Void> pause() {
    return CompletableFuture.runAsync(() -> from(FrameSource.PAUSED), writer);
  }

  /** Signals that there is something to write. */
  void wake() {
    if (wakes.getAndIncrement() == 0) {
      onWriter(this::drain);
    }
  }

  /** Nanoseconds since bytes were last written to the socket. */
  long quietNanos() {
    return System.nanoTime() - lastWrite;
  }

  /** Whether the socket currently accepts no bytes. */
  boolean isBlocked() {
    return blocked;
  }

  /** Completes at the end; exceptionally if the client disconnected or the connection failed. */
  CompletableFuture<Void> ended() {
    return end;
  }

  /** Ends the output immediately and drops pending frames. */
  void abort() {
    finish(null);
    onWriter(this::complete);
  }

  /** Runs the action on the writer: a container's callback must not complete the request itself. */
  private void onWriter(Runnable action) {
    try {
      writer.execute(action);
    } catch (RejectedExecutionException e) {
      finish(e); // the application has stopped; the container ends the connection
    }
  }

  private void drain() {
    int seen = wakes.get();
    do {
      try {
        write();
      } catch (IOException e) {
        finish(e); // the client has disconnected
        complete();
      } catch (Throwable e) {
        LOG.log(Level.WARNING, "A stream failed. It ends.", e);
        finish(e);
        complete();
      }
      seen = wakes.addAndGet(-seen);
    } while (seen != 0);
  }

  private void write() throws IOException {
    WriteBuffer buffer = BUFFER.get();
    while (!end.isDone()) {
      if (!out.isReady()) {
        blocked = true;
        return;
      }
      blocked = false;
      if (!unflushed) {
        outbox.confirm();
      }
      boolean ends = outbox.isClosed(); // read before the pending frames, so that none is left
      buffer.clear(out.batchBytes());
      outbox.fill(buffer, source);
      if (buffer.length() > 0) {
        unflushed = true;
        out.write(buffer);
        lastWrite = System.nanoTime();
      } else if (unflushed) {
        unflushed = false;
        out.flush();
      } else {
        if (ends) {
          finish(null);
          complete();
        }
        return;
      }
    }
  }

  /**
   * Ends the stream; only the first call has an effect.
   *
   * @param fault null if the server ends it
   */
  private void finish(@Nullable Throwable fault) {
    source = FrameSource.PAUSED;
    outbox.fail(new IOException("The stream has ended.", fault));
    if (fault == null) {
      end.complete(null);
    } else {
      end.completeExceptionally(fault);
    }
  }

  /**
   * Completes the output once. Called on the writer after the end, when no write is in progress.
   */
  private void complete() {
    if (completed.compareAndSet(false, true)) {
      try {
        closer.execute(out::complete);
      } catch (RejectedExecutionException e) {
        out.complete(); // the application has stopped
      }
    }
  }

  @Override
  public void writable() {
    wake();
  }

  @Override
  public void failed(Throwable fault) {
    finish(fault);
    onWriter(this::complete);
  }

  @Override
  public void ended(@Nullable Throwable fault) {
    completed.set(true);
    finish(fault);
  }
}
