package devfest.studio.app.server;

import devfest.studio.http.Departure;
import devfest.studio.http.Downloads;
import devfest.studio.sse.EventStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.annotation.WebListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.nio.NIOConnection;

/**
 * Limits the memory that Payara's connector (Grizzly) uses for a client that does not read.
 *
 * <p>By default, Grizzly buffers four times the socket's send buffer per connection before it
 * reports back-pressure: over 10 MB of heap on loopback. A few dozen such clients filled a heap of
 * 512 MB. A stream or a file is accepted only while fewer than {@value #PENDING_BYTES} bytes are
 * pending; another response is accepted whole, because a thread would wait otherwise, and {@link
 * GrizzlyReaders} limits all of them. Grizzly has no configuration for this, so each request sets
 * the limit on its own connection. Also lets an {@link EventStream} limit the socket's send buffer.
 * Also reports whether a client has left. Has no effect on other servers. HTTP/2 has its own fixed
 * limit of 64 KB per stream.
 */
@WebListener
public class GrizzlySettings implements ServletRequestListener {

  /** Small compared with the socket's own buffer, which is enough to keep a fast client busy. */
  static final int PENDING_BYTES = 16 * 1024;

  /** More than the longest response that is not a stream or a file: no thread waits to write it. */
  static final int RESPONSE_BYTES = 8 * 1024 * 1024;

  /** Linux doubles it: enough for 5 MB/s to a client 50 ms away. */
  private static final int SEND_BUFFER_BYTES = 128 * 1024;

  /** What a response may leave pending while all of them together need too much memory. */
  private static final int SHORT_BYTES = 64 * 1024;

  /** Whether the pending responses need too much memory; {@link GrizzlyReaders} checks. */
  private static volatile boolean memoryShort;

  private static final Logger LOG = System.getLogger(GrizzlySettings.class.getName());
  private static final String CATALINA = "org.apache.catalina.connector.";

  /** No public repository has Catalina's classes, so its two methods are called by reflection. */
  private static final ClassValue<Method> UNWRAP = method("getUnwrappedCoyoteRequest");

  private static final ClassValue<Method> CONNECTOR = method("getCoyoteRequest");

  private final AtomicBoolean failed = new AtomicBoolean();

  @Override
  public void requestInitialized(ServletRequestEvent event) {
    ServletRequest request = event.getServletRequest();
    if (isCatalina(request) && !failed.get()) {
      try {
        bound(request);
      } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
        if (failed.compareAndSet(false, true)) {
          LOG.log(
              Level.WARNING,
              "The memory for clients that do not read is not limited on this server",
              e);
        }
      }
    }
  }

  /** Whether the server is Payara. */
  static boolean isCatalina(ServletRequest request) {
    return request.getClass().getName().startsWith(CATALINA);
  }

  private static void bound(ServletRequest request) throws ReflectiveOperationException {
    Object catalina = request;
    if (request.getClass().getName().endsWith("Facade")) {
      catalina = UNWRAP.get(request.getClass()).invoke(request);
    }
    Object connector = CONNECTOR.get(catalina.getClass()).invoke(catalina);
    request.setAttribute(EventStream.SEND_BUFFER, Bounds.set(connector));
    request.setAttribute(Departure.ATTRIBUTE, Bounds.departure(connector));
    request.setAttribute(Downloads.CONNECTION, Bounds.connection(connector));
  }

  private static ClassValue<Method> method(String name) {
    return new ClassValue<>() {
      @Override
      protected Method computeValue(Class<?> type) {
        try {
          return type.getMethod(name);
        } catch (NoSuchMethodException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  static void memoryIsShort(boolean now) {
    memoryShort = now;
  }

  /** A separate class, because every server loads the types in the signatures of the listener. */
  static final class Bounds {

    /** Whether the connection sends a stream or a file at the moment. */
    static boolean isStream(Connection<?> connection) {
      return connection.getMaxAsyncWriteQueueSize() == PENDING_BYTES;
    }

    /**
     * Limits what the kernel keeps for a client that does not read. By default Linux lets it grow
     * to megabytes, which a client can fill by requests that it sends without reading.
     */
    static void limitSendBuffer(Connection<?> connection) {
      try {
        sendBuffer(connection, SEND_BUFFER_BYTES);
      } catch (UncheckedIOException e) {
        LOG.log(Level.DEBUG, "The client has disconnected", e);
      }
    }

    /**
     * Limits the pending bytes of a request's connection; the result sets its send buffer in bytes.
     */
    static IntConsumer set(Object request) {
      Connection<?> connection = ((Request) request).getContext().getConnection();
      connection.setMaxAsyncWriteQueueSize(memoryShort ? SHORT_BYTES : RESPONSE_BYTES);
      return bytes -> {
        connection.setMaxAsyncWriteQueueSize(PENDING_BYTES);
        sendBuffer(connection, bytes);
      };
    }

    static Downloads.Connection connection(Object request) {
      Connection<?> connection = ((Request) request).getContext().getConnection();
      return new Downloads.Connection() {
        @Override
        public boolean isOpen() {
          return connection.isOpen();
        }

        @Override
        public void close() {
          connection.terminateSilently();
        }
      };
    }

    /** Returns whether the client of a request has closed its connection. */
    static BooleanSupplier departure(Object request) {
      Connection<?> connection = ((Request) request).getContext().getConnection();
      return () ->
          !connection.isOpen()
              || (connection instanceof NIOConnection socket
                  && socket.getChannel() instanceof SocketChannel channel
                  && hasEnded(channel));
    }

    /**
     * Grizzly does not read from a connection while it processes a request. A channel that can be
     * read but has no bytes is at its end; nothing is consumed.
     */
    private static boolean hasEnded(SocketChannel channel) {
      try (Selector selector = Selector.open()) {
        SelectionKey ignored = channel.register(selector, SelectionKey.OP_READ);
        return selector.selectNow() > 0 && channel.socket().getInputStream().available() == 0;
      } catch (IOException e) {
        return true;
      }
    }

    /** Sets the option on the channel, because Grizzly's setter can only enlarge the buffer. */
    private static void sendBuffer(Connection<?> connection, int bytes) {
      if (connection instanceof NIOConnection socket
          && socket.getChannel() instanceof SocketChannel channel) {
        try {
          channel.setOption(StandardSocketOptions.SO_SNDBUF, bytes);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
