package devfest.studio.security;

import devfest.studio.base.Sha256;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Event: the tokens of a user were revoked at this node. Observers close the streams that were
 * opened with them, on every node.
 *
 * @param subject identifies the user, see {@link #subject}
 * @param at tokens issued up to this instant are revoked; whole milliseconds
 * @param until when no such token is valid any longer
 */
public record UserRevoked(String subject, Instant at, Instant until) {

  /** Identifies a user without the user id, so that the row may outlive the erased user. */
  static String subject(String userId) {
    return Sha256.hex(userId);
  }

  /**
   * Whether a token of the user is revoked. A time of issue in whole seconds may be up to a second
   * too early, so a token of the same second is revoked.
   *
   * @param issued when the token was issued; null if unknown
   */
  boolean covers(@Nullable Instant issued) {
    return issued == null || !issued.isAfter(at);
  }
}
