package devfest.studio.feeds.metrics;

import devfest.studio.http.Problem;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Connection statistics of a client since its previous report.
 *
 * @param transport {@code websocket}, {@code stream} or {@code polling}
 * @param connected number of successful connection attempts
 * @param failed number of failed connection attempts
 * @param reconnections number of successful attempts that followed a broken connection
 * @param errors number of unreadable messages and broken connections
 * @param latencies latencies of updates in milliseconds
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

  private static final List<String> TRANSPORTS = List.of("websocket", "stream", "polling");

  /** Far more than a client counts between two reports, so one report cannot distort the sums. */
  private static final int MAX_COUNT = 1_000;

  /** Bounds the work per report. */
  private static final int MAX_LATENCIES = 100;

  /** Ten minutes; a longer latency is an error of the client's clock. */
  private static final int MAX_MILLIS = 600_000;

  /**
   * Returns the report with defaults for absent members.
   *
   * @throws Problem 400 if a value is out of range
   */
  Counts checked() {
    List<Integer> all = Optional.ofNullable(latencies).orElse(List.of());
    if (transport == null || !TRANSPORTS.contains(transport)) {
      throw Problem.badRequest("transport must be one of %s.".formatted(TRANSPORTS));
    }
    if (all.size() > MAX_LATENCIES
        || all.stream().anyMatch(millis -> millis == null || millis < 0 || millis > MAX_MILLIS)) {
      throw Problem.badRequest(
          "latencies must be a list of at most %d numbers from 0 to %d, in milliseconds."
              .formatted(MAX_LATENCIES, MAX_MILLIS));
    }
    return new Counts(
        transport, count(connected), count(failed), count(reconnections), count(errors), all);
  }

  private static int count(@Nullable Integer number) {
    if (number == null) {
      return 0;
    }
    if (number < 0 || number > MAX_COUNT) {
      throw Problem.badRequest(
          "connected, failed, reconnections and errors must be numbers from 0 to %d."
              .formatted(MAX_COUNT));
    }
    return number;
  }
}
