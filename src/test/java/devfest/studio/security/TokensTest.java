package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import jakarta.json.JsonNumber;
import jakarta.ws.rs.NotAuthorizedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The verifier and its settings. */
class TokensTest {

  private static final String ISSUER = "https://issuer.example";
  private static final String ANN = "\"upn\":\"ann\"";
  private static final Instant NOW = Instant.parse("2026-11-25T20:00:00Z");

  private static RSAKey rsa;
  private static ECKey ec;

  @TempDir Path dir;

  @BeforeAll
  static void makeKeys() throws Exception {
    rsa = new RSAKeyGenerator(2048).keyID("one").generate();
    ec = new ECKeyGenerator(Curve.P_256).keyID("two").generate();
  }

  /** A verifier by settings: names and values. */
  private static Tokens with(String... settings) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      map.put(settings[i], settings[i + 1]);
    }
    return new Tokens(
        TokenConfig.of(
            name -> Optional.ofNullable(map.get(name)),
            map.keySet(),
            Optional.empty(),
            RemoteKeys.Pace.USUAL),
        new RevokedUsers(),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  /** A verifier that trusts the RSA key, with more settings. */
  private static Tokens trusting(String... more) {
    String[] all = Arrays.copyOf(more, more.length + 4);
    all[more.length] = TokenConfig.KEY;
    all[more.length + 1] = rsa.toPublicJWK().toJSONString();
    all[more.length + 2] = TokenConfig.ISSUER;
    all[more.length + 3] = ISSUER;
    return with(all);
  }

  private static String token(String members) {
    return new Forge(rsa, ISSUER, NOW).token(members);
  }

  /** A token that expires after some seconds. */
  private static String ending(long seconds) {
    return new Forge(rsa, ISSUER, NOW.plusSeconds(seconds - 3_600)).token(ANN);
  }

  private static Set<String> groups(Tokens tokens, String members) {
    return tokens.verify(token(ANN + "," + members)).getGroups();
  }

  private static void refused(Tokens tokens, String token) {
    assertThrows(NotAuthorizedException.class, () -> tokens.verify(token));
  }

  static Stream<Forge.Kind> kinds() throws Exception {
    makeKeys();
    return new Forge(rsa, ISSUER, NOW).kinds().stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindOfTokenIsJudgedCorrectly(Forge.Kind kind) {
    if (kind.good()) {
      assertTrue(trusting().verify(kind.token()).getName().startsWith("ann"), kind.name());
    } else {
      assertThrows(
          NotAuthorizedException.class, () -> trusting().verify(kind.token()), kind.name());
    }
  }

  @ParameterizedTest
  @CsvSource({"-9, true", "-10, false", "-11, false", "1, true"})
  void clocksMayDifferByTenSeconds(long end, boolean good) {
    if (good) {
      Caller caller = trusting().verify(ending(end)).caller();
      assertEquals(NOW.plusSeconds(end + 10), caller.until(), "streams end when it is refused");
    } else {
      refused(trusting(), ending(end));
    }
  }

  @Test
  void theClockSkewIsConfigurableAndAlsoAppliesToTheStart() {
    String ahead = token(ANN + ",\"nbf\":" + (NOW.getEpochSecond() + 10));
    assertEquals("ann", trusting().verify(ahead).getName());
    refused(trusting(), token(ANN + ",\"nbf\":" + (NOW.getEpochSecond() + 11)));
    Tokens strict = trusting(TokenConfig.SKEW, "0");
    refused(strict, ahead);
    refused(strict, ending(0));
    assertEquals("ann", strict.verify(ending(1)).getName());
    assertEquals("ann", trusting(TokenConfig.SKEW, "60").verify(ending(-59)).getName());
  }

  @ParameterizedTest
  @ValueSource(strings = {"guest-0123456789abcdef", "Guest-0123456789ABCDEF", "user-0123456789"})
  void anotherIssuerCannotNameAGuestOrAPublicId(String name) {
    for (String claim : List.of("upn", "preferred_username", "sub")) {
      refused(trusting(), token("\"" + claim + "\":\"" + name + "\""));
    }
    assertEquals(name + "0", trusting().verify(token("\"upn\":\"" + name + "0\"")).getName());
  }

  @Test
  void aFarExpiryDoesNotOverflow() {
    String token = new Forge(rsa, ISSUER, Instant.parse("+900000000-01-01T00:00:00Z")).token(ANN);
    Caller caller = trusting().verify(token).caller();
    assertTrue(caller.until().isAfter(Instant.parse("2199-12-31T00:00:00Z")));
    assertTrue(java.time.Duration.between(NOW, caller.until()).toNanos() > 0);
  }

  @Test
  void tokensOlderThanTheMaximumAgeAreRejected() {
    Tokens young = trusting(TokenConfig.AGE, "60");
    refused(young, token(ANN));
    refused(young, token(ANN + ",\"iat\":" + (NOW.getEpochSecond() - 70)));
    Caller caller = young.verify(token(ANN + ",\"iat\":" + NOW.getEpochSecond())).caller();
    assertEquals(NOW.plusSeconds(70), caller.until());
  }

  @Test
  void oneMatchingAudienceIsEnough() {
    Tokens tokens = trusting(TokenConfig.AUDIENCES, "studio, wall");
    assertEquals("ann", tokens.verify(token(ANN + ",\"aud\":\"wall\"")).getName());
    assertEquals("ann", tokens.verify(token(ANN + ",\"aud\":[\"x\",\"studio\"]")).getName());
    for (String bad : List.of("\"x\"", "[]", "1", "null", "[\"studio\",1]")) {
      refused(tokens, token(ANN + ",\"aud\":" + bad));
    }
    refused(tokens, token(ANN));
  }

  // ---- groups

  @Test
  void groupsAreReadFromAPathOfClaims() {
    Tokens nested = trusting("studio.jwt.groups-claim", "realm_access/roles");
    assertEquals(Set.of("admin"), groups(nested, "\"realm_access\":{\"roles\":[\"admin\"]}"));
    assertEquals(Set.of(), groups(nested, "\"groups\":[\"admin\"]"), "no longer from there");
    assertEquals(Set.of(), groups(nested, "\"realm_access\":{}"));
    assertEquals(Set.of(), groups(nested, "\"realm_access\":[\"roles\"]"));
    refused(nested, token(ANN + ",\"realm_access\":{\"roles\":\"admin\"}"));

    Tokens url = trusting("studio.jwt.groups-claim", "https://example.org/roles");
    assertEquals(Set.of("admin"), groups(url, "\"https://example.org/roles\":[\"admin\"]"));
    assertEquals(
        Set.of("a"),
        groups(
            trusting("studio.jwt.groups-claim", "https://example.org/app/roles"),
            "\"https://example.org/app\":{\"roles\":[\"a\"]}"));
  }

  @Test
  void foreignGroupsAreMapped() {
    Tokens tokens =
        trusting("studio.jwt.groups", "event-admins=admin, press=publisher,a=b=admin,press=admin");
    assertEquals(
        Set.of("admin", "other"), groups(tokens, "\"groups\":[\"event-admins\",\"other\"]"));
    assertEquals(Set.of("admin", "publisher"), groups(tokens, "\"groups\":[\"press\"]"));
    assertEquals(Set.of("admin"), groups(tokens, "\"groups\":[\"a=b\"]"));
  }

  // ---- keys and issuers

  @Test
  void keysAreAcceptedInEveryFormatAndFromEverySource() throws Exception {
    String bare = Base64.getEncoder().encodeToString(rsa.toRSAPublicKey().getEncoded());
    String pem = "-----BEGIN PUBLIC KEY-----\n" + bare + "\n-----END PUBLIC KEY-----\n";
    String jwk = rsa.toPublicJWK().toJSONString();
    String set = new JWKSet(List.<JWK>of(ec, rsa)).toString();
    String encoded =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(set.getBytes(StandardCharsets.UTF_8));
    for (String key : List.of(bare, pem, jwk, set, encoded)) {
      assertEquals(
          "ann",
          with(TokenConfig.KEY, key, TokenConfig.ISSUER, ISSUER).verify(token(ANN)).getName());
      Path file = Files.writeString(dir.resolve("key"), key);
      for (String place : List.of(file.toString(), file.toUri().toString(), "file:" + file)) {
        assertEquals(
            "ann",
            with(TokenConfig.LOCATION, place, TokenConfig.ISSUER, ISSUER)
                .verify(token(ANN))
                .getName());
      }
    }
  }

  @Test
  void es256IsAcceptedAndEitherAlgorithmCanBeRequired() {
    String byEc = new Forge(ec, ISSUER, NOW).token(ANN);
    String set = new JWKSet(List.<JWK>of(ec, rsa)).toString();
    String[] both = {TokenConfig.KEY, set, TokenConfig.ISSUER, ISSUER};
    assertEquals("ann", with(both).verify(byEc).getName());
    assertEquals("ann", with(both).verify(token(ANN)).getName());
    String[] one = Arrays.copyOf(both, 6);
    one[4] = TokenConfig.ALGORITHM;
    one[5] = "ES256";
    assertEquals("ann", with(one).verify(byEc).getName());
    refused(with(one), token(ANN));
  }

  @Test
  void eachIssuerHasItsOwnKeys() throws Exception {
    Path rsaFile = Files.writeString(dir.resolve("rsa"), new JWKSet(rsa).toString());
    Path ecFile = Files.writeString(dir.resolve("ec"), new JWKSet(ec).toString());
    Tokens tokens =
        with(
            "studio.jwt.issuers.staff.issuer",
            ISSUER,
            "studio.jwt.issuers.staff.jwks",
            rsaFile.toString(),
            "STUDIO_JWT_ISSUERS_BIG_CROWD_ISSUER", // as from the environment
            "https://other.example",
            "STUDIO_JWT_ISSUERS_BIG_CROWD_JWKS",
            ecFile.toString());
    assertTrue(tokens.fault().isEmpty());
    assertEquals("ann", tokens.verify(token(ANN)).getName());
    assertEquals(
        "ann", tokens.verify(new Forge(ec, "https://other.example", NOW).token(ANN)).getName());
    refused(tokens, new Forge(rsa, "https://other.example", NOW).token(ANN));
    refused(tokens, new Forge(ec, ISSUER, NOW).token(ANN));
  }

  @Test
  void aMissingKeyOrIssuerIsReportedToTheOperator() {
    assertTrue(with().fault().orElseThrow().contains("No key"));
    assertTrue(with(TokenConfig.ISSUER, ISSUER).fault().orElseThrow().contains("No key"));
    Tokens noIssuer = with(TokenConfig.KEY, rsa.toPublicJWK().toJSONString());
    assertTrue(noIssuer.fault().orElseThrow().contains("No issuer"));
    assertTrue(trusting().fault().isEmpty());
    refused(with(), token(ANN));
    refused(noIssuer, token(ANN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mp.jwt.verify.clock.skew|ten",
        "mp.jwt.verify.clock.skew|-1",
        "mp.jwt.verify.clock.skew|3601",
        "mp.jwt.verify.clock.skew|99999999999",
        "mp.jwt.verify.token.age|0",
        "mp.jwt.verify.publickey.algorithm|HS256",
        "mp.jwt.verify.publickey.algorithm|none",
        "mp.jwt.verify.publickey.location|/no/such/file",
        "mp.jwt.verify.publickey.location|file:/no/such/file",
        "mp.jwt.verify.publickey.location|classpath:nothing",
        "mp.jwt.verify.publickey.location|http:",
        "studio.jwt.groups|press",
        "studio.jwt.groups|=admin",
        "studio.jwt.groups|press=editor",
        "studio.jwt.issuers.a.issuer|https://a.example",
        "studio.jwt.issuers.a.jwks|http://a.example",
      })
  void aWrongSettingIsReportedWithTheAllowedValues(String setting) {
    String[] parts = setting.split("\\|");
    String[] more = {parts[0], parts[1], TokenConfig.ISSUER, ISSUER};
    boolean aKey = parts[0].endsWith("location");
    String message =
        assertThrows(
                IllegalStateException.class,
                () -> assertFalse((aKey ? with(more) : trusting(parts)).fault().isPresent()))
            .getMessage();
    assertTrue(message.contains(parts[0].replaceFirst("\\.(issuer|jwks)$", "")), message);
    assertTrue(
        message.contains("must be") || message.contains("needs") || message.contains("one of them"),
        message);
    assertFalse(message.contains("\n"), message);
  }

  @Test
  void anInvalidKeyIsRejectedWithoutBeingShown() throws Exception {
    OctetSequenceKey secret = new OctetSequenceKeyGenerator(256).generate();
    for (String key : List.of("nonsense", "{", "{}", "{\"keys\":[]}", secret.toJSONString())) {
      String message =
          assertThrows(IllegalStateException.class, () -> with(TokenConfig.KEY, key)).getMessage();
      assertTrue(message.startsWith(TokenConfig.KEY + " is '(a key)'"), message);
    }
    assertThrows(
        IllegalStateException.class,
        () -> trusting(TokenConfig.LOCATION, "/etc/hostname"),
        "not both");
  }

  // ---- the principal

  @Test
  void thePrincipalIsAJsonWebToken() {
    String raw =
        token(
            ANN
                + ",\"sub\":\"1\",\"jti\":\"id\",\"iat\":7,\"aud\":\"a\",\"groups\":[\"x\"],"
                + "\"n\":1");
    Token token = trusting("studio.jwt.groups", "x=admin").verify(raw);
    assertEquals("ann", token.getName());
    assertEquals("1", token.getSubject());
    assertEquals("id", token.getTokenID());
    assertEquals(ISSUER, token.getIssuer());
    assertEquals(7, token.getIssuedAtTime());
    assertEquals(NOW.getEpochSecond() + 3_600, token.getExpirationTime());
    assertEquals(Set.of("a"), token.getAudience());
    assertEquals(Set.of("admin"), token.getGroups());
    assertEquals(raw, token.getRawToken());
    JsonNumber own = token.getClaim("n");
    assertEquals(1, own.intValue());
    assertTrue(token.getClaimNames().containsAll(Set.of("raw_token", "upn", "n")));
    assertFalse(token.toString().contains(raw.substring(0, 10)));
  }
}
