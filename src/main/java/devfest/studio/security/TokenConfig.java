package devfest.studio.security;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * What the server's own MicroProfile JWT is told where the operator has said nothing: in dev mode
 * to trust the dev key, otherwise an issuer that no token has and a key that signs none. Without an
 * issuer Payara, and without a key WildFly, would answer each token with 500 instead of 401. An
 * expired token is forgiven one second, the least that SmallRye takes for an answer; its own
 * default is a minute.
 */
public final class TokenConfig implements ConfigSource {

  static final String KEY = "mp.jwt.verify.publickey";
  static final String ISSUER = "mp.jwt.verify.issuer";
  static final String LOCATION = "mp.jwt.verify.publickey.location";
  static final String SKEW = "mp.jwt.verify.clock.skew";
  static final String NO_ISSUER = "urn:devfest-studio:no-issuer-configured";

  /** Stands where no key is configured: no token can be signed for it. Null until it was needed. */
  private static volatile String nobodysKey;

  private static final Set<String> NAMES = Set.of(KEY, ISSUER, SKEW);

  /** Below every source of the operator's. */
  private static final int ORDINAL = 50;

  private Map<String, String> values;

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }

  @Override
  public Set<String> getPropertyNames() {
    return NAMES;
  }

  @Override
  public Map<String, String> getProperties() {
    return values();
  }

  @Override
  public String getValue(String name) {
    return NAMES.contains(name) ? values().get(name) : null;
  }

  private synchronized Map<String, String> values() {
    if (values == null) {
      Config config = ConfigProvider.getConfig();
      Map<String, String> told = new HashMap<>(Map.of(SKEW, "1"));
      if (DevMode.on(config)) {
        told.put(KEY, DevKeys.in(DevMode.dataDir(config)).publicKey());
        told.put(ISSUER, DevKeys.ISSUER);
      } else {
        told.put(ISSUER, NO_ISSUER);
        if (config.getOptionalValue(LOCATION, String.class).isEmpty()) {
          nobodysKey = withoutPrivateHalf();
          told.put(KEY, nobodysKey);
        }
      }
      values = Map.copyOf(told);
    }
    return values;
  }

  /** Whether a configured key is the one that stands for none. */
  static boolean isNone(String key) {
    return key.equals(nobodysKey);
  }

  /** The public half of a pair whose other half was thrown away. */
  private static String withoutPrivateHalf() {
    try {
      return Base64.getEncoder()
          .encodeToString(
              KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic().getEncoded());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has RSA (java.security.KeyPairGenerator)", e);
    }
  }

  @Override
  public String getName() {
    return "studio tokens";
  }
}
