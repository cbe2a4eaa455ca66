package devfest.studio.security;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The public keys that {@code mp.jwt.verify.publickey} or {@code .location} name. */
final class VerificationKeys {

  private VerificationKeys() {}

  /**
   * @return empty when neither property is set
   * @throws IllegalStateException when what they name can't be read as keys
   */
  static Optional<JWKSource<SecurityContext>> of(Function<String, Optional<String>> setting) {
    Optional<String> inline =
        setting.apply(TokenConfig.KEY).filter(key -> !TokenConfig.isNone(key));
    if (inline.isPresent()) {
      return Optional.of(parse(inline.get()));
    }
    return setting.apply(TokenConfig.LOCATION).map(VerificationKeys::load);
  }

  private static JWKSource<SecurityContext> load(String location) {
    try {
      if (location.startsWith("http:") || location.startsWith("https:")) {
        return JWKSourceBuilder.create(URI.create(location).toURL()).retrying(true).build();
      }
      if (location.startsWith("file:")) {
        return parse(Files.readString(Path.of(URI.create(location))));
      }
      String name = location.replaceFirst("^classpath:", "").replaceFirst("^/", "");
      try (InputStream in =
          Thread.currentThread().getContextClassLoader().getResourceAsStream(name)) {
        if (in == null) {
          throw new IllegalStateException("mp.jwt.verify.publickey.location: no " + location);
        }
        return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new IllegalStateException("mp.jwt.verify.publickey.location can't be read", e);
    }
  }

  /** PEM, a JWK or a JWK set, or one of the last two in Base64URL (MicroProfile JWT § 9.2). */
  private static JWKSource<SecurityContext> parse(String text) {
    String key = text.strip();
    try {
      if (!key.startsWith("{")) {
        byte[] decoded =
            Base64.getMimeDecoder()
                .decode(
                    key.replaceAll("-----[A-Z ]+-----", "").replace('-', '+').replace('_', '/'));
        String json = new String(decoded, StandardCharsets.UTF_8).strip();
        if (!json.startsWith("{")) {
          // A bare key has no id of its own: it is the one, whatever id a token names.
          List<JWK> only = List.of(publicKey(decoded));
          return (selector, context) -> only;
        }
        key = json;
      }
      return new ImmutableJWKSet<>(
          key.contains("\"keys\"") ? JWKSet.parse(key) : new JWKSet(JWK.parse(key)));
    } catch (GeneralSecurityException | IllegalArgumentException | ParseException e) {
      throw new IllegalStateException("mp.jwt.verify.publickey holds no usable key", e);
    }
  }

  private static JWK publicKey(byte[] x509) throws GeneralSecurityException {
    X509EncodedKeySpec encoded = new X509EncodedKeySpec(x509);
    try {
      return new RSAKey.Builder(
              (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(encoded))
          .build();
    } catch (InvalidKeySpecException e) {
      ECPublicKey key = (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(encoded);
      return new ECKey.Builder(Curve.forECParameterSpec(key.getParams()), key).build();
    }
  }
}
