package devfest.studio.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import devfest.studio.settings.DataSettings;
import devfest.studio.settings.Values;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;

/**
 * The trusted issuers and the rules for verifying their tokens, read from the properties of
 * MicroProfile JWT 2.1 and those under {@code studio.jwt}.
 *
 * @param issuers the issuers by the value of the claim {@code iss}
 * @param audiences a token must have one of these; empty accepts any
 * @param skew the accepted difference between clocks
 * @param age the maximum age of tokens since {@code iat}; empty for no maximum
 * @param groupsClaim the path of the claim that contains the groups
 * @param groups maps groups of the issuer to groups of the studio
 * @param fault why no token can be verified; empty if tokens can be
 */
record TokenConfig(
    Map<String, Issuer> issuers,
    Set<String> audiences,
    Duration skew,
    Optional<Duration> age,
    String groupsClaim,
    Map<String, Set<String>> groups,
    Optional<String> fault) {

  static final String KEY = "mp.jwt.verify.publickey";
  static final String LOCATION = "mp.jwt.verify.publickey.location";
  static final String ALGORITHM = "mp.jwt.verify.publickey.algorithm";
  static final String ISSUER = "mp.jwt.verify.issuer";
  static final String AUDIENCES = "mp.jwt.verify.audiences";
  static final String SKEW = "mp.jwt.verify.clock.skew";
  static final String AGE = "mp.jwt.verify.token.age";
  static final String ISSUERS = "studio.jwt.issuers.";

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

  /** Matches the names of properties and environment variables, with underscores as separators. */
  private static final Pattern NAMED =
      Pattern.compile("STUDIO_JWT_ISSUERS_(.+)_(ISSUER|JWKS)", Pattern.CASE_INSENSITIVE);

  /** Seconds; the clocks of synchronised machines differ by less. */
  private static final long DEFAULT_SKEW = 10;

  /** Seconds; a larger skew would make the expiry of tokens meaningless. */
  private static final long MAX_SKEW = 3_600;

  /**
   * Reads the configuration; in dev mode the dev key is trusted too.
   *
   * @throws IllegalStateException if a value is not allowed; the message names the property, the
   *     value unless it is a key, and the allowed values
   */
  static TokenConfig of(Config config, AccessSettings access, DataSettings data) {
    Optional<DevKeys> dev =
        access.devMode() ? Optional.of(DevKeys.in(data.dir())) : Optional.empty();
    return of(
        name -> config.getOptionalValue(name, String.class),
        config.getPropertyNames(),
        dev,
        RemoteKeys.Pace.USUAL);
  }

  /**
   * Reads the configuration from a function.
   *
   * @param setting returns the value of a property, or empty if it is not set
   * @param names the known names of properties that are set; need not be complete
   */
  static TokenConfig of(
      Function<String, Optional<String>> setting,
      Iterable<String> names,
      Optional<DevKeys> dev,
      RemoteKeys.Pace pace) {
    Reading reading = new Reading(setting, pace);
    JwtSettings own = JwtSettings.from(Values.of(setting));
    Map<String, Issuer> issuers = new HashMap<>();
    Optional<JWKSource<SecurityContext>> keys = reading.keys();
    Optional<String> issuer = setting.apply(ISSUER);
    if (keys.isPresent() && issuer.isPresent()) {
      reading.add(issuers, ISSUER, issuer.get(), keys.get(), reading.algorithms());
    }
    reading.named(names, issuers);
    dev.ifPresent(
        devKeys ->
            reading.add(
                issuers,
                "studio.dev-mode",
                DevKeys.ISSUER,
                devKeys.keys(),
                Set.of(JWSAlgorithm.RS256)));
    return new TokenConfig(
        Map.copyOf(issuers),
        setting.apply(AUDIENCES).map(TokenConfig::list).orElse(Set.of()),
        Duration.ofSeconds(reading.seconds(SKEW, 0, MAX_SKEW).orElse(DEFAULT_SKEW)),
        reading.seconds(AGE, 1, Integer.MAX_VALUE).map(Duration::ofSeconds),
        own.groupsClaim(),
        own.groups(),
        !issuers.isEmpty()
            ? Optional.empty()
            : Optional.of(
                keys.isPresent()
                    ? "No issuer in " + ISSUER
                    : "No key in " + KEY + " or " + LOCATION));
  }

  /**
   * Returns this configuration with another trusted issuer.
   *
   * @throws IllegalStateException if a property contains the same issuer
   */
  TokenConfig with(String name, Issuer issuer) {
    Map<String, Issuer> all = new HashMap<>(issuers);
    if (all.put(name, issuer) != null) {
      throw new IllegalStateException("The issuer '" + name + "' is the studio itself");
    }
    return new TokenConfig(Map.copyOf(all), audiences, skew, age, groupsClaim, groups, fault);
  }

  private static Set<String> list(String commas) {
    return Arrays.stream(commas.split(","))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static IllegalStateException wrong(String property, String value, String allowed) {
    return new IllegalStateException(property + " is '" + value + "', but must be " + allowed);
  }

  /** Reads the settings. */
  private record Reading(Function<String, Optional<String>> setting, RemoteKeys.Pace pace) {

    void add(
        Map<String, Issuer> issuers,
        String property,
        String issuer,
        JWKSource<SecurityContext> keys,
        Set<JWSAlgorithm> algorithms) {
      if (issuers.put(issuer, new Issuer(keys, algorithms)) != null) {
        throw wrong(property, issuer, "an issuer that no other property contains");
      }
    }

    private Set<JWSAlgorithm> algorithms() {
      Optional<String> names = setting.apply(ALGORITHM);
      Set<JWSAlgorithm> named =
          names.map(TokenConfig::list).orElse(Set.of()).stream()
              .map(JWSAlgorithm::parse)
              .collect(Collectors.toUnmodifiableSet());
      if (!ALGORITHMS.containsAll(named)) {
        throw wrong(ALGORITHM, names.orElse(""), "RS256, ES256, or both separated by a comma");
      }
      return named.isEmpty() ? ALGORITHMS : named;
    }

    Optional<Long> seconds(String property, long least, long most) {
      return setting
          .apply(property)
          .map(String::strip)
          .map(
              text -> {
                if (!text.matches("\\d{1,10}")
                    || Long.parseLong(text) < least
                    || Long.parseLong(text) > most) {
                  throw wrong(property, text, "a number of seconds from " + least + " to " + most);
                }
                return Long.parseLong(text);
              });
    }

    Optional<JWKSource<SecurityContext>> keys() {
      Optional<String> inline = setting.apply(KEY);
      Optional<String> location = setting.apply(LOCATION);
      if (inline.isPresent() && location.isPresent()) {
        throw new IllegalStateException(
            "Both " + KEY + " and " + LOCATION + " are set, but only one of them is allowed");
      }
      return inline.isPresent()
          ? Optional.of(fixed(KEY, "(a key)", inline.get()))
          : location.map(place -> at(LOCATION, place.strip()));
    }

    void named(Iterable<String> names, Map<String, Issuer> issuers) {
      Map<String, Map<String, String>> found = new TreeMap<>();
      for (String name : names) {
        Matcher parts = NAMED.matcher(name.replaceAll("[^A-Za-z0-9]", "_"));
        if (parts.matches()) {
          Optional<String> value = setting.apply(name);
          Map<String, String> properties =
              found.computeIfAbsent(
                  parts.group(1).toLowerCase(Locale.ROOT), issuer -> new HashMap<>());
          String part = parts.group(2).toLowerCase(Locale.ROOT);
          if (name.startsWith(ISSUERS)) { // a source with a higher ordinal may override this name
            value.ifPresent(text -> properties.put(part, text));
          } else {
            value.ifPresent(text -> properties.putIfAbsent(part, text));
          }
        }
      }
      found.forEach(
          (name, parts) -> {
            String issuer = parts.get("issuer");
            String jwks = parts.get("jwks");
            if (issuer == null || jwks == null) {
              throw new IllegalStateException(ISSUERS + name + " needs both '.issuer' and '.jwks'");
            }
            add(
                issuers,
                ISSUERS + name + ".issuer",
                issuer.strip(),
                at(ISSUERS + name + ".jwks", jwks.strip()),
                algorithms());
          });
    }

    /** Returns the keys at a URL, in a file or on the class path. */
    private JWKSource<SecurityContext> at(String property, String location) {
      try {
        if (location.matches("(?i)https?:.*")) {
          URI uri = URI.create(location);
          if (uri.getHost() != null) {
            return RemoteKeys.at(uri, pace);
          }
        } else {
          Optional<String> text = read(location);
          if (text.isPresent()) {
            return fixed(property, location, text.get());
          }
        }
      } catch (IOException | IllegalArgumentException e) {
        throw cause(
            wrong(property, location, "a URL, a readable file or a class path resource"), e);
      }
      throw wrong(property, location, "a URL, a readable file or a class path resource");
    }

    private static Optional<String> read(String location) throws IOException {
      if (location.startsWith("file:")) {
        return Optional.of(Files.readString(Path.of(URI.create(location))));
      }
      if (!location.startsWith("classpath:")) {
        try {
          Path file = Path.of(location);
          if (Files.isRegularFile(file)) {
            return Optional.of(Files.readString(file));
          }
        } catch (InvalidPathException e) {
          return Optional.empty();
        }
      }
      String name = location.replaceFirst("^classpath:", "").replaceFirst("^/", "");
      try (InputStream in =
          Thread.currentThread().getContextClassLoader().getResourceAsStream(name)) {
        return in == null
            ? Optional.empty()
            : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }

    /** Returns keys that do not change until the next start. */
    private static JWKSource<SecurityContext> fixed(String property, String shown, String text) {
      String allowed = "a public RSA or EC key as PEM, JWK or JWK set";
      try {
        JWKSet keys = Keys.parse(text);
        if (keys.isEmpty()) {
          throw wrong(property, shown, allowed);
        }
        return new ImmutableJWKSet<>(keys);
      } catch (ParseException e) {
        throw cause(wrong(property, shown, allowed), e);
      }
    }

    private static IllegalStateException cause(IllegalStateException wrong, Exception cause) {
      wrong.initCause(cause);
      return wrong;
    }
  }
}
