package devfest.studio.security;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * In dev mode, tells the server's own MicroProfile JWT to trust the dev key. Outside it, and where
 * an operator has configured a key, says nothing.
 */
public final class DevConfig implements ConfigSource {

  /** Below every source of the operator's. */
  private static final int ORDINAL = 50;

  private static final String KEY = "mp.jwt.verify.publickey";
  private static final String ISSUER = "mp.jwt.verify.issuer";

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
              : Map.of();
    }
    return values;
  }

  @Override
  public String getName() {
    return "studio dev mode";
  }
}
