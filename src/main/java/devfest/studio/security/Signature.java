package devfest.studio.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The signature of webhooks in GitHub's format: {@code sha256=} and the HMAC-SHA-256 of the raw
 * body as lower-case hexadecimal digits.
 */
public final class Signature {

  private static final String PREFIX = "sha256=";
  private static final Pattern FORM = Pattern.compile("sha256=[0-9a-f]{64}");
  private static final String ALGORITHM = "HmacSHA256";

  private Signature() {}

  /** Whether the header has the form of a signature; checked before the body is read. */
  public static boolean possible(@Nullable String header) {
    return header != null && FORM.matcher(header).matches();
  }

  /** Whether the signature is correct. Compares in constant time, even if the header is null. */
  public static boolean valid(@Nullable String header, String secret, byte[] body) {
    byte[] expected = of(secret, body).getBytes(StandardCharsets.US_ASCII);
    byte[] given = (header == null ? "" : header).getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(expected, given);
  }

  /** Returns the value of the header for a body. */
  public static String of(String secret, byte[] body) {
    return PREFIX + HexFormat.of().formatHex(hmac(secret.getBytes(StandardCharsets.UTF_8), body));
  }

  /** Returns the HMAC-SHA-256 of a message, 32 bytes. */
  public static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "Every Java platform must support HmacSHA256 (javax.crypto.Mac)", e);
    }
  }
}
