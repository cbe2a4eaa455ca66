package devfest.studio.push;

import com.interaso.webpush.WebPush;
import devfest.studio.delivery.Outcome;
import devfest.studio.delivery.Receivers;
import devfest.studio.http.Links;
import devfest.studio.outgoing.Request;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * Encrypts messages for a browser (RFC 8291) and sends them to its push service (RFC 8030). Safe
 * for use from many threads.
 */
@ApplicationScoped
class PushSender {

  /** The contact of a studio without a public https URL. RFC 2606 reserves the name. */
  private static final String NOBODY = "mailto:studio@localhost.invalid";

  private final Receivers receivers;
  private final PushKeys keys;
  private final PushSettings settings;
  private final Links links;

  @Inject
  PushSender(Receivers receivers, PushKeys keys, PushSettings settings, Links links) {
    this.receivers = receivers;
    this.keys = keys;
    this.settings = settings;
    this.links = links;
  }

  /** Loads the key pair, so that {@link #send} uses no database. */
  void loadKeys() {
    var ignored = keys.pair();
  }

  /**
   * Sends a message once.
   *
   * @throws InterruptedException if the thread is interrupted while it waits for the response
   */
  Outcome send(PushSubscription.Browser browser, PushMessage message) throws InterruptedException {
    return receivers.send(Receivers.Kind.PUSH, message.causes(), () -> request(browser, message));
  }

  private Request request(PushSubscription.Browser browser, PushMessage message) {
    WebPush push = new WebPush(contact(), keys.pair());
    Map<String, String> headers =
        push.getHeaders(
            browser.endpoint().toString(),
            Math.toIntExact(message.life().toSeconds()),
            message.topic(),
            message.urgency());
    byte[] body =
        push.getBody(
            message.body().getBytes(StandardCharsets.UTF_8),
            decode(browser.p256dh()),
            decode(browser.auth()));
    return Request.post(browser.endpoint(), headers, body);
  }

  private static byte[] decode(String text) {
    return Base64.getUrlDecoder().decode(text);
  }

  /** Whom the operator of a push service may contact (RFC 8292 § 2.1). */
  private String contact() {
    return settings
        .contact()
        .orElseGet(() -> links.base().startsWith("https://") ? links.base() : NOBODY);
  }
}
