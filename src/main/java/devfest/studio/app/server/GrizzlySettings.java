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
 * Bounds the memory that Payara's connector (Grizzly) spends on a client that does not read.
 *
 * <p>Grizzly accepts four times the socket's send buffer for each connection before it reports
 * back-pressure: over 10 MB on loopback, on the heap, out of sight of the application. A few dozen
 * such clients filled a heap of 512 MB. Here a connection takes another write only once less than
 * {@value #PENDING_BYTES} bytes of earlier ones wait for the socket. Grizzly has no descriptor or
 * public setting for this, so each request sets it on its own connection. Also lets an {@link
 * EventStream} bound the socket's send buffer. Does nothing on other servers. HTTP/2 has a fixed
 * bound of its own, 64 KB a stream.
 */
@WebListener
public class GrizzlySettings implements ServletRequestListener {

  /** Small beside the socket's own buffer, which keeps a fast client busy meanwhile. */
  static final int PENDING_BYTES = 16 * 1024;

  private static final Logger LOG = System.getLogger(GrizzlySettings.class.getName());
  private static final String CATALINA = "org.apache.catalina.connector.";

  /** Catalina's classes are in no public repository, so its two methods are called by name. */
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
              "The memory for clients that do not read is not bounded on this server",
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

  /** Apart from the listener, whose methods' types every server loads. */
  private static final class Bounds {

    /** Sets the bound of a request's connection; the result sets its send buffer. */
    static IntConsumer set(Object request) {
      Connection<?> connection = ((Request) request).getContext().getConnection();
      connection.setMaxAsyncWriteQueueSize(PENDING_BYTES);
      return bytes -> sendBuffer(connection, bytes);
    }

    /** On the channel, since Grizzly's own setter can only make the buffer larger. */
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
