package devfest.studio.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Creates the tokens that the studio itself issues. */
final class OwnTokens {

  private OwnTokens() {}

  /** Names that only the studio gives: of guests, and public ids in place of an address. */
  private static final Pattern OWN_NAME =
      Pattern.compile("guest-[0-9a-f]{16}|user-[0-9a-f]{10}", Pattern.CASE_INSENSITIVE);

  /** Whether a user id belongs to the studio, so that no other issuer may claim it. */
  static boolean isOwnName(String user) {
    return OWN_NAME.matcher(user).matches();
  }

  /**
   * Signs a token. Its time of issue has milliseconds (RFC 7519 § 2), so that the token is accepted
   * if the user's earlier tokens were revoked in the same second.
   *
   * @param key an RSA key, or an EC key on the curve P-256; has an id
   * @param name the name that others see; null to leave the claim out
   */
  static String sign(
      JWK key,
      String issuer,
      String user,
      @Nullable String name,
      Collection<String> groups,
      Instant now,
      Instant end) {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject(user)
            .claim("upn", user)
            .claim("name", name)
            .claim("groups", new ArrayList<>(groups))
            .jwtID(UUID.randomUUID().toString())
            .claim("iat", BigDecimal.valueOf(now.toEpochMilli(), 3))
            .claim("exp", end.getEpochSecond())
            .build();
    JWSAlgorithm algorithm =
        key.getKeyType().equals(KeyType.RSA) ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256;
    JWSHeader header =
        new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).type(JOSEObjectType.JWT).build();
    try {
      SignedJWT token = new SignedJWT(header, claims);
      token.sign(new DefaultJWSSignerFactory().createJWSSigner(key, algorithm));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("The key " + key.getKeyID() + " cannot sign a token", e);
    }
  }
}
