package devfest.studio.security;

import devfest.studio.events.Pseudonyms;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The ids under which others see users. They contain no e-mail address, and an address cannot be
 * guessed from them without the key, which the nodes share in the database. Thread-safe.
 */
@ApplicationScoped
public class PublicIds implements Pseudonyms {

  private static final int KEY_BYTES = 32;

  /** Of a pseudonym: 40 bits, so that two of a conference's users hardly ever share one. */
  private static final int DIGITS = 10;

  private final SharedKeys keys;
  private volatile byte @Nullable [] key;

  @Inject
  PublicIds(SharedKeys keys) {
    this.keys = keys;
  }

  /** Returns the user id itself or, if it contains an {@code @}, a stable pseudonym. */
  @Override
  public String of(String user) {
    if (user.indexOf('@') < 0) {
      return user;
    }
    byte[] known = key;
    if (known == null) {
      known = load();
      key = known;
    }
    return pseudonym(user, known);
  }

  private byte[] load() {
    try {
      return HexFormat.of().parseHex(keys.get("public-ids", PublicIds::random));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String random() {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  static String pseudonym(String user, byte[] key) {
    byte[] mac = Signature.hmac(key, user.getBytes(StandardCharsets.UTF_8));
    return "user-" + HexFormat.of().formatHex(mac).substring(0, DIGITS);
  }
}
