package devfest.studio.app;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Keeps the servers from logging clients that left in the middle of a request: each writes a stack
 * trace or several, so a log would grow at a client's will. A record is dropped if it comes from
 * one of these loggers and its cause is a lost connection or a body that ends too soon. Both
 * servers log by java.util.logging.
 */
final class GoneClients implements Filter {

  private static final Set<String> LOGGERS =
      Set.of(
          // Payara
          "jakarta.enterprise.web",
          "jakarta.enterprise.web.core",
          "org.glassfish.grizzly.filterchain.DefaultFilterChain",
          "org.glassfish.jersey.server.ServerRuntime$Responder",
          // WildFly
          "io.undertow.request",
          "io.undertow.request.io",
          "io.undertow.servlet.request",
          "org.jboss.resteasy.resteasy_jaxrs.i18n",
          "org.xnio.listener");

  private static final Set<String> LOST =
      Set.of(
          "Broken pipe",
          "Connection is closed",
          "Connection reset",
          "Connection reset by peer",
          "UT000128: Remote peer closed connection before all data could be read");

  private static final String BROKEN_BODY = "org.glassfish.grizzly.http.HttpBrokenContentException";

  /** Of a stream that its reader has closed already. */
  private static final String CLOSED_ALREADY = "UT005088";

  /** Of a header that can't be parsed; the client gets 400. */
  private static final String UNPARSABLE = "RESTEASY002130";

  private static final int DEEPEST = 10;

  /**
   * What filtered before; handlers, as the virtual server of Payara logs by a logger of its own.
   */
  private final Map<Handler, Filter> before = new LinkedHashMap<>();

  /** Begins to drop records, besides those that are filtered already. */
  void install() {
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      Filter filter = handler.getFilter();
      before.put(handler, filter);
      handler.setFilter(
          filter == null ? this : line -> filter.isLoggable(line) && isLoggable(line));
    }
  }

  void remove() {
    before.forEach(Handler::setFilter);
    before.clear();
  }

  @Override
  public boolean isLoggable(LogRecord line) {
    if (!LOGGERS.contains(String.valueOf(line.getLoggerName()))) {
      return true;
    }
    String message = String.valueOf(line.getMessage());
    return !message.startsWith(CLOSED_ALREADY)
        && !message.startsWith(UNPARSABLE)
        && !isLost(line.getThrown());
  }

  private static boolean isLost(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < DEEPEST; i++) {
      if (cause instanceof EOFException
          || cause instanceof ClosedChannelException
          || cause.getClass().getName().equals(BROKEN_BODY)
          || (cause instanceof IOException && LOST.contains(cause.getMessage()))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
