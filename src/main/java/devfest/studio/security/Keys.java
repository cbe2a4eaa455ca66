package devfest.studio.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;

/** Reads public keys. */
final class Keys {

  private Keys() {}

  /**
   * Parses PEM, a JWK or a JWK set, the last two optionally in Base64URL (MicroProfile JWT § 9.2).
   *
   * @throws ParseException if the text has none of these formats
   */
  static JWKSet parse(String text) throws ParseException {
    String key = text.strip();
    try {
      if (!key.startsWith("{")) {
        byte[] decoded =
            Base64.getMimeDecoder()
                .decode(
                    key.replaceAll("-----[A-Z ]+-----", "").replace('-', '+').replace('_', '/'));
        key = new String(decoded, StandardCharsets.UTF_8).strip();
        if (!key.startsWith("{")) {
          return new JWKSet(publicKey(decoded));
        }
      }
      JWKSet set =
          key.contains("\"keys\"") ? JWKSet.parse(key) : new JWKSet(List.of(JWK.parse(key)));
      return set.toPublicJWKSet(); // drops shared secrets
    } catch (GeneralSecurityException | JOSEException | IllegalArgumentException e) {
      ParseException wrong = new ParseException("The key is not in PEM, JWK or JWK set format", 0);
      wrong.initCause(e);
      throw wrong;
    }
  }

  private static JWK publicKey(byte[] x509) throws GeneralSecurityException, JOSEException {
    X509EncodedKeySpec encoded = new X509EncodedKeySpec(x509);
    try {
      return new RSAKey.Builder(
              (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(encoded))
          .build();
    } catch (InvalidKeySpecException e) {
      ECPublicKey key = (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(encoded);
      Curve curve = Curve.forECParameterSpec(key.getParams());
      if (curve == null) {
        throw new JOSEException("The key's curve is not one of RFC 7518");
      }
      return new ECKey.Builder(curve, key).build();
    }
  }
}
