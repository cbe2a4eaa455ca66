package devfest.studio.app.start;

import devfest.studio.app.database.DatabaseSettings;
import devfest.studio.blobs.StorageSettings;
import devfest.studio.cluster.ClusterSettings;
import devfest.studio.cluster.LimitSettings;
import devfest.studio.conference.ConferenceSettings;
import devfest.studio.delivery.DeliverySettings;
import devfest.studio.feeds.assistant.AssistantSettings;
import devfest.studio.feeds.github.GithubSettings;
import devfest.studio.feeds.posts.PostsSettings;
import devfest.studio.feeds.tasks.TaskSettings;
import devfest.studio.http.LinkSettings;
import devfest.studio.http.Loopback;
import devfest.studio.http.ProxySettings;
import devfest.studio.log.LogSettings;
import devfest.studio.photos.ImageSettings;
import devfest.studio.photos.UploadSettings;
import devfest.studio.push.PushSettings;
import devfest.studio.security.AccessSettings;
import devfest.studio.security.CorsSettings;
import devfest.studio.security.GuestSettings;
import devfest.studio.security.JwtSettings;
import devfest.studio.security.OidcSettings;
import devfest.studio.settings.DataSettings;
import devfest.studio.settings.Setting;
import devfest.studio.settings.Values;
import devfest.studio.stream.StreamSettings;
import devfest.studio.transformations.QuotaSettings;
import devfest.studio.transformations.TransformationSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Lists every property of the studio, as declared by the settings records. {@link SettingsCheck}
 * checks their values before anything starts; a test compares the operator's guide with this list.
 */
final class Settings {

  /**
   * Settings of one concern.
   *
   * @param reader declares and reads the properties
   */
  record Group<T>(Class<T> type, Function<Values, T> reader) {

    T from(Values values) {
      return reader.apply(values);
    }
  }

  /** The records, in the order of the operator's guide. */
  static final List<Group<?>> RECORDS =
      List.of(
          new Group<>(DataSettings.class, DataSettings::from),
          new Group<>(DatabaseSettings.class, DatabaseSettings::from),
          new Group<>(ClusterSettings.class, ClusterSettings::from),
          new Group<>(LimitSettings.class, LimitSettings::from),
          new Group<>(StorageSettings.class, StorageSettings::from),
          new Group<>(LinkSettings.class, LinkSettings::from),
          new Group<>(AccessSettings.class, AccessSettings::from),
          new Group<>(GuestSettings.class, GuestSettings::from),
          new Group<>(ConferenceSettings.class, ConferenceSettings::from),
          new Group<>(CorsSettings.class, CorsSettings::from),
          new Group<>(StreamSettings.class, StreamSettings::from),
          new Group<>(LogSettings.class, LogSettings::from),
          new Group<>(UploadSettings.class, UploadSettings::from),
          new Group<>(ImageSettings.class, ImageSettings::from),
          new Group<>(TransformationSettings.class, TransformationSettings::from),
          new Group<>(QuotaSettings.class, QuotaSettings::from),
          new Group<>(TaskSettings.class, TaskSettings::from),
          new Group<>(AssistantSettings.class, AssistantSettings::from),
          new Group<>(GithubSettings.class, GithubSettings::from),
          new Group<>(PostsSettings.class, PostsSettings::from),
          new Group<>(DeliverySettings.class, DeliverySettings::from),
          new Group<>(PushSettings.class, PushSettings::from),
          new Group<>(ProxySettings.class, ProxySettings::from),
          new Group<>(JwtSettings.class, JwtSettings::from),
          new Group<>(OidcSettings.class, OidcSettings::from));

  static final List<Setting> ALL = declared();

  private static final String PREFIX = "studio.";
  private static final String ENVIRONMENT_PREFIX = "STUDIO_";

  private Settings() {}

  private static List<Setting> declared() {
    Values none = Values.of(name -> Optional.empty());
    RECORDS.forEach(group -> group.from(none));
    return none.declared();
  }

  /**
   * Returns one line for each error in the configuration.
   *
   * @param values returns the value of a property, or empty if it is not set
   * @param names the property names found in files and system properties
   */
  static List<String> faults(Function<String, Optional<String>> values, Collection<String> names) {
    Values checked = Values.check(values);
    RECORDS.forEach(group -> group.from(checked));
    List<String> faults = new ArrayList<>(checked.faults());
    exposedDevMode(values).ifPresent(faults::add);
    for (String name : new TreeSet<>(names)) {
      if (!name.startsWith(PREFIX)) {
        continue;
      }
      Optional<Setting> setting = ALL.stream().filter(known -> known.names(name)).findFirst();
      if (setting.isEmpty()) {
        faults.add(unknown(name));
      } else if (setting.get().isPattern()) {
        values
            .apply(name)
            .flatMap(value -> setting.get().fault(name, value))
            .ifPresent(faults::add);
      }
    }
    return faults;
  }

  /**
   * Dev mode issues tokens for any user, so it must not run where others can reach it. Each record
   * alone was checked before.
   */
  private static Optional<String> exposedDevMode(Function<String, Optional<String>> values) {
    Values each = Values.check(values); // a value that is not allowed counts as the default
    if (!AccessSettings.from(each).devMode()) {
      return Optional.empty();
    }
    return LinkSettings.from(each)
        .publicUrl()
        .filter(url -> !Loopback.isHost(URI.create(url).getHost()))
        .map(
            url ->
                "studio.public-url is '"
                    + Setting.shown(url)
                    + "', but must be a loopback address, such as http://localhost:8080, because"
                    + " studio.dev-mode is 'true'.");
  }

  private static String unknown(String name) {
    String shown = name.replaceAll("\\p{Cntrl}", "?");
    return shown
        + " is not a property of the studio"
        + nearest(name)
            .map(known -> ". Did you mean " + known + "?")
            .orElse("; docs/operate/settings.md lists all properties.");
  }

  /** Returns a known property that differs by at most two characters. */
  private static Optional<String> nearest(String name) {
    return ALL.stream().map(Setting::name).filter(known -> distance(known, name) <= 2).findFirst();
  }

  /** Returns the number of insertions, deletions and substitutions (Levenshtein distance). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  /**
   * Returns the environment variables with the studio's prefix that name no property. Kubernetes
   * sets such variables for a service called studio.
   */
  static List<String> unknownVariables(Collection<String> environment) {
    return environment.stream()
        .filter(name -> name.startsWith(ENVIRONMENT_PREFIX))
        .filter(name -> ALL.stream().noneMatch(setting -> isVariable(setting, name)))
        .sorted()
        .toList();
  }

  private static boolean isVariable(Setting setting, String variable) {
    String pattern =
        setting
            .name()
            .replaceAll("[^A-Za-z0-9]", "_")
            .toUpperCase(Locale.ROOT)
            .replace("_NAME_", "_[A-Z0-9_]+_");
    return variable.matches(pattern);
  }
}
