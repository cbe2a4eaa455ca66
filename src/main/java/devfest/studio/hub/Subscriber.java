package devfest.studio.hub;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who subscribes, as far as limits and the end of a stream depend on it.
 *
 * @param userId null when anonymous
 * @param address the client's address, by which anonymous readers are counted
 * @param until when the token ends and the stream with it; null for never
 * @param session by which its streams can be ended together; null for none
 */
public record Subscriber(
    @Nullable String userId, String address, @Nullable Instant until, @Nullable String session) {

  /** What it is counted by, and takes turns by. */
  public String place() {
    return userId == null ? "address " + address : "user " + userId;
  }
}
