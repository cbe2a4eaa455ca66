package devfest.studio.delivery;

import devfest.studio.outgoing.Outgoing;
import devfest.studio.outgoing.OutgoingException;
import devfest.studio.outgoing.Reach;
import devfest.studio.outgoing.Request;
import devfest.studio.outgoing.Response;
import devfest.studio.tracing.Step;
import devfest.studio.tracing.Tracing;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Sends requests to receivers that users have chosen. Redirects are not followed. Safe for use from
 * many threads.
 */
@ApplicationScoped
public class Receivers {

  /** What a request is for. */
  public enum Kind {
    WEBHOOK,
    PUSH
  }

  /** What came of a request. */
  public enum Result {
    ACCEPTED,
    /** The receiver responded with another status than 2xx. */
    REFUSED,
    /** There was no response. */
    UNREACHED
  }

  /** As the specification of Standard Webhooks recommends (15 to 30 seconds). */
  static final Duration DEADLINE = Duration.ofSeconds(15);

  private final Outgoing client;
  private final Tracing tracing;
  private final Clock clock;
  private final Map<Kind, Map<Result, LongAdder>> counts = new EnumMap<>(Kind.class);

  @Inject
  public Receivers(DeliverySettings settings, Tracing tracing, Clock clock) {
    // Reads no body, because the status says everything.
    this.client =
        new Outgoing(settings.allowPrivate() ? Reach.ANYWHERE : Reach.PUBLIC, DEADLINE, 0);
    this.tracing = tracing;
    this.clock = clock;
    for (Kind kind : Kind.values()) {
      Map<Result, LongAdder> results = new EnumMap<>(Result.class);
      for (Result result : Result.values()) {
        results.put(result, new LongAdder());
      }
      counts.put(kind, results);
    }
  }

  /** The number of requests of this node so far. */
  public long count(Kind kind, Result result) {
    return adder(kind, result).sum();
  }

  private LongAdder adder(Kind kind, Result result) {
    return Objects.requireNonNull(Objects.requireNonNull(counts.get(kind)).get(result));
  }

  /**
   * Checks that a URL may be requested. A host that cannot be found now is permitted.
   *
   * @throws OutgoingException if the host has an address to which requests are not allowed
   */
  public void check(URI url) throws OutgoingException {
    try {
      client.check(url);
    } catch (OutgoingException e) {
      if (e.reason() == OutgoingException.Reason.FORBIDDEN_ADDRESS) {
        throw e;
      }
    }
  }

  /**
   * Sends a request once.
   *
   * @param causes the steps of traces that caused it
   * @param request called within the step of the request
   * @throws InterruptedException if the thread is interrupted while it waits for the response
   */
  public Outcome send(Kind kind, Set<String> causes, Supplier<Request> request)
      throws InterruptedException {
    try (Step step = tracing.calling("send events", causes)) {
      Outcome outcome = exchange(request.get());
      if (outcome.error() != null) {
        step.failed(outcome.error());
      }
      adder(kind, result(outcome)).increment();
      return outcome;
    }
  }

  private static Result result(Outcome outcome) {
    if (outcome.isAccepted()) {
      return Result.ACCEPTED;
    }
    return outcome.status() == null ? Result.UNREACHED : Result.REFUSED;
  }

  private Outcome exchange(Request request) throws InterruptedException {
    long start = System.nanoTime();
    try (Response response = client.open(request)) {
      int status = response.status();
      String error =
          status / 100 == 2 ? null : "The receiver responded with status %d.".formatted(status);
      return new Outcome(status, error, since(start), retryAfter(response));
    } catch (OutgoingException e) {
      String error = "The receiver " + e.getMessage() + '.';
      return new Outcome(null, error, since(start), Optional.empty());
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Seconds, or a date (RFC 9110 § 10.2.3). */
  private Optional<Duration> retryAfter(Response response) {
    try {
      return response.header("retry-after").map(String::strip).map(this::pause);
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private Duration pause(String text) {
    if (!text.isEmpty() && Character.isDigit(text.charAt(0))) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
    return Duration.between(clock.instant(), until);
  }
}
