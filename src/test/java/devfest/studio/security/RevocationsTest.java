package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import devfest.studio.security.Revocations.Kind;
import jakarta.ws.rs.NotAuthorizedException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevocationsTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir Path dir;
  private Database database;
  private Transactions transactions;
  private final List<UserRevoked> revoked = new ArrayList<>();
  private Instant now = NOON;
  private Revocations revocations;

  @BeforeEach
  void open() {
    database = Database.h2(dir);
    transactions = new Transactions(database);
    Clock clock =
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
    revocations =
        new Revocations(
            transactions.em(),
            clock,
            tokens(Map.of()),
            Transactions.observed((UserRevoked user) -> revoked.add(user)));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Tokens tokens(Map<String, String> settings) {
    return new Tokens(
        TokenConfig.of(
            name -> Optional.ofNullable(settings.get(name)),
            settings.keySet(),
            Optional.empty(),
            RemoteKeys.Pace.USUAL),
        new RevokedUsers(),
        Clock.systemUTC());
  }

  private void revoke(String session, Duration life) {
    transactions.run(() -> revocations.revoke(Kind.SESSION, session, now.plus(life)));
  }

  private boolean isRevoked(String session) {
    return transactions.in(() -> revocations.isRevoked(Kind.SESSION, session));
  }

  @Test
  void onlyRevokedSessionsAreRevoked() {
    revoke("one", Duration.ofHours(1));
    assertTrue(isRevoked("one"));
    assertFalse(isRevoked("two"));
    assertThrows(RuntimeException.class, () -> revoke("one", Duration.ofHours(1)));
  }

  @Test
  void aNodeReadsWhatWasRevokedSinceItsLastRead() {
    revoke("one", Duration.ofHours(1));
    now = NOON.plusSeconds(10);
    revoke("two", Duration.ofHours(1));
    assertEquals(
        Set.of("one", "two"), transactions.in(() -> revocations.since(NOON)).get(Kind.SESSION));
    assertEquals(
        Set.of("two"),
        transactions.in(() -> revocations.since(NOON.plusMillis(1))).get(Kind.SESSION));
  }

  @Test
  void aRevocationIsKeptUntilThePermissionExpires() {
    revoke("one", Duration.ofHours(1));
    now = NOON.plus(Duration.ofHours(1));
    transactions.run(revocations::prune);
    assertTrue(isRevoked("one"));
    now = now.plusMillis(1);
    transactions.run(revocations::prune);
    assertFalse(isRevoked("one"));
  }

  private void revokeUser(String user) {
    transactions.run(() -> revocations.revokeUser(user));
  }

  private long count(String table) {
    return transactions.in(
        () ->
            ((Number)
                    transactions
                        .em()
                        .createNativeQuery("select count(*) from " + table)
                        .getSingleResult())
                .longValue());
  }

  @Test
  void aUserIsRevokedWithTicketsAndStoredSessionsUnderADigestOfTheId() {
    Caller ann = new Caller("ann", null, Set.of(), NOON.plusSeconds(600), NOON, null);
    People.Store people = new People.Store(transactions.em(), revocations, user -> user);
    Admission admission =
        new Admission(new People(transactions.em(), people, user -> user), revocations, null);
    Tickets tickets = new Tickets(transactions.em(), Clock.fixed(NOON, ZoneOffset.UTC), admission);
    transactions.run(() -> tickets.issue(ann));
    transactions.run(() -> transactions.em().persist(new Session("hash", ann, "token")));
    revokeUser("bob");
    assertEquals(1, count("ticket"));
    assertEquals(1, count("kept_session"));
    revokeUser("ann");
    assertEquals(0, count("ticket"));
    assertEquals(0, count("kept_session"));
    assertEquals(0, count("revoked_user where subject like '%ann%'"));
    assertEquals(List.of(NOON, NOON), revoked.stream().map(UserRevoked::at).toList());
  }

  @Test
  void aRequestThatWasAdmittedBeforeARevocationDoesNotRecordTheUserAfterwards() {
    Caller ann = new Caller("ann", null, Set.of(), NOON.plusSeconds(600), NOON, null);
    People.Store store = new People.Store(transactions.em(), revocations, user -> user);
    People people = new People(transactions.em(), store, user -> user);
    transactions.run(() -> people.note(ann));
    assertEquals(Optional.of("ann"), transactions.in(() -> people.find("ann")));
    revokeUser("ann");
    transactions.run(() -> people.remove("ann"));
    assertThrows(NotAuthorizedException.class, () -> transactions.run(() -> people.note(ann)));
    assertEquals(Optional.empty(), transactions.in(() -> people.find("ann")));
  }

  @Test
  void aLaterRevocationOfAUserReplacesTheEarlierOne() {
    revokeUser("ann");
    now = NOON.plusSeconds(5);
    revokeUser("ann");
    revokeUser("bob");
    List<UserRevoked> rows = transactions.in(() -> revocations.usersSince(Instant.EPOCH));
    assertEquals(Set.copyOf(revoked.subList(1, 3)), Set.copyOf(rows));
    assertEquals(2, rows.size());
    assertEquals(List.of(), transactions.in(() -> revocations.usersSince(now.plusMillis(1))));
  }

  @Test
  void theRowOfAUserIsDeletedWhenNoEarlierTokenCanBeValid() {
    Tokens limited = tokens(Map.of(TokenConfig.AGE, "60"));
    revocations =
        new Revocations(
            transactions.em(),
            Clock.fixed(NOON, ZoneOffset.UTC),
            limited,
            Transactions.observed((UserRevoked user) -> revoked.add(user)));
    revokeUser("ann");
    assertEquals(NOON.plusSeconds(60 + 10), revoked.get(0).until(), "age and skew");
    Revocations later =
        new Revocations(
            transactions.em(), Clock.fixed(NOON.plusSeconds(71), ZoneOffset.UTC), limited, null);
    transactions.run(revocations::prune);
    assertEquals(1, count("revoked_user"));
    transactions.run(later::prune);
    assertEquals(0, count("revoked_user"));
  }

  @Test
  void aStreamMayBeRevokedTwice() {
    transactions.run(() -> revocations.revokeStream("one"));
    transactions.run(() -> revocations.revokeStream("one"));
    assertEquals(Set.of("one"), transactions.in(() -> revocations.since(NOON)).get(Kind.STREAM));
  }
}
