package devfest.studio.sse;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.io.IOException;

/** The response of a JAX-RS method as the output of a stream. */
final class ServletOutput implements Output {

  private final AsyncContext context;
  private final AsyncResponse suspended;
  private final ServletOutputStream out;

  /**
   * @param suspended completes the response
   * @param out the response's output
   */
  ServletOutput(AsyncContext context, AsyncResponse suspended, ServletOutputStream out) {
    this.context = context;
    this.suspended = suspended;
    this.out = out;
  }

  /** Registers the listeners of the container. */
  @Override
  public void start(Listener listener) {
    context.addListener(new EndListener(listener));
    out.setWriteListener(new WritableListener(listener));
  }

  /** Called after each write and flush: once it returns false, onWritePossible follows. */
  @Override
  public boolean isReady() {
    return out.isReady();
  }

  @Override
  public int batchBytes() {
    return WriteBuffer.FULL_BYTES;
  }

  @Override
  public void write(WriteBuffer frames) throws IOException {
    frames.writeTo(out);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void complete() {
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

  private record WritableListener(Listener listener) implements WriteListener {
    @Override
    public void onWritePossible() {
      listener.writable();
    }

    @Override
    public void onError(Throwable fault) {
      listener.failed(fault);
    }
  }

  /** The container's notification of the end, which may come during a flush. */
  private record EndListener(Listener listener) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      listener.ended(null);
    }

    /** The container completes the request itself. */
    @Override
    public void onError(AsyncEvent event) {
      listener.ended(
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
