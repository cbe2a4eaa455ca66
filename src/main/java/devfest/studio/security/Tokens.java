package devfest.studio.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.proc.BadJOSEException;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import devfest.studio.settings.DataSettings;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonConfig;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.ws.rs.NotAuthorizedException;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * The only verifier of tokens, regardless of how a request carries them. Verifies signature,
 * issuer, times, audience, user and groups according to {@link TokenConfig}. Thread-safe.
 */
@ApplicationScoped
public class Tokens {

  private static final JsonReaderFactory JSON =
      JsonProvider.provider()
          .createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));

  /** The form of a compact JWS (RFC 7515 § 7.1); the decoder would ignore other characters. */
  private static final Pattern COMPACT = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

  /** Later times are reduced to this one, so that sums of times do not overflow. */
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  private static final BigDecimal LATEST_SECOND = BigDecimal.valueOf(LATEST.getEpochSecond());

  /** Retry-After while the keys cannot be fetched: more than a fetch takes. */
  private static final Duration KEYS_RETRY = Duration.ofSeconds(5);

  private final TokenConfig config;
  private final RevokedUsers revoked;
  private final Clock clock;

  @Inject
  Tokens(
      Config config,
      AccessSettings access,
      DataSettings data,
      GuestKeys guestKeys,
      RevokedUsers revoked,
      Clock clock) {
    this(
        TokenConfig.of(config, access, data)
            .with(GuestKeys.ISSUER, new Issuer(guestKeys, Set.of(GuestKeys.ALGORITHM))),
        revoked,
        clock);
  }

  Tokens(TokenConfig config, RevokedUsers revoked, Clock clock) {
    this.config = config;
    this.revoked = revoked;
    this.clock = clock;
  }

  /** Returns why no token can be verified, for the operator; empty if tokens can be. */
  public Optional<String> fault() {
    return config.fault();
  }

  /** Returns the issuers whose tokens are trusted, as in the claim {@code iss}. */
  public Set<String> issuers() {
    return config.issuers().keySet();
  }

  /** Fetches missing keys. Blocks for a few seconds per issuer at most. */
  public void fetchKeys() {
    config.issuers().values().forEach(Issuer::fetchKeys);
  }

  @PreDestroy
  void close() {
    config.issuers().values().forEach(Issuer::close);
  }

  /**
   * Verifies a token in its compact form.
   *
   * @throws NotAuthorizedException if the token is not valid
   * @throws Problem 503 while the keys of its issuer are not available
   */
  public Token verify(String text) {
    if (!COMPACT.matcher(text).matches()) {
      throw invalid();
    }
    try {
      JWSObject signed = JWSObject.parse(text);
      JsonObject claims = read(signed.getPayload());
      Issuer issuer = config.issuers().get(string(claims, "iss").orElseThrow(Tokens::invalid));
      if (issuer == null) {
        throw invalid();
      }
      issuer.verify(signed);
      Caller caller = caller(claims);
      requireUnrevoked(caller);
      return new Token(caller, claims, text);
    } catch (KeySourceException e) {
      throw Problem.tryLater(
          Code.KEYS_UNAVAILABLE,
          "The keys of the token's issuer are not available at the moment. Try again later.",
          KEYS_RETRY);
    } catch (ParseException
        | BadJOSEException
        | JOSEException
        | JsonException
        | IllegalArgumentException e) {
      throw invalid();
    }
  }

  /**
   * Checks that the tokens of the caller's user were not revoked after the caller's was issued.
   *
   * @throws NotAuthorizedException if they were
   */
  void requireUnrevoked(Caller caller) {
    if (revoked.covers(caller.userId(), caller.issued())) {
      throw invalid();
    }
  }

  /** Returns the latest instant at which a token that was issued up to an instant can be valid. */
  Instant latestEnd(Instant issued) {
    return config
        .age()
        .map(age -> earlier(LATEST, issued.plus(age).plus(config.skew())))
        .orElse(LATEST);
  }

  static NotAuthorizedException invalid() {
    return new NotAuthorizedException("Invalid token", "Bearer error=\"invalid_token\"");
  }

  /** Reads the claims. Refuses duplicate names, because parsers differ in which value they use. */
  private static JsonObject read(Payload payload) {
    if (payload.toJSONObject() == null) { // JSON-P ignores text after the object
      throw invalid();
    }
    try (JsonReader reader =
        JSON.createReader(new ByteArrayInputStream(payload.toBytes()), StandardCharsets.UTF_8)) {
      return reader.readObject();
    } catch (RuntimeException e) { // includes too deep nesting and too long numbers
      throw invalid();
    }
  }

  private Caller caller(JsonObject claims) {
    Instant now = clock.instant();
    Instant end = time(claims, "exp").orElseThrow(Tokens::invalid).plus(config.skew());
    Instant begin = time(claims, "nbf").orElse(Instant.EPOCH).minus(config.skew());
    Optional<Instant> issued = time(claims, "iat");
    if (config.age().isPresent()) {
      Instant old = issued.orElseThrow(Tokens::invalid).plus(config.age().get());
      end = earlier(end, old.plus(config.skew()));
    }
    if (now.isBefore(begin) || !now.isBefore(end)) {
      throw invalid();
    }
    boolean own = string(claims, "iss").filter(GuestKeys.ISSUER::equals).isPresent();
    Set<String> audience = claims.containsKey("aud") ? strings(claims.get("aud")) : Set.of();
    if (!own
        && !config.audiences().isEmpty()
        && Collections.disjoint(config.audiences(), audience)) {
      throw invalid();
    }
    String user =
        string(claims, "upn")
            .or(() -> string(claims, "preferred_username"))
            .or(() -> string(claims, "sub"))
            .filter(Caller::isUserId)
            .filter(name -> own || !OwnTokens.isOwnName(name))
            .orElseThrow(Tokens::invalid);
    return new Caller(
        user, DisplayName.in(claims), groups(claims, own), end, issued.orElse(null), null);
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  /**
   * Returns the groups of the claim after the configured mapping.
   *
   * @param own whether the studio has issued the token: the configuration is about other issuers
   */
  private Set<String> groups(JsonObject claims, boolean own) {
    JsonValue claim = at(claims, own ? "groups" : config.groupsClaim());
    Map<String, Set<String>> mapping = own ? Map.of() : config.groups();
    if (claim == null) {
      return Set.of();
    }
    if (!(claim instanceof JsonArray)) { // JSON null is invalid too
      throw invalid();
    }
    Set<String> groups = new HashSet<>();
    for (String group : strings(claim)) {
      groups.addAll(mapping.getOrDefault(group, Set.of(group)));
    }
    return Set.copyOf(groups);
  }

  /** Returns the value at a path of names, which may contain slashes, for example URLs. */
  private static @Nullable JsonValue at(JsonObject object, String path) {
    if (object.containsKey(path)) {
      return object.get(path);
    }
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (object.get(path.substring(0, slash)) instanceof JsonObject inner) {
        JsonValue found = at(inner, path.substring(slash + 1));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /**
   * Returns the strings of a string or an array of strings.
   *
   * @throws NotAuthorizedException if the value is neither
   */
  static Set<String> strings(JsonValue value) {
    Stream<? extends JsonValue> values =
        value instanceof JsonArray array ? array.stream() : Stream.of(value);
    Set<String> strings = new HashSet<>();
    values.forEach(
        item -> {
          if (!(item instanceof JsonString string)) {
            throw invalid();
          }
          strings.add(string.getString());
        });
    return strings;
  }

  private static Optional<String> string(JsonObject claims, String name) {
    JsonValue value = claims.getOrDefault(name, JsonValue.NULL);
    if (value != JsonValue.NULL && !(value instanceof JsonString)) {
      throw invalid();
    }
    return value instanceof JsonString string ? Optional.of(string.getString()) : Optional.empty();
  }

  /** Returns a NumericDate (RFC 7519 § 2), which may have a fraction. */
  private static Optional<Instant> time(JsonObject claims, String name) {
    JsonValue value = claims.getOrDefault(name, JsonValue.NULL);
    if (value == JsonValue.NULL) {
      return Optional.empty();
    }
    if (!(value instanceof JsonNumber number)) {
      throw invalid();
    }
    BigDecimal seconds =
        number.bigDecimalValue().max(BigDecimal.ZERO).min(LATEST_SECOND); // avoids overflow
    return Optional.of(Instant.ofEpochMilli(seconds.movePointRight(3).longValue()));
  }
}
