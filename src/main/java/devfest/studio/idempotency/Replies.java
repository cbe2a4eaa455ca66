package devfest.studio.idempotency;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Stored replies, kept for one day. Safe for use from many threads and nodes. */
@ApplicationScoped
@Transactional
public class Replies {

  /** The API contract lets clients repeat a request for one day. */
  private static final Duration KEPT = Duration.ofHours(24);

  private final EntityManager em;
  private final Clock clock;

  @Inject
  Replies(EntityManager em, Clock clock) {
    this.em = em;
    this.clock = clock;
  }

  /**
   * Returns the reply to an earlier request with this key.
   *
   * @throws KeyReused if that request had different content
   */
  public Optional<Reply> find(Key key) {
    KnownReply known = em.find(KnownReply.class, key.id());
    if (known == null || known.isOlderThan(expiry())) {
      return Optional.empty();
    }
    if (!known.matches(key)) {
      throw new KeyReused();
    }
    return Optional.of(known.reply());
  }

  /**
   * Runs the work and stores its reply in one transaction. If a concurrent transaction has reserved
   * the same key, this call waits for it and then fails; the caller can then read the reply with
   * {@link #find}.
   */
  public Reply runAndStore(Key key, Supplier<Reply> work) {
    Consumer<Reply> store = reserve(key);
    Reply reply = work.get();
    store.accept(reply);
    return reply;
  }

  /**
   * Reserves the key in the caller's transaction. A caller that needs several keys reserves them in
   * the order of their ids and before it appends to the log, so transactions do not deadlock.
   *
   * @return stores the reply; call it in the same transaction
   */
  @Transactional(TxType.MANDATORY)
  public Consumer<Reply> reserve(Key key) {
    KnownReply old = em.find(KnownReply.class, key.id());
    if (old != null && old.isOlderThan(expiry())) {
      em.remove(old);
      em.flush();
    }
    KnownReply reply = new KnownReply(key, clock.instant());
    em.persist(reply);
    em.flush(); // the primary key makes concurrent transactions wait for this one
    return reply::set;
  }

  private Instant expiry() {
    return clock.instant().minus(KEPT);
  }

  /**
   * Deletes replies that are older than one day. Skips those that a request has locked, which may
   * have reserved several keys and wait for another of these rows.
   */
  public void prune() {
    em.createNativeQuery(
            "delete from known_reply where id in (select id from known_reply"
                + " where created_at < ?1 order by id for update skip locked)")
        .setParameter(1, expiry().toEpochMilli())
        .executeUpdate();
  }
}
