package devfest.studio.app.server;

import devfest.studio.base.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.logging.LogRecord;

/**
 * Keeps each of the studio's log records on one line: what clients can put into a message, a
 * parameter or an exception cannot begin another line or hide a part of it ({@link Text#escaped}).
 */
final class OneLine {

  private static final String OURS = "devfest.studio.";

  /** The link of dev mode, which has lines of its own and no text of clients. */
  private static final String BANNER = "devfest.studio.app.start.Banner";

  /** Limit for walking the causes of an exception. */
  private static final int MAX_CAUSES = 100;

  private OneLine() {}

  /** Escapes the record in place, if it is one of the studio's. Has no effect when repeated. */
  static void escape(LogRecord line) {
    String logger = String.valueOf(line.getLoggerName());
    if (!logger.startsWith(OURS) || logger.equals(BANNER)) {
      return;
    }
    if (line.getMessage() != null) {
      line.setMessage(Text.escaped(line.getMessage()));
    }
    if (line.getParameters() != null) {
      line.setParameters(
          Arrays.stream(line.getParameters())
              .map(each -> each instanceof Number ? each : Text.escaped(String.valueOf(each)))
              .toArray());
    }
    Throwable thrown = line.getThrown();
    if (thrown != null && !all(thrown).stream().allMatch(OneLine::isPlain)) {
      line.setThrown(copy(thrown, Collections.newSetFromMap(new IdentityHashMap<>())));
    }
  }

  private static boolean isPlain(Throwable thrown) {
    String text = thrown.toString();
    return Text.escaped(text).equals(text);
  }

  private static Set<Throwable> all(Throwable thrown) {
    Set<Throwable> found = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Throwable> waiting = new ArrayList<>(List.of(thrown));
    while (!waiting.isEmpty() && found.size() < MAX_CAUSES) {
      Throwable next = waiting.remove(waiting.size() - 1);
      if (found.add(next)) {
        waiting.addAll(Arrays.asList(next.getSuppressed()));
        if (next.getCause() != null) {
          waiting.add(next.getCause());
        }
      }
    }
    return found;
  }

  private static Throwable copy(Throwable original, Set<Throwable> seen) {
    Escaped copy = new Escaped(original);
    if (seen.add(original) && seen.size() < MAX_CAUSES) {
      for (Throwable suppressed : original.getSuppressed()) {
        copy.addSuppressed(copy(suppressed, seen));
      }
      if (original.getCause() != null) {
        Throwable ignored = copy.initCause(copy(original.getCause(), seen));
      }
    }
    return copy;
  }

  /** Prints like another exception, but with escaped messages. */
  private static final class Escaped extends Throwable {

    private static final long serialVersionUID = 1;

    private Escaped(Throwable original) {
      super(Text.escaped(original.toString()));
      setStackTrace(original.getStackTrace());
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message begins with the original's class
    public String toString() {
      return String.valueOf(getMessage());
    }
  }
}
