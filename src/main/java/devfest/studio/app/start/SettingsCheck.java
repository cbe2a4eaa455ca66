package devfest.studio.app.start;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Checks every setting before the application is assembled: one server would stop there in its own
 * words, another takes the default in the place of a value that it can't read.
 */
public class SettingsCheck implements Extension {

  private static final Logger LOG = System.getLogger(SettingsCheck.class.getName());

  private static boolean done;

  void check(@Observes BeforeBeanDiscovery start) {
    run();
  }

  /**
   * Checks once, whoever comes first: Payara opens the persistence unit before it looks at beans.
   */
  public static synchronized void run() {
    if (done) {
      return;
    }
    Config config = ConfigProvider.getConfig(SettingsCheck.class.getClassLoader());
    for (String variable : Settings.unknownVariables(System.getenv().keySet())) {
      LOG.log(Level.WARNING, "The environment's " + variable + " is no property of the studio");
    }
    List<String> faults =
        new ArrayList<>(
            Settings.faults(name -> config.getOptionalValue(name, String.class), names(config)));
    if (!faults.isEmpty()) {
      faults.forEach(fault -> LOG.log(Level.ERROR, fault));
      throw FailedStart.of(
          faults.size() == 1 ? faults.get(0) : faults.size() + " settings are wrong, see above");
    }
    done = true;
  }

  /** Of files and the system's properties. */
  private static Set<String> names(Config config) {
    Set<String> names = new TreeSet<>(System.getProperties().stringPropertyNames());
    for (ConfigSource source : config.getConfigSources()) {
      if (!source.getClass().getSimpleName().contains("Env")) {
        names.addAll(source.getPropertyNames());
      }
    }
    names.removeAll(System.getenv().keySet()); // a source may name variables, too
    return names;
  }
}
