package devfest.studio.webhooks;

import devfest.studio.delivery.Outcome;
import devfest.studio.delivery.Receivers;
import devfest.studio.outgoing.Request;
import devfest.studio.security.DerivedSecrets;
import devfest.studio.security.Signature;
import devfest.studio.tracing.Trace;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sends messages with the headers of the Standard Webhooks specification: {@code webhook-id},
 * {@code webhook-timestamp} and {@code webhook-signature}. Safe for use from many threads.
 */
@ApplicationScoped
class Sender {

  /** Begins each secret in the text form of the specification. */
  private static final String SECRET = "whsec_";

  private final Receivers receivers;
  private final DerivedSecrets secrets;
  private final Clock clock;

  @Inject
  Sender(Receivers receivers, DerivedSecrets secrets, Clock clock) {
    this.receivers = receivers;
    this.secrets = secrets;
    this.clock = clock;
  }

  /** Returns the secret of a webhook in the text form of the specification. */
  String secret(Webhook webhook) {
    return SECRET + Base64.getEncoder().encodeToString(key(webhook));
  }

  /** Loads the key of the secrets, so that {@link #send} uses no database. */
  void loadKeys() {
    secrets.load();
  }

  private byte[] key(Webhook webhook) {
    return secrets.of(webhook.id(), webhook.seed());
  }

  /**
   * Sends a message once.
   *
   * @throws InterruptedException if the thread is interrupted while it waits for the response
   */
  Outcome send(Webhook webhook, Message message) throws InterruptedException {
    return receivers.send(
        Receivers.Kind.WEBHOOK, message.causes(), () -> request(webhook, message));
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
}
