package devfest.studio.app.server;

import devfest.studio.http.Downloads;
import devfest.studio.sse.EventStream;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.servlet.ServletExtension;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.util.Headers;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.IntConsumer;
import org.xnio.IoUtils;
import org.xnio.Options;

/**
 * Settings of WildFly's web container that no descriptor offers. Undertow loads this class through
 * its service file; other servers ignore it.
 *
 * <ul>
 *   <li>Undertow does not limit the size of bodies ({@link UndertowListeners}); {@link
 *       UndertowBodies} does. Undertow's default of 10 MB is too low.
 *   <li>An {@link EventStream} can limit the socket's send buffer, for which the servlet API has no
 *       method. Its connection has no write timeout, because the studio closes stalled streams
 *       itself; WildFly's 90 s would close them earlier and without {@code stream.closed}.
 *   <li>{@link UndertowGate} handles error responses of the server itself.
 * </ul>
 */
public class UndertowSettings implements ServletExtension {

  private static final Logger LOG = System.getLogger(UndertowSettings.class.getName());

  /** Undertow's value for no timeout. */
  private static final Integer NEVER = 0;

  @Override
  public void handleDeployment(DeploymentInfo deployment, ServletContext context) {
    UndertowListeners.OURS.lift();
    deployment.addInitialHandlerChainWrapper(
        next ->
            exchange -> {
              exchange.setMaxEntitySize(UndertowListeners.UNLIMITED);
              exchange
                  .getResponseHeaders()
                  .remove(Headers.RETRY_AFTER); // added by wildfly-config/studio.cli
              UndertowGate.OURS.guard(exchange, context.getContextPath());
              exchange.addDefaultResponseListener(UndertowGate.OURS::refuse);
              UndertowBodies.OURS.handle(exchange, next);
            });
    deployment.addInnerHandlerChainWrapper(
        next ->
            exchange -> {
              IntConsumer sendBuffer = bytes -> sendBuffer(exchange, bytes);
              ServletRequest request =
                  exchange.getAttachment(ServletRequestContext.ATTACHMENT_KEY).getOriginalRequest();
              request.setAttribute(EventStream.SEND_BUFFER, sendBuffer);
              request.setAttribute(Downloads.CONNECTION, connection(exchange.getConnection()));
              UndertowBodies.describe(exchange, request);
              next.handleRequest(exchange);
            });
  }

  private static Downloads.Connection connection(ServerConnection connection) {
    return new Downloads.Connection() {
      @Override
      public boolean isOpen() {
        return connection.isOpen();
      }

      @Override
      public void close() {
        IoUtils.safeClose(connection);
      }
    };
  }

  private static void sendBuffer(HttpServerExchange exchange, int bytes) {
    ServerConnection connection = exchange.getConnection();
    try {
      if (connection.supportsOption(Options.SEND_BUFFER)) { // HTTP/2 does not
        connection.setOption(Options.SEND_BUFFER, bytes);
      }
      if (connection.supportsOption(Options.WRITE_TIMEOUT)) {
        Integer timeout = connection.setOption(Options.WRITE_TIMEOUT, NEVER);
        exchange.addExchangeCompleteListener(
            (completed, next) -> {
              if (!completed.isUpgrade()) { // the connection of a WebSocket serves nothing else
                restore(connection, timeout);
              }
              next.proceed();
            });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void restore(ServerConnection connection, Integer timeout) {
    try {
      connection.setOption(Options.WRITE_TIMEOUT, timeout == null ? NEVER : timeout);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The write timeout of a closed connection could not be restored", e);
    }
  }
}
