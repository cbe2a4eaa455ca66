package devfest.studio.app.server;

import devfest.studio.app.http.BodyLimit;
import devfest.studio.sse.EventStream;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.servlet.ServletExtension;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.util.Headers;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.IntConsumer;
import org.xnio.Options;

/**
 * What WildFly's web container has to be told and has no descriptor for. Undertow loads this by its
 * service file; no other server does.
 *
 * <ul>
 *   <li>The size of bodies is {@link BodyLimit}'s matter: Undertow's own limit of 10 MB lies below
 *       ours, and drops the connection without an answer.
 *   <li>An {@link EventStream} bounds the socket's send buffer, for which servlets have no call.
 *       Its connection has no write timeout, as the studio closes stalled streams itself; WildFly's
 *       of 90 s would cut them earlier, without {@code stream.closed}.
 *   <li>{@link UndertowGate} answers what is refused before the application is reached.
 * </ul>
 */
public class UndertowSettings implements ServletExtension {

  private static final Logger LOG = System.getLogger(UndertowSettings.class.getName());

  /** No limit of the server, by Undertow's convention: BodyLimit has its own. */
  private static final long UNLIMITED = -1;

  private static final Integer NEVER = 0;

  @Override
  public void handleDeployment(DeploymentInfo deployment, ServletContext context) {
    deployment.addInitialHandlerChainWrapper(
        next ->
            exchange -> {
              exchange.setMaxEntitySize(UNLIMITED);
              exchange
                  .getResponseHeaders()
                  .remove(Headers.RETRY_AFTER); // wildfly-config/studio.cli
              UndertowGate.OURS.guard(exchange, context.getContextPath());
              exchange.addDefaultResponseListener(UndertowGate.OURS::refuse);
              next.handleRequest(exchange);
            });
    deployment.addInnerHandlerChainWrapper(
        next ->
            exchange -> {
              IntConsumer sendBuffer = bytes -> sendBuffer(exchange, bytes);
              exchange
                  .getAttachment(ServletRequestContext.ATTACHMENT_KEY)
                  .getOriginalRequest()
                  .setAttribute(EventStream.SEND_BUFFER, sendBuffer);
              next.handleRequest(exchange);
            });
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
              restore(connection, timeout);
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
      LOG.log(Level.DEBUG, "The connection is closed", e);
    }
  }
}
