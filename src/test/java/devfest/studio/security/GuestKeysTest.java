package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import jakarta.ws.rs.NotAuthorizedException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys of guests' tokens, and how the verifier treats these. */
class GuestKeysTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir Path dir;
  private Database database;
  private Rows rows;
  private Instant now = NOON;

  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          throw new UnsupportedOperationException();
        }
      };

  /** Counts the queries. */
  private static final class Rows extends GuestKeys.Rows {

    private final Transactions transactions;
    private int reads;

    Rows(Transactions transactions) {
      super(transactions.em());
      this.transactions = transactions;
    }

    @Override
    List<GuestKeys.Key> all() {
      reads++;
      return transactions.in(super::all);
    }

    @Override
    void add(ECKey key, Instant at, Instant unused) {
      transactions.run(() -> super.add(key, at, unused));
    }
  }

  @BeforeEach
  void open() {
    database = Database.h2(dir);
    rows = new Rows(new Transactions(database));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void withoutGuestsTheirTokensAreNotValid() {
    String token = token(node());
    assertEquals("guest-1", verifier(node()).verify(token).getName());
    GuestKeys off = new GuestKeys(new GuestSettings(false), rows, clock);
    assertThrows(NotAuthorizedException.class, () -> verifier(off).verify(token));
  }

  private GuestKeys node() {
    return new GuestKeys(new GuestSettings(true), rows, clock);
  }

  private Tokens verifier(GuestKeys keys, String... settings) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      map.put(settings[i], settings[i + 1]);
    }
    return new Tokens(
        TokenConfig.of(
                name -> Optional.ofNullable(map.get(name)),
                map.keySet(),
                Optional.empty(),
                RemoteKeys.Pace.USUAL)
            .with(GuestKeys.ISSUER, new Issuer(keys, Set.of(GuestKeys.ALGORITHM))),
        new RevokedUsers(),
        clock);
  }

  private String token(GuestKeys keys) {
    return keys.sign("guest-1", "Ada", List.of("guest"), now, now.plus(GuestKeys.LONGEST));
  }

  @Test
  void aTokenOfOneNodeIsAcceptedByAnother() {
    Token token = verifier(node()).verify(token(node()));
    assertEquals("guest-1", token.getName());
    assertEquals("Ada", token.getClaim("name"));
    assertEquals(Set.of("guest"), token.getGroups());
    assertEquals(1, rows.all().size(), "keys");
  }

  @Test
  void aNewKeyReplacesOneAfterThirtyDaysWhichVerifiesUntilItsLastTokenHasExpired() {
    GuestKeys keys = node();
    token(keys);
    now = NOON.plus(Duration.ofDays(29));
    String old = token(keys);
    assertEquals(1, rows.all().size());
    now = NOON.plus(Duration.ofDays(31));
    String fresh = token(keys);
    assertEquals(2, rows.all().size());
    Tokens other = verifier(node());
    other.verify(old);
    other.verify(fresh);
    now = NOON.plus(Duration.ofDays(62));
    token(keys);
    assertEquals(2, rows.all().size(), "the first key is deleted");
  }

  @Test
  void aForgedTokenIsRefusedAndDoesNotCauseAQueryEachTime() throws Exception {
    GuestKeys keys = node();
    Tokens tokens = verifier(keys);
    tokens.verify(token(keys));
    ECKey foreign =
        new ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256).keyID("unknown").generate();
    String forged =
        OwnTokens.sign(
            foreign, GuestKeys.ISSUER, "root", null, List.of("admin"), now, now.plusSeconds(60));
    int before = rows.reads;
    for (int i = 0; i < 100; i++) {
      assertThrows(NotAuthorizedException.class, () -> tokens.verify(forged));
    }
    assertTrue(rows.reads <= before + 1, () -> rows.reads - before + " queries");
  }

  @Test
  void rulesForForeignTokensDoNotApplyToAudienceAndGroups() {
    GuestKeys keys = node();
    Tokens tokens =
        verifier(
            keys,
            "mp.jwt.verify.audiences",
            "other",
            "studio.jwt.groups-claim",
            "realm/roles",
            "studio.jwt.groups",
            "guest=admin");
    assertEquals(Set.of("guest"), tokens.verify(token(keys)).getGroups());
  }

  @Test
  void aTokenThatIsTooOldIsRefused() {
    GuestKeys keys = node();
    Tokens tokens = verifier(keys, "mp.jwt.verify.token.age", "3600");
    String token = token(keys);
    tokens.verify(token);
    now = NOON.plusSeconds(3_700);
    assertThrows(NotAuthorizedException.class, () -> tokens.verify(token));
  }
}
