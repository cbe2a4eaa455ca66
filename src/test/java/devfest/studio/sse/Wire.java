package devfest.studio.sse;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.AsyncResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A container's side of one response, as Servlet 6.0 § 5.7 describes non-blocking output: it says
 * whether it takes more, and calls back when it takes more again. Breaking its rules fails a test.
 */
public final class Wire {

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final AtomicInteger writes = new AtomicInteger();
  private final List<AsyncListener> listeners = new ArrayList<>();
  private WriteListener listener;
  private boolean open = true;
  private boolean refused;
  private boolean cut;
  private boolean completed;
  private int capacity = Integer.MAX_VALUE;
  private Runnable duringWrite = () -> {};

  private final ServletOutputStream out =
      new ServletOutputStream() {
        private boolean asked;

        @Override
        public boolean isReady() {
          synchronized (Wire.this) {
            asked = open && capacity > 0;
            refused = !asked;
            return asked;
          }
        }

        @Override
        public void setWriteListener(WriteListener writeListener) {
          listener = writeListener;
        }

        @Override
        public void write(int b) throws IOException {
          write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
          synchronized (Wire.this) {
            check();
            sent.write(bytes, from, length);
            capacity -= length;
          }
          writes.incrementAndGet();
          duringWrite.run();
        }

        @Override
        public void flush() throws IOException {
          synchronized (Wire.this) {
            check();
          }
        }

        private void check() throws IOException {
          if (!asked) {
            throw new IllegalStateException("written without asking isReady");
          }
          asked = false;
          if (cut) {
            throw new IOException("Broken pipe");
          }
        }
      };

  /** Opens a stream over this wire. */
  public EventStream open(Executor writer) throws IOException {
    return open(writer, writer);
  }

  EventStream open(Executor writer, Executor closer) throws IOException {
    return open(writer, closer, Encoder.STANDARD);
  }

  EventStream open(Executor writer, Encoder encoder) throws IOException {
    return open(writer, writer, encoder);
  }

  private EventStream open(Executor writer, Executor closer, Encoder encoder) throws IOException {
    HttpServletResponse response =
        proxy(HttpServletResponse.class, Map.of("getOutputStream", args -> out));
    AsyncContext context =
        proxy(
            AsyncContext.class,
            Map.of(
                "getResponse",
                args -> response,
                "addListener",
                args -> listeners.add((AsyncListener) args[0])));
    HttpServletRequest request =
        proxy(
            HttpServletRequest.class,
            Map.of("getAsyncContext", args -> context, "getProtocol", args -> "HTTP/1.1"));
    AsyncResponse keep = proxy(AsyncResponse.class, Map.of("resume", args -> completed = true));
    return EventStream.open(request, keep, writer, closer, encoder);
  }

  private interface Answer {
    Object to(Object[] args);
  }

  private static <T> T proxy(Class<T> type, Map<String, Answer> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> {
              Answer answer = answers.get(method.getName());
              Object result = answer == null ? null : answer.to(args);
              return method.getReturnType() == void.class ? null : result;
            }));
  }

  public synchronized String text() {
    return sent.toString(StandardCharsets.UTF_8);
  }

  int writes() {
    return writes.get();
  }

  synchronized boolean isCompleted() {
    return completed;
  }

  /** The client stops reading. */
  public synchronized void block() {
    open = false;
  }

  /** The client stops reading after so many bytes. */
  public synchronized void blockAfter(int bytes) {
    capacity = bytes;
  }

  /** The client reads again; the container calls back if it refused bytes before. */
  public void unblock() throws IOException {
    boolean tell;
    synchronized (this) {
      open = true;
      capacity = Integer.MAX_VALUE;
      tell = refused;
      refused = false;
    }
    if (tell) {
      listener.onWritePossible();
    }
  }

  /** The connection breaks; only the next write finds out. */
  synchronized void cut() {
    cut = true;
  }

  void duringWrite(Runnable action) {
    duringWrite = action;
  }

  WriteListener listener() {
    return listener;
  }
}
