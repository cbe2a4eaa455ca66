package devfest.studio.app.server;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import java.util.logging.LogRecord;

/**
 * Recognises log records about clients that disconnected during a request. The servers log one or
 * several stack traces for each, so clients could flood the log. A record qualifies if one of the
 * loggers below wrote it and its cause is a lost connection or a truncated body.
 */
final class DisconnectedClients {

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
          "Locally closed", // because the client was too slow
          "UT000128: Remote peer closed connection before all data could be read");

  private static final String BROKEN_BODY = "org.glassfish.grizzly.http.HttpBrokenContentException";

  /** Undertow's code for a stream that the client has already closed. */
  private static final String CLOSED_ALREADY = "UT005088";

  /** RESTEasy's code for a header that cannot be parsed; the client gets 400. */
  private static final String UNPARSABLE = "RESTEASY002130";

  /** Limit for walking the causes. Real chains have three or four; the limit ends cyclic ones. */
  private static final int MAX_CAUSES = 10;

  private DisconnectedClients() {}

  static boolean matches(LogRecord line) {
    if (!LOGGERS.contains(String.valueOf(line.getLoggerName()))) {
      return false;
    }
    String message = String.valueOf(line.getMessage());
    return message.startsWith(CLOSED_ALREADY)
        || message.startsWith(UNPARSABLE)
        || (line.getThrown() == null ? mentionsLoss(message) : isLost(line.getThrown()));
  }

  /** Payara's web container puts stack traces into its messages. */
  private static boolean mentionsLoss(String message) {
    return message.contains(BROKEN_BODY)
        || message.contains("java.io.EOFException")
        || LOST.stream().anyMatch(lost -> message.contains("IOException: " + lost));
  }

  private static boolean isLost(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
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
