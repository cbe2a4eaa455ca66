package devfest.studio.app;

import io.undertow.servlet.ServletExtension;
import io.undertow.servlet.api.DeploymentInfo;
import jakarta.servlet.ServletContext;
import java.util.logging.Logger;

/**
 * What WildFly's web container has to be told and has no descriptor for. Undertow loads this by its
 * service file; no other server does.
 *
 * <ul>
 *   <li>The size of bodies is {@link BodyLimit}'s matter: Undertow's own limit of 10 MB lies below
 *       ours, and drops the connection without an answer.
 *   <li>A reader that goes away is no error: Undertow logs one for each, when it closes what the
 *       reader has closed already.
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
  }
}
