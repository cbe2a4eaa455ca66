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

/** The answers that are kept, for a day. Safe for use from many threads and nodes. */
@ApplicationScoped
@Transactional
public class Replies {

  /** The contract: a client repeats within a day. */
  private static final Duration KEPT = Duration.ofHours(24);

  private final EntityManager em;
  private final Clock clock;

  @Inject
  Replies(EntityManager em, Clock clock) {
    this.em = em;
    this.clock = clock;
  }

  /**
   * The answer to an earlier request with this key.
   *
   * @throws KeyReused when that request asked for something else
   */
  public Optional<Reply> known(Key key) {
    KnownReply known = em.find(KnownReply.class, key.id());
    if (known == null || known.isOlderThan(expiry())) {
      return Optional.empty();
    }
    if (!known.isTo(key)) {
      throw new KeyReused();
    }
    return Optional.of(known.reply());
  }

  /**
   * Does the work and keeps its answer, in one transaction. Where the same key is in work already,
   * waits for that and then fails: ask again for what is {@link #known}.
   */
  public Reply first(Key key, Supplier<Reply> work) {
    Consumer<Reply> keep = take(key);
    Reply answer = work.get();
    keep.accept(answer);
    return answer;
  }

  /**
   * Takes the key in the caller's transaction. Who needs several takes them in the order of their
   * ids, and before anything is appended to the log.
   *
   * @return keeps the answer, in the same transaction
   */
  @Transactional(TxType.MANDATORY)
  public Consumer<Reply> take(Key key) {
    KnownReply old = em.find(KnownReply.class, key.id());
    if (old != null && old.isOlderThan(expiry())) {
      em.remove(old);
      em.flush();
    }
    KnownReply reply = new KnownReply(key, clock.instant());
    em.persist(reply);
    em.flush(); // the primary key lets one in and the others wait
    return reply::answer;
  }

  private Instant expiry() {
    return clock.instant().minus(KEPT);
  }

  /** Forgets what is older than a day. */
  public void prune() {
    em.createQuery("delete from KnownReply r where r.createdAt < :before")
        .setParameter("before", expiry())
        .executeUpdate();
  }
}
