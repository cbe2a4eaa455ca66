package devfest.studio.app.server;

import devfest.studio.app.http.BodyLimit;
import devfest.studio.app.http.ProblemDocument;
import devfest.studio.app.http.RequestGate;
import devfest.studio.sse.EventStream;
import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.ServletExtension;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 *   <li>What is refused before the application is reached, as while the server is suspended, has
 *       the shape of every failure.
 * </ul>
 */
public class UndertowSettings implements ServletExtension {

  /** No limit of the server, by Undertow's convention: BodyLimit has its own. */
  private static final long UNLIMITED = -1;

  @Override
  public void handleDeployment(DeploymentInfo deployment, ServletContext context) {
    deployment.addInitialHandlerChainWrapper(
        next ->
            exchange -> {
              exchange.setMaxEntitySize(UNLIMITED);
              exchange
                  .getResponseHeaders()
                  .remove(Headers.RETRY_AFTER); // wildfly-config/studio.cli
              exchange.addDefaultResponseListener(UndertowSettings::refuse);
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

  /** Called for an answer that nobody has given a body. */
  private static boolean refuse(HttpServerExchange exchange) {
    int status = exchange.getStatusCode();
    if (status < 400 || !exchange.isResponseChannelAvailable()) {
      return false;
    }
    HeaderMap headers = exchange.getResponseHeaders();
    headers.put(Headers.CONTENT_TYPE, ProblemDocument.TYPE);
    headers.put(new HttpString("X-Content-Type-Options"), "nosniff");
    headers.put(new HttpString("Referrer-Policy"), "no-referrer");
    String detail = null;
    if (status == StatusCodes.SERVICE_UNAVAILABLE) {
      headers.put(Headers.RETRY_AFTER, RequestGate.RESTART.toSeconds());
      detail = RequestGate.UNAVAILABLE;
    }
    exchange
        .getResponseSender()
        .send(ProblemDocument.of(status, detail, exchange.getRequestURI()).toString());
    return true;
  }
}
