package devfest.studio.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The rows of permissions that were revoked before they expire. Every node checks the row of a
 * session whenever the session is used. It keeps the rows of users in memory ({@link
 * RevokedUsers}). It reads the new rows of both regularly. Safe for use from many threads and
 * nodes.
 */
@ApplicationScoped
@Transactional
public class Revocations {

  /** What is revoked. */
  public enum Kind {
    /** A session; the subject is {@link Caller#session}. */
    SESSION,
    /** An open stream; the subject is its client id. */
    STREAM;

    private String column() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How long the row of a stream is kept: every node has read it long before. */
  private static final Duration STREAM_ROW = Duration.ofMinutes(10);

  private final EntityManager em;
  private final Clock clock;
  private final Tokens tokens;
  private final Event<UserRevoked> revoked;

  @Inject
  public Revocations(EntityManager em, Clock clock, Tokens tokens, Event<UserRevoked> revoked) {
    this.em = em;
    this.clock = clock;
    this.tokens = tokens;
    this.revoked = revoked;
  }

  /**
   * Revokes every token of a user that was issued until now, with the tickets, sessions and push
   * subscriptions that were obtained with it. This node refuses them as soon as the transaction
   * commits, and closes their streams; the other nodes follow within seconds. Joins the transaction
   * of the caller. May be repeated.
   */
  public void revokeUser(String userId) {
    Instant at = Instant.ofEpochMilli(clock.millis());
    UserRevoked user = new UserRevoked(UserRevoked.subject(userId), at, tokens.latestEnd(at));
    int ignored =
        em.createNativeQuery(
                "insert into revoked_user (id, subject, revoked_at, expires_at)"
                    + " values (?1, ?2, ?3, ?4)")
            .setParameter(1, UUID.randomUUID().toString())
            .setParameter(2, user.subject())
            .setParameter(3, at.toEpochMilli())
            .setParameter(4, user.until().toEpochMilli())
            .executeUpdate();
    ignored +=
        em.createNativeQuery("delete from revoked_user where subject = ?1 and revoked_at < ?2")
            .setParameter(1, user.subject())
            .setParameter(2, at.toEpochMilli())
            .executeUpdate();
    for (String table : List.of("ticket", "kept_session", "push_subscription")) {
      ignored +=
          em.createNativeQuery("delete from " + table + " where user_id = ?1")
              .setParameter(1, userId)
              .executeUpdate();
    }
    revoked.fire(user);
  }

  /** Whether the database has a revocation of the caller's token, which this node may not know. */
  boolean covers(Caller caller) {
    List<?> rows =
        em.createNativeQuery(
                "select subject, revoked_at, expires_at from revoked_user where subject = ?1")
            .setParameter(1, UserRevoked.subject(caller.user()))
            .getResultList();
    return rows.stream().anyMatch(row -> user((Object[]) row).covers(caller.issued()));
  }

  /** Returns the revocations of users at or after an instant. */
  public List<UserRevoked> usersSince(Instant instant) {
    List<?> rows =
        em.createNativeQuery(
                "select subject, revoked_at, expires_at from revoked_user where revoked_at >= ?1")
            .setParameter(1, instant.toEpochMilli())
            .getResultList();
    return rows.stream().map(row -> user((Object[]) row)).toList();
  }

  private static UserRevoked user(Object[] row) {
    return new UserRevoked((String) row[0], instant(row[1]), instant(row[2]));
  }

  private static Instant instant(Object millis) {
    return Instant.ofEpochMilli(((Number) millis).longValue());
  }

  boolean isRevoked(Kind kind, String subject) {
    return !query("select subject from revocation where kind = ?1 and subject = ?2", kind)
        .setParameter(2, subject)
        .getResultList()
        .isEmpty();
  }

  /**
   * Revokes a permission.
   *
   * @param expiresAt when the permission expires anyway
   * @throws RuntimeException if it is already revoked
   */
  void revoke(Kind kind, String subject, Instant expiresAt) {
    int ignored =
        query(
                "insert into revocation (kind, subject, revoked_at, expires_at)"
                    + " values (?1, ?2, ?3, ?4)",
                kind)
            .setParameter(2, subject)
            .setParameter(3, clock.millis())
            .setParameter(4, expiresAt.toEpochMilli())
            .executeUpdate();
  }

  /**
   * Revokes an open stream, wherever it is, if the nodes cannot be asked. Does nothing if it is
   * already revoked.
   *
   * @param clientId need not exist
   */
  public void revokeStream(String clientId) {
    if (!isRevoked(Kind.STREAM, clientId)) {
      revoke(Kind.STREAM, clientId, clock.instant().plus(STREAM_ROW));
    }
  }

  /** Returns the subjects of each kind that were revoked at or after an instant. */
  public Map<Kind, Set<String>> since(Instant instant) {
    List<?> rows =
        em.createNativeQuery("select kind, subject from revocation where revoked_at >= ?1")
            .setParameter(1, instant.toEpochMilli())
            .getResultList();
    Map<Kind, Set<String>> subjects = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      subjects.put(kind, new HashSet<>());
    }
    for (Object row : rows) { // a newer version may add kinds
      Object[] columns = (Object[]) row;
      subjects.forEach(
          (kind, found) -> {
            if (kind.column().equals(columns[0])) {
              found.add((String) columns[1]);
            }
          });
    }
    return subjects;
  }

  private Query query(String sql, Kind kind) {
    return em.createNativeQuery(sql).setParameter(1, kind.column());
  }

  /** Deletes the revocations of permissions that have expired. */
  public void prune() {
    for (String table : List.of("revocation", "revoked_user")) {
      int ignored =
          em.createNativeQuery("delete from " + table + " where expires_at < ?1")
              .setParameter(1, clock.millis())
              .executeUpdate();
    }
  }
}
