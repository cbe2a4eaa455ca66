package devfest.studio.app.server;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import java.util.logging.LogRecord;

/**
 * Log records about clients that left in the middle of a request. Each server writes a stack trace
 * or several for one, so a log would grow at a client's will. A record is one of these if it comes
 * from a logger below and its cause is a lost connection or a body that ends too soon.
 */
final class GoneClients {

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

  /** Causes are nested three or four deep; the bound ends a loop in them. */
  private static final int DEEPEST = 10;

  private GoneClients() {}

  static boolean isOne(LogRecord line) {
    if (!LOGGERS.contains(String.valueOf(line.getLoggerName()))) {
      return false;
    }
    String message = String.valueOf(line.getMessage());
    return message.startsWith(CLOSED_ALREADY)
        || message.startsWith(UNPARSABLE)
        || (line.getThrown() == null ? tellsOfLoss(message) : isLost(line.getThrown()));
  }

  /** Payara's web container prints stack traces into its messages. */
  private static boolean tellsOfLoss(String message) {
    return message.contains(BROKEN_BODY)
        || LOST.stream().anyMatch(lost -> message.contains("IOException: " + lost));
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
