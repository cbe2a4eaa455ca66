package devfest.studio.push;

import com.nimbusds.jose.crypto.utils.ECChecks;
import com.nimbusds.jose.jwk.Curve;
import devfest.studio.http.Problem;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The keys of a browser's subscription (RFC 8291 § 3) in base64url, with or without padding.
 *
 * @param p256dh a public key: an uncompressed point on the curve P-256
 * @param auth 16 random bytes
 */
@Schema(name = "PushSubscriptionKeys")
public record BrowserKeys(
    @NotNull(message = POINT_RULE) @Pattern(regexp = "[A-Za-z0-9_-]{87}=?", message = POINT_RULE)
        String p256dh,
    @NotNull(message = AUTH_RULE) @Pattern(regexp = "[A-Za-z0-9_-]{22}(?:==)?", message = AUTH_RULE)
        String auth) {

  private static final String POINT_RULE =
      "must be an uncompressed point on the curve P-256 in base64url.";
  private static final String AUTH_RULE = "must be 16 bytes in base64url.";

  private static final byte UNCOMPRESSED = 4;
  private static final int COORDINATE = 32;

  /**
   * Returns the keys without padding.
   *
   * @throws Problem 400 if the public key is not on the curve
   */
  BrowserKeys checked() {
    byte[] point = Base64.getUrlDecoder().decode(p256dh);
    BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + COORDINATE));
    BigInteger y = new BigInteger(1, Arrays.copyOfRange(point, 1 + COORDINATE, point.length));
    if (point[0] != UNCOMPRESSED
        || !ECChecks.isPointOnCurve(x, y, Curve.P_256.toECParameterSpec())) {
      throw Problem.badRequest("keys.p256dh " + POINT_RULE);
    }
    byte[] secret = Base64.getUrlDecoder().decode(auth);
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    return new BrowserKeys(encoder.encodeToString(point), encoder.encodeToString(secret));
  }
}
