package devfest.studio.sse;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
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
 * Writes one response while its socket accepts bytes, and completes it at the end. The frames come
 * from an {@link Outbox} and a {@link FrameSource}.
 *
 * <p>Threads: only the writer's executor writes, on one thread at a time. All other methods are
 * safe for use from many threads and do not block.
 */
final class WriteLoop {

  private static final Logger LOG = System.getLogger(WriteLoop.class.getName());

  /** One buffer per writing thread instead of one per stream. */
  private static final ThreadLocal<WriteBuffer> BUFFER = ThreadLocal.withInitial(WriteBuffer::new);

  private final AsyncContext context;
  private final AsyncResponse suspended;
  private final ServletOutputStream out;
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
   * @param suspended completes the response
   * @param out the response's output; {@link #start} registers the write listener
   * @param closer completes the response
   */
  WriteLoop(
      AsyncContext context,
      AsyncResponse suspended,
      ServletOutputStream out,
      Executor writer,
      Executor closer,
      Outbox outbox) {
    this.context = context;
    this.suspended = suspended;
    this.out = out;
    this.writer = writer;
    this.closer = closer;
    this.outbox = outbox;
  }

  /** Registers the listeners of the container. */
  void start() {
    context.addListener(new EndListener());
    out.setWriteListener(new WritableListener());
  }

  /** Sets the source of further frames. */
  void from(FrameSource frames) {
    source = frames;
    wake();
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

  /** Ends the response immediately and drops pending frames. */
  void abort() {
    finish(null);
    onWriter(this::complete);
  }

  /** Runs the action on the writer: a container's callback must not complete the request itself. */
  private void onWriter(Runnable action) {
    try {
      writer.execute(action);
    } catch (RejectedExecutionException e) {
      finish(e); // the application has stopped; the container ends the response
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
      // Called after each write and flush: once it returns false, onWritePossible follows.
      if (!out.isReady()) {
        blocked = true;
        return;
      }
      blocked = false;
      if (!unflushed) {
        outbox.confirm();
      }
      boolean ends = outbox.isClosed(); // read before the pending frames, so that none is left
      buffer.clear();
      outbox.fill(buffer, source);
      if (buffer.length() > 0) {
        unflushed = true;
        buffer.writeTo(out);
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
   * Completes the response once. Called on the writer after the end, when no write is in progress.
   */
  private void complete() {
    if (completed.compareAndSet(false, true)) {
      try {
        closer.execute(this::completeNow);
      } catch (RejectedExecutionException e) {
        completeNow(); // the application has stopped
      }
    }
  }

  private void completeNow() {
    try {
      if (suspended.resume(Response.ok().build())) {
        return;
      }
    } catch (RuntimeException e) {
      // JAX-RS is already shutting down: complete the request without it.
    }
    try {
      context.complete();
    } catch (RuntimeException e) {
      // Already completed.
    }
  }

  private final class WritableListener implements WriteListener {
    @Override
    public void onWritePossible() {
      wake();
    }

    @Override
    public void onError(Throwable fault) {
      finish(fault);
      onWriter(WriteLoop.this::complete);
    }
  }

  /** The container's notification of the end, which may come during a flush. */
  private final class EndListener implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      completed.set(true);
      finish(null);
    }

    @Override
    public void onError(AsyncEvent event) {
      finish(
          event.getThrowable() == null
              ? new IOException("The connection failed.")
              : event.getThrowable());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // the timeout is disabled
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // the request is never restarted
    }
  }
}
