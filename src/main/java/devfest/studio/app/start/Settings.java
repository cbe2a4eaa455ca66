package devfest.studio.app.start;

import devfest.studio.http.Proxies;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every property of the studio, with its default and what is allowed. {@link SettingsCheck} walks
 * this table before anything starts; a test keeps it equal to what the code injects and to the
 * operator's guide.
 */
final class Settings {

  /**
   * A property.
   *
   * @param name may hold {@code NAME} in the place of one part
   * @param fallback the default, null for none
   * @param allowed what a value has to be, for the operator
   * @param secret whether a value may not be logged
   */
  record Setting(
      String name,
      @Nullable String fallback,
      String allowed,
      Predicate<String> check,
      boolean secret) {

    boolean names(String property) {
      return property.matches(Pattern.quote(name).replace("NAME", "\\E[A-Za-z0-9_-]+\\Q"));
    }

    /** Empty when the value is allowed, else one line for the operator. */
    private Optional<String> fault(String property, String value) {
      return accepts(value)
          ? Optional.empty()
          : Optional.of(property + " is '" + shown(value) + "', but has to be " + allowed + ".");
    }

    boolean accepts(String value) {
      try {
        return check.test(value);
      } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
        return false;
      }
    }

    /** On one line, without secrets. */
    private String shown(String value) {
      if (secret) {
        return "(secret)";
      }
      String line = PASSWORD.matcher(value).replaceAll("$1(secret)").replaceAll("\\p{Cntrl}", "?");
      return line.length() > MAX_SHOWN ? line.substring(0, MAX_SHOWN) + "…" : line;
    }
  }

  private static final String PREFIX = "studio.";
  private static final String ENVIRONMENT_PREFIX = "STUDIO_";
  private static final int MAX_SHOWN = 200;
  private static final Pattern PASSWORD =
      Pattern.compile("((?:password|token|secret|key)=|//[^/@\\s]*:(?=[^/\\s]*@))[^&@\\s]*");

  private static final Set<String> YES_NO = Set.of("true", "false");
  private static final long GB = 1024L * 1024 * 1024;

  static final List<Setting> ALL =
      List.of(
          directory("studio.data-dir", "studio-data"),
          new Setting(
              "studio.db.url",
              null,
              "a URL such as jdbc:postgresql://host:5432/studio",
              value ->
                  value.startsWith("jdbc:postgresql:")
                      && org.postgresql.Driver.parseURL(value, null) != null,
              false),
          text("studio.db.user", "studio"),
          secret("studio.db.password"),
          url("studio.public-url", null),
          flag("studio.dev-mode", false),
          choice("studio.anonymous-access", "none", "none", "public"),
          new Setting(
              "studio.cors.allowed-origins",
              null,
              "a list of origins such as https://example.org, separated by commas, or *",
              value -> parts(value).stream().allMatch(Settings::isOrigin),
              false),
          duration("studio.stream.heartbeat", "PT15S", "PT1S", "PT10M"),
          duration("studio.stream.retry", "PT3S", "PT0.1S", "PT10M"),
          number("studio.stream.max-connections", 10_000, 1, 1_000_000),
          number("studio.stream.max-connections-per-user", 32, 1, 1_000_000),
          number("studio.stream.max-connections-per-address", 500, 1, 1_000_000),
          duration("studio.stream.max-lifetime", "PT1H", "PT1S", "P7D"),
          duration("studio.stream.stall-timeout", "PT2M", "PT1S", "PT1H"),
          duration("studio.events.retention", "P30D", "PT1S", "P3650D"),
          flag("studio.events.new-origin", false),
          number("studio.upload.max-bytes", 26_214_400, 1_024, GB),
          number("studio.upload.max-pixels", 50_000_000, 1, 500_000_000),
          number("studio.transformations.concurrency", null, 1, 1_024),
          number("studio.transformations.queue-limit", 1_000, 1, 1_000_000),
          duration("studio.transformations.timeout", "PT60S", "PT1S", "PT1H"),
          number("studio.transformations.attempts", 3, 1, 100),
          number("studio.quota.transformations-per-day", 100, 0, 1_000_000),
          new Setting(
              "studio.quota.zone",
              "UTC",
              "a time zone such as UTC or Europe/Paris",
              value -> ZoneId.of(value) != null,
              false),
          number("studio.tasks.max-bytes", 209_715_200, 1_024, 100 * GB),
          number("studio.tasks.max-photos", 200, 1, 100_000),
          number("studio.tasks.max-unpacked-bytes", 1_073_741_824, 1_024, 1_000 * GB),
          url("studio.assistant.base-url", null),
          secret("studio.assistant.api-key"),
          text("studio.assistant.model", null),
          duration("studio.assistant.timeout", "PT30S", "PT0.1S", "PT10M"),
          secret("studio.github.webhook-secret"),
          new Setting(
              "studio.posts.templates",
              "en",
              "en, fr, or the path of a properties file that can be read",
              value ->
                  Set.of("en", "fr").contains(value)
                      || (Files.isRegularFile(Path.of(value)) && Files.isReadable(Path.of(value))),
              false),
          url("studio.posts.outlet-url", null),
          secret("studio.posts.outlet-secret"),
          new Setting(
              "studio.trusted-proxies",
              null,
              "a list of IP addresses and ranges such as 10.0.0.0/8, separated by commas",
              value -> !Proxies.networks(value).isEmpty(),
              false),
          text("studio.jwt.groups-claim", "groups"),
          new Setting(
              "studio.jwt.groups",
              null,
              "a list such as event-admins=admin,press=publisher",
              value ->
                  parts(value).stream().allMatch(part -> part.matches(".+=\\s*(admin|publisher)")),
              false),
          text("studio.jwt.issuers.NAME.issuer", null),
          text("studio.jwt.issuers.NAME.jwks", null));

  private Settings() {}

  /**
   * What is wrong with the configuration, one line each.
   *
   * @param values finds the value of a property, empty where it has none
   * @param names the properties that files and the system's properties name
   */
  static List<String> faults(Function<String, Optional<String>> values, Collection<String> names) {
    List<String> faults = new ArrayList<>();
    for (Setting setting : ALL) {
      if (!setting.name().contains("NAME")) {
        values
            .apply(setting.name())
            .flatMap(v -> setting.fault(setting.name(), v))
            .ifPresent(faults::add);
      }
    }
    for (String name : new TreeSet<>(names)) {
      if (!name.startsWith(PREFIX)) {
        continue;
      }
      Optional<Setting> setting = ALL.stream().filter(one -> one.names(name)).findFirst();
      if (setting.isEmpty()) {
        faults.add(unknown(name));
      } else if (!setting.get().name().equals(name)) {
        values
            .apply(name)
            .flatMap(value -> setting.get().fault(name, value))
            .ifPresent(faults::add);
      }
    }
    return faults;
  }

  private static String unknown(String name) {
    String shown = name.replaceAll("\\p{Cntrl}", "?");
    return shown
        + " is no property of the studio"
        + nearest(name)
            .map(known -> ". Is " + known + " meant?")
            .orElse("; docs/operate.md lists all.");
  }

  /** The known property that differs by a letter or two. */
  private static Optional<String> nearest(String name) {
    return ALL.stream().map(Setting::name).filter(known -> distance(known, name) <= 2).findFirst();
  }

  /** How many letters have to be added, left out or changed (Levenshtein). */
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

  /** The variables that look like the studio's and are none, which Kubernetes makes by itself. */
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

  private static Setting text(String name, @Nullable String fallback) {
    return new Setting(name, fallback, "some text", value -> !value.isBlank(), false);
  }

  private static Setting secret(String name) {
    return new Setting(name, null, "some text", value -> !value.isBlank(), true);
  }

  private static Setting flag(String name, boolean fallback) {
    return new Setting(name, Boolean.toString(fallback), "true or false", YES_NO::contains, false);
  }

  private static Setting choice(String name, String fallback, String... values) {
    return new Setting(
        name, fallback, String.join(" or ", values), Arrays.asList(values)::contains, false);
  }

  private static Setting number(String name, long fallback, long least, long most) {
    return number(name, Long.toString(fallback), least, most);
  }

  private static Setting number(String name, @Nullable String fallback, long least, long most) {
    return new Setting(
        name,
        fallback,
        "a whole number from " + least + " to " + most,
        value -> value.matches("\\d{1,18}") && within(Long.parseLong(value), least, most),
        false);
  }

  private static Setting duration(String name, String fallback, String least, String most) {
    return new Setting(
        name,
        fallback,
        "an ISO-8601 duration from " + least + " to " + most + ", such as " + fallback,
        value ->
            within(
                Duration.parse(value).toMillis(),
                Duration.parse(least).toMillis(),
                Duration.parse(most).toMillis()),
        false);
  }

  private static boolean within(long value, long least, long most) {
    return value >= least && value <= most;
  }

  private static Setting url(String name, @Nullable String fallback) {
    return new Setting(
        name, fallback, "a URL such as https://example.org", Settings::isHttpUrl, false);
  }

  private static boolean isHttpUrl(String value) {
    URI uri = URI.create(value);
    return Set.of("http", "https")
            .contains(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT))
        && uri.getHost() != null
        && uri.getPort() <= 65_535
        && uri.getFragment() == null;
  }

  /** As browsers send it: without a path, in lower case. */
  private static boolean isOrigin(String value) {
    if (value.equals("*")) {
      return true;
    }
    URI uri = URI.create(value);
    return isHttpUrl(value)
        && uri.getRawPath().isEmpty()
        && uri.getRawQuery() == null
        && uri.getRawUserInfo() == null
        && value.equals(value.toLowerCase(Locale.ROOT));
  }

  private static Setting directory(String name, String fallback) {
    return new Setting(
        name, fallback, "a directory that can be made and written", Settings::isWritable, false);
  }

  private static boolean isWritable(String value) {
    try {
      Path dir = Files.createDirectories(Path.of(value).toAbsolutePath());
      Files.delete(Files.createTempFile(dir, "check", ""));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> parts(String commaList) {
    return Arrays.stream(commaList.split(",")).map(String::strip).toList();
  }
}
