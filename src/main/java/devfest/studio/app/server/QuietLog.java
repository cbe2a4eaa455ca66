package devfest.studio.app.server;

import devfest.studio.http.Outage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Keeps out of the log what others can make it grow by: the stack traces of everything that fails
 * during an outage, in the server (transactions, pools, the REST runtime) as in the studio, where
 * {@link Outage} writes two lines; and those of clients that left ({@link GoneClients}).
 *
 * <p>It is a filter of the handlers, as loggers don't inherit theirs. Of other applications in the
 * same server it leaves out the same kind of line. Both servers log by java.util.logging.
 */
public final class QuietLog {

  private static final String PAYARA_POOLS = "jakarta.enterprise.resource.";

  private static final int DEEPEST = 10;

  private final Map<Handler, Filter> before = new LinkedHashMap<>();

  /** Begins; once everything has started, so that a failed start has its cause in the log. */
  public void install() {
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      Filter filter = handler.getFilter();
      before.put(handler, filter);
      handler.setFilter(
          line ->
              !isOfOutage(line)
                  && !GoneClients.isOne(line)
                  && (filter == null || filter.isLoggable(line)));
    }
  }

  /** Ends. */
  public void remove() {
    before.forEach(Handler::setFilter);
    before.clear();
  }

  private static boolean isOfOutage(LogRecord line) {
    Throwable thrown = line.getThrown();
    return thrown != null
        && (isOfTransaction(thrown, line) ? Outage.behind(thrown) : Outage.of(thrown)).isPresent();
  }

  /**
   * Of the server's transactions or its pools, whose exceptions don't always carry the failure of
   * the database as their cause.
   */
  private static boolean isOfTransaction(Throwable thrown, LogRecord line) {
    if (String.valueOf(line.getLoggerName()).startsWith(PAYARA_POOLS)) {
      return true;
    }
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < DEEPEST; i++, cause = cause.getCause()) {
      String type = cause.getClass().getName();
      if (type.startsWith("javax.transaction.") || type.startsWith("jakarta.transaction.")) {
        return true;
      }
    }
    return false;
  }
}
