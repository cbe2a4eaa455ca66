package devfest.studio.hub;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The caller of a subscription, as far as limits and the end of the stream depend on it.
 *
 * @param userId null for an anonymous caller
 * @param address the client's address, by which anonymous callers are limited
 * @param until when the token expires, which closes the stream; null for never
 * @param issued when the token was issued: a later revocation of the user closes the stream; null
 *     if the token does not contain it
 * @param session the session whose end closes the stream; null for none
 */
public record Subscriber(
    @Nullable String userId,
    String address,
    @Nullable Instant until,
    @Nullable Instant issued,
    @Nullable String session) {

  /**
   * The key by which streams are limited and the log is read in turns: the user, or else the
   * address.
   */
  public String quotaKey() {
    return userId == null ? "address " + address : "user " + userId;
  }
}
