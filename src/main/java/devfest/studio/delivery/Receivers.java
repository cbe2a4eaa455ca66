package devfest.studio.delivery;

import devfest.studio.outgoing.Outgoing;
import devfest.studio.outgoing.OutgoingException;
import devfest.studio.outgoing.Reach;
import devfest.studio.outgoing.Request;
import devfest.studio.outgoing.Response;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends requests to receivers that users have chosen. Redirects are not followed. Safe for use from
 * many threads.
 */
@ApplicationScoped
public class Receivers {

  /** As the specification of Standard Webhooks recommends (15 to 30 seconds). */
  static final Duration DEADLINE = Duration.ofSeconds(15);

  private final Outgoing client;

  @Inject
  public Receivers(DeliverySettings settings) {
    // Reads no body, because the status says everything.
    this.client =
        new Outgoing(settings.allowPrivate() ? Reach.ANYWHERE : Reach.PUBLIC, DEADLINE, 0);
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
   * @throws InterruptedException if the thread is interrupted while it waits for the response
   */
  public Outcome send(Request request) throws InterruptedException {
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

  /** Only the form in seconds (RFC 9110 § 10.2.3). */
  private static Optional<Duration> retryAfter(Response response) {
    try {
      return response
          .header("retry-after")
          .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds.strip())));
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
