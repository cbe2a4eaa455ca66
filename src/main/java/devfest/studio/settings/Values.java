package devfest.studio.settings;

import devfest.studio.base.OwnerOnly;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Declares properties and reads their values. One call declares and reads a property, with its
 * name, default and bounds. Methods without a default return empty if the property is not set. Not
 * thread-safe.
 */
public final class Values {

  private static final Set<String> YES_NO = Set.of("true", "false");

  private final Function<String, Optional<String>> source;
  private final boolean checking;
  private final List<Setting> declared = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  private Values(Function<String, Optional<String>> source, boolean checking) {
    this.source = source;
    this.checking = checking;
  }

  /**
   * Reads values that were checked at the start. Each method throws an IllegalStateException if a
   * value is not allowed.
   *
   * @param source returns the value of a property, or empty if it is not set
   */
  public static Values of(Function<String, Optional<String>> source) {
    return new Values(source, false);
  }

  /**
   * Checks values: if a value is not allowed, its method records a fault and returns the default.
   * Also checks the environment, for example whether a directory is writable.
   */
  public static Values check(Function<String, Optional<String>> source) {
    return new Values(source, true);
  }

  /** Returns the declarations so far, in the order of the calls. */
  public List<Setting> declared() {
    return List.copyOf(declared);
  }

  /** Returns one line for each value that is not allowed. */
  public List<String> faults() {
    return List.copyOf(faults);
  }

  public String text(String name, String fallback) {
    return value(setting(name, fallback, "a non-blank text", Values::isNotBlank), v -> v)
        .orElse(fallback);
  }

  public Optional<String> text(String name) {
    return value(setting(name, null, "a non-blank text", Values::isNotBlank), v -> v);
  }

  /** Reads a text that is never logged. */
  public Optional<String> secret(String name) {
    return value(new Setting(name, null, "a non-blank text", Values::isNotBlank, true), v -> v);
  }

  /**
   * Declares a group of properties: the operator chooses one part of the name. The caller reads
   * them.
   */
  public void texts(String pattern) {
    declared.add(setting(pattern, null, "a non-blank text", Values::isNotBlank));
  }

  public boolean flag(String name, boolean fallback) {
    return value(
            setting(name, Boolean.toString(fallback), "true or false", YES_NO::contains),
            Boolean::parseBoolean)
        .orElse(fallback);
  }

  public String choice(String name, String fallback, String... allowed) {
    return value(
            setting(name, fallback, String.join(" or ", allowed), Arrays.asList(allowed)::contains),
            v -> v)
        .orElse(fallback);
  }

  /** Reads a whole number from {@code least} to {@code most}. */
  public long number(String name, long fallback, long least, long most) {
    return value(number(name, Long.toString(fallback), least, most), Long::parseLong)
        .orElse(fallback);
  }

  /** Like {@link #number}, for bounds in the range of an int. */
  public int integer(String name, int fallback, int least, int most) {
    return (int) number(name, fallback, least, most);
  }

  public Optional<Integer> integer(String name, int least, int most) {
    return value(number(name, null, least, most), Integer::parseInt);
  }

  /** Like {@link #number}, without a default. */
  public Optional<Long> number(String name, long least, long most) {
    return value(number(name, null, least, most), Long::parseLong);
  }

  private static Setting number(String name, @Nullable String fallback, long least, long most) {
    return setting(
        name,
        fallback,
        "a whole number from " + least + " to " + most,
        value -> value.matches("\\d{1,18}") && within(Long.parseLong(value), least, most));
  }

  /** Reads an ISO-8601 duration from {@code least} to {@code most}. */
  public Duration duration(String name, String fallback, String least, String most) {
    Setting setting =
        setting(
            name,
            fallback,
            "an ISO-8601 duration from " + least + " to " + most + ", such as " + fallback,
            value ->
                within(
                    Duration.parse(value).toMillis(),
                    Duration.parse(least).toMillis(),
                    Duration.parse(most).toMillis()));
    return value(setting, Duration::parse).orElse(Duration.parse(fallback));
  }

  /** Reads a frequency, such as {@code 120/PT1M}. */
  public Frequency frequency(String name, String fallback) {
    Setting setting =
        setting(
            name,
            fallback,
            "a count and an ISO-8601 duration from PT1S to P1D, such as " + fallback,
            value -> Frequency.of(value).most() > 0);
    return value(setting, Frequency::of).orElseGet(() -> Frequency.of(fallback));
  }

  private static boolean within(long value, long least, long most) {
    return value >= least && value <= most;
  }

  /** Reads an absolute HTTP or HTTPS URL. */
  public Optional<String> url(String name) {
    return value(setting(name, null, "a URL such as https://example.org", Values::isUrl), v -> v);
  }

  /**
   * Whether the text is an absolute HTTP or HTTPS URL.
   *
   * @throws IllegalArgumentException if the text is not a URI
   */
  public static boolean isUrl(String value) {
    URI uri = URI.create(value);
    return Set.of("http", "https")
            .contains(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT))
        && uri.getHost() != null
        && uri.getPort() <= 65_535 // the highest port of TCP
        && uri.getFragment() == null;
  }

  /** Reads a directory. A check creates it and writes to it. */
  public Path directory(String name, String fallback) {
    Predicate<String> usable = checking ? Values::isWritable : value -> Path.of(value) != null;
    return value(
            setting(name, fallback, "a directory that can be created and written", usable),
            Path::of)
        .orElse(Path.of(fallback));
  }

  private static boolean isWritable(String value) {
    try {
      Path dir = OwnerOnly.createDirectories(Path.of(value).toAbsolutePath());
      Files.delete(Files.createTempFile(dir, "check", ""));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Reads a value of another type.
   *
   * @param allowed describes the allowed values to the operator
   * @param check returns whether a value is allowed; may also throw a parsing exception
   */
  public <T> Optional<T> other(
      String name, String allowed, Predicate<String> check, Function<String, T> parse) {
    return value(setting(name, null, allowed, check), parse);
  }

  /** Like the method without a default. */
  public <T> T other(
      String name,
      String fallback,
      String allowed,
      Predicate<String> check,
      Function<String, T> parse) {
    return value(setting(name, fallback, allowed, check), parse)
        .orElseGet(() -> parse.apply(fallback));
  }

  /**
   * Reports values that are not allowed together: a check records the fault; otherwise this throws
   * an IllegalStateException.
   *
   * @param fault one line that names the properties, without secrets
   */
  public void fault(String fault) {
    if (!checking) {
      throw new IllegalStateException(fault);
    }
    faults.add(fault);
  }

  private <T> Optional<T> value(Setting setting, Function<String, T> parse) {
    declared.add(setting);
    Optional<String> value = source.apply(setting.name());
    Optional<String> fault = value.flatMap(text -> setting.fault(setting.name(), text));
    if (fault.isEmpty()) {
      return value.map(parse);
    }
    fault(fault.get());
    return Optional.empty();
  }

  private static Setting setting(
      String name, @Nullable String fallback, String allowed, Predicate<String> check) {
    return new Setting(name, fallback, allowed, check, false);
  }

  private static boolean isNotBlank(String value) {
    return !value.isBlank();
  }

  /** Splits a comma-separated list. */
  public static List<String> parts(String commaList) {
    return Arrays.stream(commaList.split(",")).map(String::strip).toList();
  }
}
