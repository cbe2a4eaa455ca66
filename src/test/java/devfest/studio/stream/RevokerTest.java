package devfest.studio.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.base.Sha256;
import devfest.studio.cluster.Message;
import devfest.studio.cluster.TestCluster;
import devfest.studio.events.Audience;
import devfest.studio.events.Filter;
import devfest.studio.hub.Format;
import devfest.studio.hub.Hub;
import devfest.studio.hub.Limits;
import devfest.studio.hub.LogSource;
import devfest.studio.hub.Subscriber;
import devfest.studio.hub.Subscription;
import devfest.studio.hub.Transport;
import devfest.studio.hub.Turns;
import devfest.studio.security.Revocations;
import devfest.studio.security.RevokedUsers;
import devfest.studio.security.SessionEnded;
import devfest.studio.security.UserRevoked;
import jakarta.persistence.PersistenceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RevokerTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Optional<String> REVOKED = Optional.of("revoked");

  /** The rows of the database. */
  private static final class Rows extends Revocations {
    private final List<UserRevoked> users = new ArrayList<>();
    private final Set<String> sessions = new HashSet<>();
    private final Set<String> streams = new HashSet<>();
    private Instant usersFrom;
    private RuntimeException failure;
    private int reads;

    Rows() {
      super(null, Clock.systemUTC(), null, null);
    }

    @Override
    public List<UserRevoked> usersSince(Instant instant) {
      usersFrom = instant;
      return users;
    }

    @Override
    public Map<Kind, Set<String>> since(Instant instant) {
      reads++;
      if (failure != null) {
        throw failure;
      }
      return Map.of(Kind.SESSION, sessions, Kind.STREAM, streams);
    }
  }

  private final Hub hub =
      new Hub(
          new Limits(10, 10, 10, HOUR, Duration.ZERO, HOUR, HOUR),
          (filter, after, limit) -> new LogSource.Page(List.of(), Long.MAX_VALUE, 0, 0),
          0,
          new Turns(Runnable::run, 1),
          Clock.systemUTC());
  private final ManualEngine engine = new ManualEngine(hub);
  private final Rows rows = new Rows();
  private final RevokedUsers users = new RevokedUsers();
  private final TestCluster cluster = new TestCluster("a");
  private final Revoker revoker =
      new Revoker(engine, rows, users, cluster, Clock.fixed(NOON, ZoneOffset.UTC));

  @BeforeEach
  void start() {
    revoker.load();
    revoker.start();
  }

  private Subscription open(String session) {
    return hub.subscribe(
        Filter.of(Audience.everything()),
        new Subscriber("ann", "10.0.0.1", null, null, session),
        Transport.STREAM,
        Format.DEFAULT,
        0,
        NOON);
  }

  @Test
  void theEndOfASessionClosesItsStreamsHereAndNotifiesTheOtherNodes() {
    Subscription ended = open("one");
    Subscription other = open("two");
    Subscription byToken = open(null);
    revoker.end(new SessionEnded("one"));
    assertEquals(REVOKED, ended.closeReason());
    assertEquals(Optional.empty(), other.closeReason());
    assertEquals(Optional.empty(), byToken.closeReason());
    assertEquals(1, cluster.messages().size());
  }

  @Test
  void aMessageClosesTheStreamsOfASessionThatEndedElsewhere() {
    revoker.end(new SessionEnded("elsewhere"));
    Subscription late = open("elsewhere");
    Message message = cluster.messages().get(0);
    revoker.received("b", message.data());
    assertEquals(REVOKED, late.closeReason());
  }

  @Test
  void withoutAMessageTheRowsCloseTheStreams() {
    Subscription ended = open("one");
    Subscription other = open("two");
    rows.sessions.add("one");
    engine.advance(INTERVAL);
    assertEquals(REVOKED, ended.closeReason());
    assertEquals(Optional.empty(), other.closeReason());
  }

  @Test
  void withoutStreamsTheRowsOfSessionsAreNotRead() {
    engine.advance(INTERVAL);
    assertEquals(0, rows.reads);
    open("one");
    engine.advance(INTERVAL);
    assertEquals(1, rows.reads);
  }

  @Test
  void aFailedReadIsRepeated() {
    Subscription ended = open("one");
    rows.sessions.add("one");
    rows.failure = new PersistenceException("The database is away.");
    engine.advance(INTERVAL);
    assertEquals(Optional.empty(), ended.closeReason());
    rows.failure = null;
    engine.advance(INTERVAL);
    assertEquals(REVOKED, ended.closeReason());
  }

  private Subscription open(String user, Instant issued) {
    return hub.subscribe(
        Filter.of(Audience.everything()),
        new Subscriber(user, "10.0.0.1", null, issued, null),
        Transport.STREAM,
        Format.DEFAULT,
        0,
        NOON);
  }

  private static UserRevoked revoked(String user, Instant at) {
    return new UserRevoked(Sha256.hex(user), at, NOON.plus(HOUR));
  }

  @Test
  void theStreamsOfEarlierTokensOfARevokedUserAreClosed() {
    Subscription earlier = open("ann", NOON.minusSeconds(1));
    Subscription unknown = open("ann", (Instant) null);
    Subscription later = open("ann", NOON.plusMillis(1));
    Subscription other = open("bob", NOON.minusSeconds(1));
    revoker.revoke(revoked("ann", NOON));
    assertEquals(REVOKED, earlier.closeReason());
    assertEquals(REVOKED, unknown.closeReason());
    assertEquals(Optional.empty(), later.closeReason());
    assertEquals(Optional.empty(), other.closeReason());
    assertTrue(users.covers("ann", NOON));
    assertEquals(1, cluster.messages().size());
  }

  @Test
  void aMessageRevokesTheUserAtAnotherNode() {
    UserRevoked ann = revoked("ann", NOON);
    Subscription stream = open("ann", NOON.minusSeconds(1));
    new UserRelay(revoker).received("b", UserRelay.message(revoked("bob", NOON)).data());
    assertEquals(Optional.empty(), stream.closeReason());
    new UserRelay(revoker)
        .received(
            "b",
            UserRelay.message(new UserRevoked(ann.subject(), NOON, NOON.plusSeconds(9))).data());
    assertEquals(REVOKED, stream.closeReason());
    assertEquals(0, cluster.messages().size(), "it is not sent on");
  }

  @Test
  void withoutAMessageTheRowsRevokeTheUser() {
    Subscription stream = open("ann", NOON.minusSeconds(1));
    rows.users.add(revoked("ann", NOON));
    engine.advance(INTERVAL);
    assertEquals(REVOKED, stream.closeReason());
    assertTrue(users.covers("ann", NOON));
  }

  @Test
  void aRowOfALongTransactionRevokesTheUser() {
    Subscription stream = open("ann", NOON.minusSeconds(600));
    engine.advance(INTERVAL);
    assertEquals(NOON.minus(Duration.ofMinutes(10)), rows.usersFrom);
    rows.users.add(revoked("ann", NOON.minusSeconds(300)));
    engine.advance(INTERVAL);
    assertEquals(REVOKED, stream.closeReason());
  }

  @Test
  void aRowEndsOneStream() {
    Subscription stream = open("ann", NOON);
    Subscription other = open("ann", NOON);
    rows.streams.add(stream.id());
    engine.advance(INTERVAL);
    assertEquals(REVOKED, stream.closeReason());
    assertEquals(Optional.empty(), other.closeReason());
  }
}
