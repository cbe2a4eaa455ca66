package devfest.studio.idempotency;

import devfest.studio.base.Sha256;
import devfest.studio.http.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Identifies an idempotent request.
 *
 * @param user the user who sends the request
 * @param id hash of the user, the operation and the client's idempotency key
 * @param request hash of the request content; it must be equal for every request with the same id
 */
public record Key(String user, String id, String request) {

  /** Limit of the API contract; leaves room for any UUID or prefixed key. */
  private static final int MAX = 255;

  /**
   * Hashes the parts of a key.
   *
   * @param user id of the user who sends the request
   * @param call name of the operation
   * @param key the idempotency key of the client; null or empty if the client sent none
   * @param request the parts of the request content
   * @return empty if the client sent no key
   * @throws Problem 400 if the key is too long
   */
  public static Optional<Key> of(
      String user, String call, @Nullable String key, byte[]... request) {
    if (key == null || key.isEmpty()) {
      return Optional.empty();
    }
    if (key.length() > MAX) {
      throw Problem.badRequest("An idempotency key has at most " + MAX + " characters.");
    }
    return Optional.of(new Key(user, hash(bytes(user), bytes(call), bytes(key)), hash(request)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Hashes each part with its length, so different lists of parts never produce the same input. */
  private static String hash(byte[]... parts) {
    MessageDigest digest = Sha256.begin();
    for (byte[] part : parts) {
      digest.update(bytes(part.length + ":"));
      digest.update(part);
    }
    return Sha256.hex(digest);
  }
}
