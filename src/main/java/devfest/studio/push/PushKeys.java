package devfest.studio.push;

import com.interaso.webpush.VapidKeys;
import devfest.studio.security.SharedKeys;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The key pair with which the studio identifies itself to push services (VAPID, RFC 8292). A
 * subscription is valid for one key, so it is created once, and all nodes read it from the
 * database. The private half never leaves the studio. Thread-safe.
 */
@ApplicationScoped
class PushKeys {

  private static final String ROW = "push";
  private static final int SCALAR_BYTES = 32;

  private final SharedKeys keys;
  private volatile @Nullable VapidKeys loaded;

  @Inject
  PushKeys(SharedKeys keys) {
    this.keys = keys;
  }

  /** Returns the public key in base64url, as browsers take it. */
  String publicKey() {
    return encode(pair().getApplicationServerKey());
  }

  VapidKeys pair() {
    VapidKeys known = loaded;
    if (known == null) {
      known = read();
      loaded = known;
    }
    return known;
  }

  private VapidKeys read() {
    try {
      return of(keys.get(ROW, () -> text(VapidKeys.generate())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what {@link #text} has written. */
  static VapidKeys of(String text) {
    int dot = text.indexOf('.');
    return VapidKeys.fromUncompressedBytes(text.substring(0, dot), text.substring(dot + 1));
  }

  /** Returns both halves: the uncompressed point and the scalar. */
  static String text(VapidKeys pair) {
    byte[] scalar = new byte[SCALAR_BYTES];
    BigInteger number = pair.getPrivateKey().getS();
    byte[] bytes = number.toByteArray(); // without leading zeros, or with one for the sign
    int length = Math.min(bytes.length, SCALAR_BYTES);
    System.arraycopy(bytes, bytes.length - length, scalar, SCALAR_BYTES - length, length);
    return encode(pair.getApplicationServerKey()) + '.' + encode(scalar);
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
