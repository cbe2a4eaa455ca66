package devfest.studio.webhooks;

import devfest.studio.outgoing.Outgoing;
import devfest.studio.outgoing.OutgoingException;
import devfest.studio.outgoing.Reach;
import devfest.studio.outgoing.Request;
import devfest.studio.outgoing.Response;
import devfest.studio.security.DerivedSecrets;
import devfest.studio.security.Signature;
import devfest.studio.tracing.Step;
import devfest.studio.tracing.Trace;
import devfest.studio.tracing.Tracing;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sends messages with the headers of the Standard Webhooks specification: {@code webhook-id},
 * {@code webhook-timestamp} and {@code webhook-signature}. Redirects are not followed. Safe for use
 * from many threads.
 */
@ApplicationScoped
class Sender {

  /** As the specification recommends (15 to 30 seconds). */
  static final Duration DEADLINE = Duration.ofSeconds(15);

  /** Begins each secret in the text form of the specification. */
  private static final String SECRET = "whsec_";

  private final Outgoing client;
  private final DerivedSecrets secrets;
  private final Tracing tracing;
  private final Clock clock;

  @Inject
  Sender(WebhookSettings settings, DerivedSecrets secrets, Tracing tracing, Clock clock) {
    // Reads no body, because the status says everything.
    this.client =
        new Outgoing(settings.allowPrivate() ? Reach.ANYWHERE : Reach.PUBLIC, DEADLINE, 0);
    this.secrets = secrets;
    this.tracing = tracing;
    this.clock = clock;
  }

  /** Returns the secret of a webhook in the text form of the specification. */
  String secret(Webhook webhook) {
    return SECRET + Base64.getEncoder().encodeToString(key(webhook));
  }

  private byte[] key(Webhook webhook) {
    return secrets.of(webhook.id(), webhook.seed());
  }

  /**
   * Checks that a URL may be requested. A host that cannot be found now is permitted.
   *
   * @throws OutgoingException if the host has an address to which requests are not allowed
   */
  void check(URI url) throws OutgoingException {
    try {
      client.check(url);
    } catch (OutgoingException e) {
      if (e.reason() == OutgoingException.Reason.FORBIDDEN_ADDRESS) {
        throw e;
      }
    }
  }

  /**
   * Sends a message once.
   *
   * @throws InterruptedException if the thread is interrupted while it waits for the response
   */
  Outcome send(Webhook webhook, Message message) throws InterruptedException {
    try (Step step = tracing.calling("send events", message.causes())) {
      step.with("events", message.events());
      Outcome outcome = exchange(webhook, message);
      if (outcome.error() != null) {
        step.failed(outcome.error());
      }
      return outcome;
    }
  }

  private Outcome exchange(Webhook webhook, Message message) throws InterruptedException {
    long start = System.nanoTime();
    try (Response response = client.open(request(webhook, message))) {
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

  private Request request(Webhook webhook, Message message) {
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", message.format().mediaType());
    headers.put("webhook-id", message.id());
    headers.put("webhook-timestamp", timestamp);
    headers.put("webhook-signature", signature(key(webhook), message, timestamp));
    String step = Trace.current();
    if (step != null) {
      headers.put(Trace.HEADER, step);
    }
    return Request.post(webhook.url(), headers, message.body().getBytes(StandardCharsets.UTF_8));
  }

  /** The HMAC-SHA-256 of id, timestamp and body, separated by dots. */
  private static String signature(byte[] key, Message message, String timestamp) {
    String signed = message.id() + '.' + timestamp + '.' + message.body();
    byte[] code = Signature.hmac(key, signed.getBytes(StandardCharsets.UTF_8));
    return "v1," + Base64.getEncoder().encodeToString(code);
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
