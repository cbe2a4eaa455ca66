package devfest.studio.app.server;

import devfest.studio.http.Outage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Suppresses log records that external causes can produce in large numbers: the stack traces of
 * failures during an outage, from the server (transactions, pools, REST runtime) and from the
 * studio, because {@link Outage} already logs its beginning and end; and the stack traces about
 * clients that disconnected ({@link DisconnectedClients}). Also escapes the studio's own records
 * ({@link OneLine}).
 *
 * <p>Installs a filter on the handlers, because loggers do not inherit filters. Also suppresses
 * such records of other applications on the same server. Both servers use java.util.logging.
 */
public final class QuietLog {

  private static final String PAYARA_POOLS = "jakarta.enterprise.resource.";

  /** Limit for walking the causes; ends cyclic chains. */
  private static final int MAX_CAUSES = 10;

  private final Map<Handler, Filter> before = new LinkedHashMap<>();

  /**
   * Installs the filters. Called after a successful start, so that the log shows why a start fails.
   */
  public void install() {
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      Filter filter = handler.getFilter();
      before.put(handler, filter);
      handler.setFilter(
          line -> {
            boolean wanted =
                !DisconnectedClients.matches(line) // first, because attackers can cause many
                    && !isOfOutage(line)
                    && (filter == null || filter.isLoggable(line));
            if (wanted) {
              OneLine.escape(line);
            }
            return wanted;
          });
    }
  }

  /** Restores the filters of the handlers. */
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
   * Whether the record is about the server's transactions or pools. Their exceptions do not always
   * have the failure of the database as a cause.
   */
  private static boolean isOfTransaction(Throwable thrown, LogRecord line) {
    if (String.valueOf(line.getLoggerName()).startsWith(PAYARA_POOLS)) {
      return true;
    }
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
      String type = cause.getClass().getName();
      if (type.startsWith("javax.transaction.") || type.startsWith("jakarta.transaction.")) {
        return true;
      }
    }
    return false;
  }
}
