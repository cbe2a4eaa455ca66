package devfest.studio.security;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * What the server's own MicroProfile JWT is told where the operator has said nothing: in dev mode
 * to trust the dev key, otherwise an issuer that no token has. Without any issuer Payara answers
 * each token with 500 instead of 401.
 */
public final class TokenConfig implements ConfigSource {

  static final String KEY = "mp.jwt.verify.publickey";
  static final String ISSUER = "mp.jwt.verify.issuer";
  static final String NO_ISSUER = "urn:devfest-studio:no-issuer-configured";

  /** Below every source of the operator's. */
  private static final int ORDINAL = 50;

  private Map<String, String> values;

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }

  @Override
  public Set<String> getPropertyNames() {
    return Set.of(KEY, ISSUER);
  }

  @Override
  public Map<String, String> getProperties() {
    return values();
  }

  @Override
  public String getValue(String name) {
    return getPropertyNames().contains(name) ? values().get(name) : null;
  }

  private synchronized Map<String, String> values() {
    if (values == null) {
      values =
          DevMode.on(ConfigProvider.getConfig())
              ? Map.of(
                  KEY,
                  DevKeys.in(DevMode.dataDir(ConfigProvider.getConfig())).publicKey(),
                  ISSUER,
                  DevKeys.ISSUER)
              : Map.of(ISSUER, NO_ISSUER);
    }
    return values;
  }

  @Override
  public String getName() {
    return "studio tokens";
  }
}
