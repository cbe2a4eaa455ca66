package devfest.studio.socket;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a WebSocket (Servlet 6.0 § 2.3.3.5), which one thread can close while another
 * one sends. When Payara closes a connection, its objects go to the next request at once, and what
 * is still being sent gets into the response to another client. Therefore the server's connection
 * is used by one thread at a time, and closed when no other thread uses it; later use fails.
 * Thread-safe.
 */
final class UpgradedConnection implements WebConnection {

  private static final Logger LOG = System.getLogger(UpgradedConnection.class.getName());

  /** No use blocks, so this is far longer than one takes. */
  private static final long LONGEST_USE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final WebConnection server;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean ended;
  private @Nullable ReadListener reader;

  UpgradedConnection(WebConnection server) {
    this.server = server;
  }

  /**
   * Starts to read. Called once, after the handler's {@code init}: if the client has sent data
   * together with the handshake, Payara calls the listener at once, and its handler would wait for
   * the end of {@code init}.
   */
  void listen() {
    ReadListener listener = Objects.requireNonNull(reader, "set by the handler");
    try {
      server.getInputStream().setReadListener(new EndingListener(listener));
    } catch (IOException | IllegalStateException e) { // it has been closed
      listener.onError(e);
    }
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    return new Input(server.getInputStream());
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    return new Output(server.getOutputStream());
  }

  @Override
  public void close() throws IOException {
    if (!endUse()) {
      LOG.log(Level.WARNING, "A WebSocket stays open until its client leaves: a thread uses it");
      return;
    }
    if (closed.compareAndSet(false, true)) {
      try {
        server.close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }

  /**
   * Prevents further use, and waits until other threads have finished theirs. The present thread
   * may be in a use: a write that finds that the client has left reports this to the handler, which
   * closes the connection. Payara does not reuse the objects of such a connection.
   *
   * @return whether no other thread uses the connection
   */
  private boolean endUse() {
    ended = true;
    boolean alone = lock.isHeldByCurrentThread();
    if (!alone && acquire()) {
      lock.unlock();
      alone = true;
    }
    return alone;
  }

  /** Acquires the lock, also on a thread that is interrupted; returns false if that takes long. */
  private boolean acquire() {
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + LONGEST_USE_NANOS;
    try {
      while (true) {
        try {
          return lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private interface Use<T> {
    T run() throws IOException;
  }

  private interface Action {
    void run() throws IOException;
  }

  private <T> T use(Use<T> use) throws IOException {
    if (!acquire()) {
      throw new IOException("The WebSocket is in use.");
    }
    try {
      if (ended) {
        throw new IOException("The WebSocket is closed.");
      }
      return use.run();
    } finally {
      lock.unlock();
    }
  }

  private void run(Action action) throws IOException {
    boolean ignored =
        use(
            () -> {
              action.run();
              return true;
            });
  }

  private boolean useOr(boolean afterTheEnd, Use<Boolean> use) {
    try {
      return use(use);
    } catch (IOException e) {
      return afterTheEnd;
    }
  }

  /** Ends all use before the server closes a connection that has failed. */
  private final class EndingListener implements ReadListener {

    private final ReadListener listener;

    EndingListener(ReadListener listener) {
      this.listener = listener;
    }

    @Override
    public void onDataAvailable() throws IOException {
      listener.onDataAvailable();
    }

    @Override
    public void onAllDataRead() throws IOException {
      listener.onAllDataRead();
    }

    @Override
    public void onError(Throwable fault) {
      boolean ignored = endUse();
      listener.onError(fault);
    }
  }

  private final class Input extends ServletInputStream {

    private final ServletInputStream in;

    Input(ServletInputStream in) {
      this.in = in;
    }

    @Override
    public boolean isFinished() {
      return useOr(true, in::isFinished);
    }

    @Override
    public boolean isReady() {
      return useOr(false, in::isReady);
    }

    @Override
    public void setReadListener(ReadListener listener) {
      reader = listener;
    }

    @Override
    public int available() throws IOException {
      return use(in::available);
    }

    @Override
    public int read() throws IOException {
      return use(in::read);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      return use(() -> in.read(bytes, from, length));
    }
  }

  private final class Output extends ServletOutputStream {

    private final ServletOutputStream out;

    Output(ServletOutputStream out) {
      this.out = out;
    }

    /** Returns true after the end, so that the next write fails instead of being kept. */
    @Override
    public boolean isReady() {
      return useOr(true, out::isReady);
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      try {
        run(() -> out.setWriteListener(listener));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      run(() -> out.write(bytes, from, length));
    }

    @Override
    public void flush() throws IOException {
      run(out::flush);
    }
  }
}
