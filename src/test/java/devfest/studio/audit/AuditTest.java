package devfest.studio.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.cluster.TestCluster;
import devfest.studio.http.Cursor;
import devfest.studio.http.Sender;
import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import jakarta.persistence.PersistenceException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {

  @TempDir Path dir;
  private Database database;
  private Transactions transactions;
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private Audit audit;

  @BeforeEach
  void open() {
    database = Database.h2(dir);
    transactions = new Transactions(database);
    audit = audit(new AuditRows(transactions.em()));
  }

  private Audit audit(AuditRows rows) {
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
    return new Audit(
        rows,
        new TestCluster("node-a"),
        null,
        () -> {
          throw new IllegalStateException("no request");
        },
        new Sender(),
        clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void record(String user, Action action, String target, Outcome outcome) {
    transactions.run(() -> audit.record(user, action, target, outcome));
  }

  private List<AuditRow> rows(Optional<String> user, Optional<Action> action) {
    return transactions.in(() -> audit.newest(user, action, Cursor.START, 1_000));
  }

  private List<AuditRow> rows() {
    return rows(Optional.empty(), Optional.empty());
  }

  @Test
  void rowsAreListedNewestFirstByUserAndAction() {
    record("ann", Action.BEGIN_SESSION, null, Outcome.DONE);
    now = now.plusSeconds(1);
    record("root", Action.DELETE_PHOTO, "one", Outcome.DONE);
    record("root", Action.BEGIN_SESSION, null, Outcome.DONE);
    assertEquals(3, rows().size());
    assertEquals("ann", rows().get(2).userId());
    assertEquals(2, rows(Optional.of("root"), Optional.empty()).size());
    assertEquals(2, rows(Optional.empty(), Optional.of(Action.BEGIN_SESSION)).size());
    AuditRow row = rows(Optional.of("root"), Optional.of(Action.DELETE_PHOTO)).get(0);
    assertEquals("delete-photo", row.action());
    assertEquals("one", row.target());
    assertEquals("done", row.outcome());
    assertEquals("node-a", row.node());
    assertEquals(now, row.recordedAt());
    assertNull(row.address());
    assertEquals(1, row.times());
  }

  @Test
  void equalRefusalsWithinAMinuteAreOneRow() {
    for (int i = 0; i < 50; i++) {
      record(null, Action.SIGN_IN, "header", Outcome.REFUSED);
    }
    assertEquals(List.of(1), rows().stream().map(AuditRow::times).toList());
    transactions.run(audit::flush);
    transactions.run(audit::flush);
    assertEquals(List.of(50), rows().stream().map(AuditRow::times).toList());
    now = now.plusSeconds(60);
    transactions.run(audit::flush);
    record(null, Action.SIGN_IN, "header", Outcome.REFUSED);
    assertEquals(List.of(1, 50), rows().stream().map(AuditRow::times).toList());
  }

  @Test
  void aFloodOfDifferentRefusalsHasABoundedNumberOfRows() {
    for (int i = 0; i < 3 * Repeats.MAX; i++) {
      record("user-" + i, Action.CALL, "GET /audit", Outcome.REFUSED);
    }
    transactions.run(audit::flush);
    List<AuditRow> rows = rows();
    assertEquals(Repeats.MAX + 1, rows.size());
    assertEquals(3 * Repeats.MAX, rows.stream().mapToInt(AuditRow::times).sum());
    AuditRow others = rows.stream().filter(row -> row.userId() == null).findFirst().orElseThrow();
    assertEquals(2 * Repeats.MAX, others.times());
  }

  @Test
  void actionsThatWereDoneAreNeverCounted() {
    IntStream.range(0, 300).forEach(i -> record("root", Action.DELETE_MESSAGE, "7", Outcome.DONE));
    assertEquals(300, rows().size());
  }

  @Test
  void whatIsNotForeignIsNotRecorded() {
    transactions.run(() -> audit.recordForeign("ann", "ann", Action.DELETE_PHOTO, "one"));
    transactions.run(() -> audit.recordForeign("ann", null, Action.DELETE_POST, "one"));
    assertEquals(List.of(), rows());
    transactions.run(() -> audit.recordForeign("root", "ann", Action.DELETE_PHOTO, "one"));
    assertEquals(1, rows().size());
  }

  @Test
  void erasureReplacesTheUserIdAndRemovesTheAddresses() {
    record("ann", Action.BEGIN_SESSION, null, Outcome.DONE);
    record("root", Action.REVOKE_SESSIONS, "ann", Outcome.DONE);
    transactions.run(() -> audit.erase("ann"));
    assertEquals(List.of(), rows(Optional.of("ann"), Optional.empty()));
    assertNull(rows(Optional.of(Audit.ERASED), Optional.empty()).get(0).address());
    assertEquals(Audit.ERASED, rows(Optional.of("root"), Optional.empty()).get(0).target());
  }

  @Test
  void oldRowsArePruned() {
    record("ann", Action.BEGIN_SESSION, null, Outcome.DONE);
    now = now.plusSeconds(1);
    record("bob", Action.BEGIN_SESSION, null, Outcome.DONE);
    transactions.run(() -> audit.prune(now));
    assertEquals(List.of("bob"), rows().stream().map(AuditRow::userId).toList());
  }

  @Test
  void withoutTheDatabaseNothingIsThrown() {
    AuditRows away =
        new AuditRows(null) {
          @Override
          void add(AuditRow row) {
            throw new PersistenceException("The database is away.");
          }

          @Override
          void count(List<Repeats.Counted> repeated) {
            throw new PersistenceException("The database is away.");
          }
        };
    Audit audited = audit(away);
    audited.record("ann", Action.BEGIN_SESSION, null, Outcome.DONE);
    audited.record("ann", Action.CALL, "GET /audit", Outcome.REFUSED);
    audited.record("ann", Action.CALL, "GET /audit", Outcome.REFUSED);
    audited.flush();
  }

  @Test
  void aLineOfTheLogContainsNoControlOrBidirectionalCharacters() {
    String line =
        new Act(
                "a\r\nb\u202Ec\u0007\"d\\é\uD83D\uDE00\u2028\uD800",
                Action.REVOKE_SESSIONS,
                null,
                Outcome.REFUSED,
                "::1")
            .line(3);
    assertEquals(
        "action=revoke-sessions outcome=refused"
            + " user=\"a\\u{d}\\u{a}b\\u{202e}c\\u{7}\\u{22}d\\u{5c}é\uD83D\uDE00\\u{2028}\\u{d800}\""
            + " target=- from=\"::1\" times=3",
        line);
  }

  @Test
  void everyActionHasATextForm() {
    for (Action action : Action.values()) {
      assertTrue(action.toString().matches("[a-z]+(-[a-z]+)*"));
      assertEquals(Optional.of(action), Action.of(action.toString()));
    }
    assertFalse(Action.of("nonsense").isPresent());
  }
}
