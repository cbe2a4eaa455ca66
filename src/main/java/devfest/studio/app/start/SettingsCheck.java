package devfest.studio.app.start;

import devfest.studio.settings.Values;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Checks every setting before CDI assembles the application, because servers treat a wrong value
 * differently: one fails with its own message, another uses the default. Then makes the settings
 * records injectable.
 */
public class SettingsCheck implements Extension {

  private static final Logger LOG = System.getLogger(SettingsCheck.class.getName());

  void check(@Observes BeforeBeanDiscovery start) {
    for (String variable : Settings.unknownVariables(System.getenv().keySet())) {
      LOG.log(
          Level.WARNING,
          "The environment variable " + variable + " does not name a property of the studio");
    }
    run();
  }

  /**
   * Fails the start if a setting is wrong. {@link FailingFast} calls this too, because Payara opens
   * the persistence unit, which needs some settings, before it discovers beans.
   */
  public static void run() {
    Config config = config();
    List<String> faults =
        Settings.faults(name -> config.getOptionalValue(name, String.class), names(config));
    if (!faults.isEmpty()) {
      faults.forEach(fault -> LOG.log(Level.ERROR, fault));
      throw FailedStart.of(
          faults.size() == 1 ? faults.get(0) : faults.size() + " settings are wrong, see above");
    }
  }

  private static Config config() {
    return ConfigProvider.getConfig(SettingsCheck.class.getClassLoader());
  }

  /** Returns the property names found in files and system properties. */
  private static Set<String> names(Config config) {
    Set<String> names = new TreeSet<>(System.getProperties().stringPropertyNames());
    for (ConfigSource source : config.getConfigSources()) {
      if (!source.getClass().getSimpleName().contains("Env")) {
        names.addAll(source.getPropertyNames());
      }
    }
    names.removeAll(System.getenv().keySet()); // a source may include environment variables
    return names;
  }

  void provide(@Observes AfterBeanDiscovery beans) {
    Settings.RECORDS.forEach(group -> add(beans, group));
  }

  private static <T> void add(AfterBeanDiscovery beans, Settings.Group<T> group) {
    beans
        .<T>addBean()
        .id(group.type().getName())
        .types(group.type(), Object.class)
        .createWith(context -> group.from(Values.of(SettingsCheck::value)));
  }

  private static Optional<String> value(String name) {
    return config().getOptionalValue(name, String.class);
  }
}
