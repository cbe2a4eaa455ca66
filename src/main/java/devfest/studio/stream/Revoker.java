package devfest.studio.stream;

import devfest.studio.cluster.Cluster;
import devfest.studio.cluster.Message;
import devfest.studio.cluster.Receiver;
import devfest.studio.http.Outage;
import devfest.studio.security.Revocations;
import devfest.studio.security.Revocations.Kind;
import devfest.studio.security.RevokedUsers;
import devfest.studio.security.SessionEnded;
import devfest.studio.security.UserRevoked;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Closes the streams of this node whose permission was revoked, here or on another node. A message
 * makes it quick; the rows, which are read regularly, make it certain. Safe for use from many
 * threads.
 */
@ApplicationScoped
public class Revoker implements Receiver {

  private static final Logger LOG = System.getLogger(Revoker.class.getName());

  /** A stream must end within 5 seconds, and a read may fail once. */
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** Longer than the transaction takes that stores a revocation, which becomes visible late. */
  private static final Duration OVERLAP = Duration.ofSeconds(10);

  /** The same for users: an erasure revokes in a longer transaction. */
  private static final Duration USERS_OVERLAP = Duration.ofMinutes(10);

  /** The kind of the message, and its only member: {@link SessionEnded#session}. */
  private static final String SESSION = "session";

  private final StreamEngine engine;
  private final Revocations revocations;
  private final RevokedUsers users;
  private final Cluster cluster;
  private final Clock clock;

  /** The start of the last complete read. Used by one task at a time. */
  private volatile Instant readAt = Instant.EPOCH;

  @Inject
  Revoker(
      StreamEngine engine,
      Revocations revocations,
      RevokedUsers users,
      Cluster cluster,
      Clock clock) {
    this.engine = engine;
    this.revocations = revocations;
    this.users = users;
    this.cluster = cluster;
    this.clock = clock;
  }

  /** Reads the revocations of users. Called before the first request is accepted. */
  public void load() {
    readAt = clock.instant();
    revocations.usersSince(Instant.EPOCH).forEach(users::add);
  }

  /** Starts to read the new rows regularly; ends with the threads of the engine. */
  public void start() {
    engine.repeat(INTERVAL.toNanos(), this::read);
  }

  private void read() {
    try {
      Instant now = clock.instant();
      Instant from = readAt.minus(OVERLAP);
      users.removeExpired(now);
      revoke(revocations.usersSince(readAt.minus(USERS_OVERLAP)));
      if (engine.hub().connections() > 0) { // every new stream checks the row of its session itself
        Map<Kind, Set<String>> rows = revocations.since(from);
        close(rows.getOrDefault(Kind.SESSION, Set.of()));
        rows.getOrDefault(Kind.STREAM, Set.of()).forEach(engine.hub()::revoke);
      }
      readAt = now;
    } catch (RuntimeException e) {
      Level level = Outage.behind(e).isPresent() ? Level.DEBUG : Level.WARNING;
      LOG.log(level, "The revocations could not be read. Retrying.", e);
    }
  }

  private void close(Set<String> sessions) {
    if (!sessions.isEmpty()) {
      engine
          .hub()
          .revoke(
              subscriber ->
                  subscriber.session() != null && sessions.contains(subscriber.session()));
    }
  }

  /**
   * Refuses the tokens of these users from now on, and closes the streams opened with them. Closes
   * those of recent revocations again if they are repeated, in case that it failed.
   */
  void revoke(List<UserRevoked> revoked) {
    Instant recent = clock.instant().minus(OVERLAP);
    boolean due = false;
    for (UserRevoked user : revoked) {
      boolean added = users.add(user);
      due = due || added || user.at().isAfter(recent);
    }
    if (due) {
      engine.hub().revoke(subscriber -> users.covers(subscriber.userId(), subscriber.issued()));
    }
  }

  void revoke(@Observes(during = TransactionPhase.AFTER_SUCCESS) UserRevoked user) {
    revoke(List.of(user));
    cluster.send(UserRelay.message(user));
  }

  void end(@Observes SessionEnded ended) {
    close(Set.of(ended.session()));
    JsonObject data = Message.JSON.createObjectBuilder().add(SESSION, ended.session()).build();
    cluster.send(new Message(SESSION, ended.session(), data));
  }

  @Override
  public String kind() {
    return SESSION;
  }

  @Override
  public void received(String node, JsonObject data) {
    close(Set.of(data.getString(SESSION)));
  }
}
