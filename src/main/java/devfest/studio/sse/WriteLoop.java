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

/**
 * Writes one response for as long as its socket takes bytes, and completes it at the end. Gets what
 * to write from an {@link Outbox} and a {@link FrameSource}.
 *
 * <p>Threads: all writing happens on the writer's executor, by one thread at a time, whoever {@link
 * #wake wakes} it. Everything else is safe from any thread and does not block.
 */
final class WriteLoop {

  private static final Logger LOG = System.getLogger(WriteLoop.class.getName());

  /** What one write gathers; belongs to the thread that writes, not to the stream. */
  private static final ThreadLocal<Gathering> GATHERING = ThreadLocal.withInitial(Gathering::new);

  private final AsyncContext context;
  private final AsyncResponse keep;
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
   * @param keep completes the response
   * @param out the response's; this becomes its listener with {@link #start}
   * @param closer where the response is completed
   */
  WriteLoop(
      AsyncContext context,
      AsyncResponse keep,
      ServletOutputStream out,
      Executor writer,
      Executor closer,
      Outbox outbox) {
    this.context = context;
    this.keep = keep;
    this.out = out;
    this.writer = writer;
    this.closer = closer;
    this.outbox = outbox;
  }

  /** Begins to listen to the container. */
  void start() {
    context.addListener(new Ends());
    out.setWriteListener(new Writable());
  }

  /** Sets where further frames come from. */
  void from(FrameSource frames) {
    source = frames;
    wake();
  }

  /** Looks for something to write, soon and on the writer's thread. */
  void wake() {
    if (wakes.getAndIncrement() == 0) {
      later(this::drain);
    }
  }

  /** Nanoseconds since bytes were last given to the socket. */
  long quietNanos() {
    return System.nanoTime() - lastWrite;
  }

  /** Whether the socket takes no more bytes at present. */
  boolean isBlocked() {
    return blocked;
  }

  /** Completes once, at the end; exceptionally when the client left or the connection failed. */
  CompletableFuture<Void> ended() {
    return end;
  }

  /** Ends the response at once, whatever waits. */
  void abort() {
    finish(null);
    later(this::complete);
  }

  /** A request may be completed only from a thread of our own. */
  private void later(Runnable action) {
    try {
      writer.execute(action);
    } catch (RejectedExecutionException e) {
      finish(e); // the application has stopped; the container ends what is left
    }
  }

  private void drain() {
    int seen = wakes.get();
    do {
      try {
        write();
      } catch (IOException e) {
        finish(e); // the client is gone
        complete();
      } catch (Throwable e) {
        LOG.log(Level.WARNING, "A stream failed and ends", e);
        finish(e);
        complete();
      }
      seen = wakes.addAndGet(-seen);
    } while (seen != 0);
  }

  private void write() throws IOException {
    Gathering bytes = GATHERING.get();
    while (!end.isDone()) {
      // Asked anew after each write and flush: what is refused here is told by onWritePossible.
      if (!out.isReady()) {
        blocked = true;
        return;
      }
      blocked = false;
      if (!unflushed) {
        outbox.taken();
      }
      boolean ends = outbox.isClosed(); // before what waits is looked at, so that nothing is left
      bytes.clear();
      outbox.gather(bytes, source);
      if (bytes.length() > 0) {
        unflushed = true;
        bytes.writeTo(out);
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
   * The end, once.
   *
   * @param fault null when this side wants it
   */
  private void finish(Throwable fault) {
    source = FrameSource.PAUSED;
    outbox.fail(new IOException("the stream has ended", fault));
    if (fault == null) {
      end.complete(null);
    } else {
      end.completeExceptionally(fault);
    }
  }

  /** After the end, from the writer's thread: nothing is being written any more. */
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
      if (keep.resume(Response.ok().build())) {
        return;
      }
    } catch (RuntimeException e) {
      // JAX-RS is already shutting down: end it below it.
    }
    try {
      context.complete();
    } catch (RuntimeException e) {
      // Already completed, which is what was wanted.
    }
  }

  private final class Writable implements WriteListener {
    @Override
    public void onWritePossible() {
      wake();
    }

    @Override
    public void onError(Throwable fault) {
      finish(fault);
      later(WriteLoop.this::complete);
    }
  }

  /** The container's view of the end; may come from inside a flush. */
  private final class Ends implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      completed.set(true);
      finish(null);
    }

    @Override
    public void onError(AsyncEvent event) {
      finish(event.getThrowable() == null ? new IOException("cut") : event.getThrowable());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // never set
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // the same request is not started twice
    }
  }
}
