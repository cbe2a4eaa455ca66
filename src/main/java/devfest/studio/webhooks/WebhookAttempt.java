package devfest.studio.webhooks;

import devfest.studio.base.Millis;
import devfest.studio.base.Text;
import devfest.studio.delivery.Outcome;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One of the last attempts of a webhook to send a message. The attempts of a webhook take turns in
 * {@value #KEPT} rows, so none has to be deleted. Not thread-safe.
 */
@Entity
@Table(name = "webhook_attempt")
class WebhookAttempt {

  /** Enough for the time in which a user looks for a fault. */
  static final int KEPT = 50;

  /**
   * @param number counts the attempts of the webhook from 1
   * @param events the number of events in the message
   * @param status the status of the response; null if there was none
   * @param error null if the message was accepted
   */
  @Schema(name = "WebhookAttempt")
  public record View(
      long number,
      String messageId,
      int events,
      boolean delivered,
      @Schema(nullable = true) @Nullable Integer status,
      @Schema(nullable = true) @Nullable String error,
      long millis,
      Instant at) {}

  @Id private String id;

  @Column(name = "webhook_id")
  private String webhookId;

  private long number;

  @Column(name = "message_id")
  private String messageId;

  private int events;

  @Column(name = "status_code")
  private @Nullable Integer status;

  private @Nullable String error;
  private long millis;
  private Instant at;

  protected WebhookAttempt() {}

  WebhookAttempt(String webhookId, long number, Message message, Outcome outcome, Instant now) {
    this.id = webhookId + '/' + number % KEPT;
    this.webhookId = webhookId;
    this.number = number;
    this.messageId = message.id();
    this.events = message.events();
    this.status = outcome.status();
    this.error = Text.error(outcome.error());
    this.millis = outcome.took().toMillis();
    this.at = Millis.of(now);
  }

  long number() {
    return number;
  }

  View view() {
    return new View(number, messageId, events, error == null, status, error, millis, at);
  }
}
