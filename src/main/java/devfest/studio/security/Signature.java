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
 * The signature that webhooks carry, as GitHub has made it usual: {@code sha256=} and the
 * HMAC-SHA-256 of the raw body.
 */
public final class Signature {

  private static final String PREFIX = "sha256=";
  private static final Pattern FORM = Pattern.compile("sha256=[0-9a-f]{64}");
  private static final String ALGORITHM = "HmacSHA256";

  private Signature() {}

  /** Whether this looks like a signature at all, which is told before a body is read. */
  public static boolean possible(@Nullable String header) {
    return header != null && FORM.matcher(header).matches();
  }

  /** Compares in constant time, whatever is wrong. */
  public static boolean valid(@Nullable String header, String secret, byte[] body) {
    byte[] expected = of(secret, body).getBytes(StandardCharsets.US_ASCII);
    byte[] given = (header == null ? "" : header).getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(expected, given);
  }

  public static String of(String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return PREFIX + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has HMAC-SHA-256 (javax.crypto.Mac)", e);
    }
  }
}
