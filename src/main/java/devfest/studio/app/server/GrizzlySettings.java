package devfest.studio.app.server;

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
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.nio.NIOConnection;

/**
 * Limits the memory that Payara's connector (Grizzly) uses for a client that does not read.
 *
 * <p>By default, Grizzly buffers four times the socket's send buffer per connection before it
 * reports back-pressure: over 10 MB of heap on loopback. A few dozen such clients filled a heap of
 * 512 MB. With this limit, a connection accepts another write only while fewer than {@value
 * #PENDING_BYTES} bytes are pending. Grizzly has no configuration for this, so each request sets
 * the limit on its own connection. Also lets an {@link EventStream} limit the socket's send buffer.
 * Has no effect on other servers. HTTP/2 has its own fixed limit of 64 KB per stream.
 */
@WebListener
public class GrizzlySettings implements ServletRequestListener {

  /** Small compared with the socket's own buffer, which is enough to keep a fast client busy. */
  static final int PENDING_BYTES = 16 * 1024;

  private static final Logger LOG = System.getLogger(GrizzlySettings.class.getName());
  private static final String CATALINA = "org.apache.catalina.connector.";

  /** No public repository has Catalina's classes, so its two methods are called by reflection. */
  private static final ClassValue<Method> UNWRAP = method("getUnwrappedCoyoteRequest");

  private static final ClassValue<Method> CONNECTOR = method("getCoyoteRequest");

  private final AtomicBoolean failed = new AtomicBoolean();

  @Override
  public void requestInitialized(ServletRequestEvent event) {
    ServletRequest request = event.getServletRequest();
    if (request.getClass().getName().startsWith(CATALINA) && !failed.get()) {
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

  private static void bound(ServletRequest request) throws ReflectiveOperationException {
    Object catalina = request;
    if (request.getClass().getName().endsWith("Facade")) {
      catalina = UNWRAP.get(request.getClass()).invoke(request);
    }
    Object connector = CONNECTOR.get(catalina.getClass()).invoke(catalina);
    request.setAttribute(EventStream.SEND_BUFFER, Bounds.set(connector));
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

  /** A separate class, because every server loads the types in the signatures of the listener. */
  private static final class Bounds {

    /**
     * Limits the pending bytes of a request's connection; the result sets its send buffer in bytes.
     */
    static IntConsumer set(Object request) {
      Connection<?> connection = ((Request) request).getContext().getConnection();
      connection.setMaxAsyncWriteQueueSize(PENDING_BYTES);
      return bytes -> sendBuffer(connection, bytes);
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
