package devfest.studio.feeds.metrics;

import devfest.studio.http.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How a client got on since it told so last. Checked by hand, as a caller without a token is
 * refused (401) before the body is (400).
 *
 * @param transport {@code websocket}, {@code stream} or {@code polling}
 * @param connected how often a connection came about
 * @param failed how often none did
 * @param reconnections how many of those that came about followed one that had broken
 * @param errors messages that could not be read, and connections that broke
 * @param latencies of updates, in milliseconds
 */
@Schema(requiredProperties = "transport")
public record ClientReport(
    @Nullable String transport,
    @Nullable Integer connected,
    @Nullable Integer failed,
    @Nullable Integer reconnections,
    @Nullable Integer errors,
    @Nullable List<Integer> latencies) {

  /** The same once it is checked, with 0 for counts that were left out. */
  record Counts(
      String transport,
      int connected,
      int failed,
      int reconnections,
      int errors,
      List<Integer> latencies) {}

  private static final Set<String> TRANSPORTS = Set.of("websocket", "stream", "polling");
  private static final int MOST = 1_000;
  private static final int MOST_LATENCIES = 100;
  private static final int LONGEST = 600_000;

  /**
   * @throws Problem 400 when it says what can't be
   */
  Counts checked() {
    List<Integer> all = Optional.ofNullable(latencies).orElse(List.of());
    if (transport == null || !TRANSPORTS.contains(transport)) {
      throw Problem.badRequest("transport is one of " + TRANSPORTS);
    }
    if (all.size() > MOST_LATENCIES
        || all.stream().anyMatch(millis -> millis == null || millis < 0 || millis > LONGEST)) {
      throw Problem.badRequest("latencies are at most " + MOST_LATENCIES + " milliseconds");
    }
    return new Counts(
        transport, count(connected), count(failed), count(reconnections), count(errors), all);
  }

  private static int count(@Nullable Integer number) {
    if (number == null) {
      return 0;
    }
    if (number < 0 || number > MOST) {
      throw Problem.badRequest("Counts are numbers from 0 to " + MOST);
    }
    return number;
  }
}
