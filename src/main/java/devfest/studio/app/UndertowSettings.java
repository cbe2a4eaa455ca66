package devfest.studio.app;

import devfest.studio.sse.EventStream;
import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.ServletExtension;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.handlers.ServletRequestContext;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntConsumer;
import java.util.logging.Logger;
import org.xnio.Options;

/**
 * What WildFly's web container has to be told and has no descriptor for. Undertow loads this by its
 * service file; no other server does.
 *
 * <ul>
 *   <li>The size of bodies is {@link BodyLimit}'s matter: Undertow's own limit of 10 MB lies below
 *       ours, and drops the connection without an answer.
 *   <li>A reader that goes away is no error: Undertow logs one for each, when it closes what the
 *       reader has closed already.
 *   <li>An {@link EventStream} bounds the socket's send buffer, for which servlets have no call.
 * </ul>
 */
public class UndertowSettings implements ServletExtension {

  private static final long UNLIMITED = -1;
  private static final String CLOSED_ALREADY = "UT005088";

  /** Held, as a logger that nobody holds loses its filter. */
  private static final Logger CONNECTIONS = Logger.getLogger("io.undertow.request.io");

  @Override
  public void handleDeployment(DeploymentInfo deployment, ServletContext context) {
    CONNECTIONS.setFilter(line -> !String.valueOf(line.getMessage()).startsWith(CLOSED_ALREADY));
    deployment.addInitialHandlerChainWrapper(
        next ->
            exchange -> {
              exchange.setMaxEntitySize(UNLIMITED);
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
    try {
      if (exchange.getConnection().supportsOption(Options.SEND_BUFFER)) { // HTTP/2 does not
        exchange.getConnection().setOption(Options.SEND_BUFFER, bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
