package devfest.studio.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.DefaultJOSEProcessor;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;

/** A trusted issuer of tokens and its keys. Thread-safe. */
final class Issuer {

  private static final Logger LOG = System.getLogger(Issuer.class.getName());

  /** The "typ" header may be absent; "application/" may be omitted (RFC 7515 § 4.1.9). */
  private static final DefaultJOSEObjectTypeVerifier<SecurityContext> TYPES =
      new DefaultJOSEObjectTypeVerifier<>(
          JOSEObjectType.JWT,
          new JOSEObjectType("at+jwt"),
          new JOSEObjectType("application/jwt"),
          new JOSEObjectType("application/at+jwt"),
          null);

  private final JWKSource<SecurityContext> keys;
  private final DefaultJOSEProcessor<SecurityContext> processor = new DefaultJOSEProcessor<>();

  Issuer(JWKSource<SecurityContext> keys, Set<JWSAlgorithm> algorithms) {
    this.keys = keys;
    processor.setJWSTypeVerifier(TYPES);
    processor.setJWSKeySelector(new Matching(algorithms, keys));
  }

  /**
   * Checks type, algorithm and signature.
   *
   * @throws KeySourceException while the keys of the issuer are not available
   */
  void verify(JWSObject signed) throws BadJOSEException, JOSEException {
    processor.process(signed, null);
  }

  void fetchKeys() {
    try {
      keys.get(new JWKSelector(new JWKMatcher.Builder().build()), null);
    } catch (KeySourceException e) {
      LOG.log(Level.DEBUG, "The keys are not available yet", e); // RemoteKeys has logged the cause
    }
  }

  void close() {
    if (keys instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "A key source could not be closed", e);
      }
    }
  }

  /** Selects keys by id; a key without an id matches every token. */
  private static final class Matching extends JWSVerificationKeySelector<SecurityContext> {

    Matching(Set<JWSAlgorithm> algorithms, JWKSource<SecurityContext> keys) {
      super(algorithms, keys);
    }

    @Override
    protected JWKMatcher createJWKMatcher(JWSHeader header) {
      JWKMatcher.Builder matcher =
          new JWKMatcher.Builder()
              .keyType(KeyType.forAlgorithm(header.getAlgorithm()))
              .keyUses(KeyUse.SIGNATURE, null)
              .algorithms(header.getAlgorithm(), null);
      return (header.getKeyID() == null ? matcher : matcher.keyIDs(header.getKeyID(), null))
          .build();
    }
  }
}
