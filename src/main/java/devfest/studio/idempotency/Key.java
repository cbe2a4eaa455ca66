package devfest.studio.idempotency;

import devfest.studio.base.Sha256;
import devfest.studio.http.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What makes two requests the same.
 *
 * @param id of the user, the call and the client's key
 * @param request of what is asked, which must then be the same too
 */
public record Key(String id, String request) {

  /** The contract; longer than any UUID. */
  private static final int MAX = 255;

  /**
   * @param key the client's own, null or empty for none
   * @param request what is asked, part by part
   * @throws Problem 400 when the key is too long
   */
  public static Optional<Key> of(
      String user, String call, @Nullable String key, byte[]... request) {
    if (key == null || key.isEmpty()) {
      return Optional.empty();
    }
    if (key.length() > MAX) {
      throw Problem.badRequest("An idempotency key has at most " + MAX + " characters");
    }
    return Optional.of(new Key(hash(bytes(user), bytes(call), bytes(key)), hash(request)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Each part with its length, so that no two lists of parts give the same. */
  private static String hash(byte[]... parts) {
    MessageDigest digest = Sha256.begin();
    for (byte[] part : parts) {
      digest.update(bytes(part.length + ":"));
      digest.update(part);
    }
    return Sha256.hex(digest);
  }
}
