package devfest.studio.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotAuthorizedException;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.config.Config;

/**
 * Verifies tokens as MicroProfile JWT 2.1 § 4 asks, by the same {@code mp.jwt.verify.*} keys that
 * the server verifies the header's token with.
 */
@ApplicationScoped
public class Tokens {

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

  private final UnaryOperator<String> setting;
  private final DefaultJWTProcessor<SecurityContext> processor;

  @Inject
  Tokens(Config config) {
    this(name -> config.getOptionalValue(name, String.class).orElse(null));
  }

  protected Tokens() {
    this(name -> null);
  }

  /**
   * @param setting gives the value of a property, null for none
   * @throws IllegalStateException when what should be a key is none
   */
  Tokens(UnaryOperator<String> setting) {
    this.setting = setting;
    this.processor = VerificationKeys.of(this::value).map(this::processor).orElse(null);
  }

  private DefaultJWTProcessor<SecurityContext> processor(JWKSource<SecurityContext> keys) {
    DefaultJWTProcessor<SecurityContext> verifying = new DefaultJWTProcessor<>();
    verifying.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, null)); // "typ" may be absent
    verifying.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms(), keys));
    Optional<String> audiences = value("mp.jwt.verify.audiences");
    JWTClaimsSet.Builder exact = new JWTClaimsSet.Builder();
    value("mp.jwt.verify.issuer").ifPresent(exact::issuer);
    verifying.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            audiences.map(list -> Set.copyOf(Arrays.asList(list.split(",")))).orElse(null),
            exact.build(),
            Set.of("exp"),
            Set.of()));
    return verifying;
  }

  private Set<JWSAlgorithm> algorithms() {
    return value("mp.jwt.verify.publickey.algorithm")
        .map(name -> Set.of(JWSAlgorithm.parse(name)))
        .filter(ALGORITHMS::containsAll)
        .orElse(ALGORITHMS);
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(setting.apply(name));
  }

  /** Why no token can be trusted, for the operator; empty when tokens work. */
  public Optional<String> fault() {
    if (processor == null) {
      return Optional.of("No key in mp.jwt.verify.publickey or .publickey.location");
    }
    return value(TokenConfig.ISSUER)
        .filter(TokenConfig.NO_ISSUER::equals)
        .map(none -> "No issuer in mp.jwt.verify.issuer");
  }

  /**
   * @throws NotAuthorizedException when the token is not one that this studio trusts
   */
  public Caller verify(String token) {
    if (processor == null) {
      throw invalid();
    }
    try {
      Caller caller = caller(processor.process(token, null));
      // The library allows for clocks that differ; a stream that ends with its token would flap.
      if (!caller.until().isAfter(Instant.now())) {
        throw invalid();
      }
      return caller;
    } catch (ParseException | BadJOSEException | JOSEException e) {
      throw invalid();
    }
  }

  static NotAuthorizedException invalid() {
    return new NotAuthorizedException("Invalid token", "Bearer error=\"invalid_token\"");
  }

  private static Caller caller(JWTClaimsSet claims) throws ParseException {
    String name = claims.getStringClaim("upn");
    if (name == null) {
      name = claims.getStringClaim("preferred_username");
    }
    if (name == null) {
      name = claims.getSubject();
    }
    if (name == null || !Caller.isUserId(name)) {
      throw invalid();
    }
    List<String> groups = claims.getStringListClaim("groups");
    return new Caller(
        name,
        groups == null ? Set.of() : Set.copyOf(groups),
        claims.getExpirationTime().toInstant(),
        null);
  }
}
