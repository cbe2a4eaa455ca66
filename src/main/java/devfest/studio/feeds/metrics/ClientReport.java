package devfest.studio.feeds.metrics;

import devfest.studio.http.WholeNumber;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;

/**
 * Connection statistics of a client since its previous report. A count that is left out is 0.
 *
 * @param transport {@code websocket}, {@code stream} or {@code polling}
 * @param connected number of successful connection attempts
 * @param failed number of failed connection attempts
 * @param reconnections number of successful attempts that followed a broken connection
 * @param errors number of unreadable messages and broken connections
 * @param latencies latencies of updates in milliseconds
 */
public record ClientReport(
    @NotNull(message = TRANSPORT)
        @Pattern(regexp = "^(websocket|stream|polling)$", message = TRANSPORT)
        String transport,
    @WholeNumber(min = 0, max = MAX_COUNT, optional = true) Integer connected,
    @WholeNumber(min = 0, max = MAX_COUNT, optional = true) Integer failed,
    @WholeNumber(min = 0, max = MAX_COUNT, optional = true) Integer reconnections,
    @WholeNumber(min = 0, max = MAX_COUNT, optional = true) Integer errors,
    @Size(max = MAX_LATENCIES, message = "must have at most {max} numbers.")
        List<@WholeNumber(min = 0, max = MAX_MILLIS, message = LATENCY) Integer> latencies) {

  private static final String TRANSPORT = "must be websocket, stream or polling.";
  private static final String LATENCY = "must be whole numbers from {min} to {max}.";

  /** Far more than a client counts between two reports, so one report cannot distort the sums. */
  private static final int MAX_COUNT = 1_000;

  /** Bounds the work per report. */
  private static final int MAX_LATENCIES = 100;

  /** Ten minutes; a longer latency is an error of the client's clock. */
  private static final int MAX_MILLIS = 600_000;

  /** Replaces absent members by their defaults. */
  public ClientReport {
    connected = Objects.requireNonNullElse(connected, 0);
    failed = Objects.requireNonNullElse(failed, 0);
    reconnections = Objects.requireNonNullElse(reconnections, 0);
    errors = Objects.requireNonNullElse(errors, 0);
    latencies = Objects.requireNonNullElse(latencies, List.of());
  }
}
