package devfest.studio.webhooks;

import devfest.studio.base.Missing;
import devfest.studio.delivery.Cursors;
import devfest.studio.delivery.DeliverySettings;
import devfest.studio.delivery.Outcome;
import devfest.studio.http.Cursor;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Work;
import devfest.studio.log.LogReader;
import devfest.studio.personal.Rows;
import devfest.studio.security.Admission;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Stores webhooks and their attempts. Each method runs in one short transaction or joins the
 * caller's. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
class Webhooks extends Cursors<Webhook> {

  private static final Logger LOG = System.getLogger(Webhooks.class.getName());

  /** Enough for a user's systems. */
  private static final int MAX_PER_USER = 20;

  /** Each node compares every event with every active webhook. */
  private static final int MAX = 1_000;

  private final EntityManager em;
  private final LogReader log;
  private final Leases leases;
  private final Admission admission;
  private final DeliverySettings settings;
  private final Clock clock;
  private final Event<WebhooksChanged> changed;
  private final Event<WebhookDisabled> disabled;

  @Inject
  Webhooks(
      EntityManager em,
      LogReader log,
      Leases leases,
      Admission admission,
      DeliverySettings settings,
      Clock clock,
      Event<WebhooksChanged> changed,
      Event<WebhookDisabled> disabled) {
    super(Webhook.class, em, log, leases, clock);
    this.em = em;
    this.log = log;
    this.leases = leases;
    this.admission = admission;
    this.settings = settings;
    this.clock = clock;
    this.changed = changed;
    this.disabled = disabled;
  }

  /**
   * Creates a webhook that gets the events from now on.
   *
   * @throws TooManyWebhooks if the user or the studio has too many
   */
  Webhook create(String userId, boolean allUsers, Webhook.Target target) {
    admission.admit();
    if (of(userId).size() >= MAX_PER_USER) {
      throw new TooManyWebhooks(
          "A user can have at most %d webhooks. Delete one first.".formatted(MAX_PER_USER));
    }
    if (count() >= MAX) {
      throw new TooManyWebhooks("The studio can have at most %,d webhooks.".formatted(MAX));
    }
    Webhook webhook = new Webhook(userId, allUsers, target, log.bounds().latest(), clock.instant());
    em.persist(webhook);
    leases.added(Webhook.class);
    changed.fire(new WebhooksChanged());
    return webhook;
  }

  private long count() {
    return em.createQuery("select count(w) from Webhook w", Long.class).getSingleResult();
  }

  Optional<Webhook> find(String id) {
    return Optional.ofNullable(em.find(Webhook.class, id));
  }

  /** Returns the webhooks of a user, newest first. */
  List<Webhook> of(String userId) {
    return em.createQuery(
            "select w from Webhook w where w.userId = :user order by w.createdAt desc, w.id",
            Webhook.class)
        .setParameter("user", userId)
        .getResultList();
  }

  /**
   * Returns webhooks, newest first.
   *
   * @param owner the user whose webhooks to return; null for those of all users
   * @param after where to begin
   */
  List<Webhook> newest(@Nullable String owner, Cursor after, int limit) {
    TypedQuery<Webhook> query =
        after.bind(
            em.createQuery(
                "select w from Webhook w where "
                    + (owner == null ? "" : "w.userId = :owner and ")
                    + Cursor.condition("w.createdAt", "w.id")
                    + " order by w.createdAt desc, w.id desc",
                Webhook.class));
    if (owner != null) {
      query.setParameter("owner", owner);
    }
    return query.setHint("eclipselink.read-only", true).setMaxResults(limit).getResultList();
  }

  /** Returns the webhooks that get events. */
  List<Webhook> active() {
    return em.createQuery("select w from Webhook w where w.status = :active", Webhook.class)
        .setParameter("active", Webhook.Status.ACTIVE)
        .setHint("eclipselink.read-only", true)
        .getResultList();
  }

  /**
   * Changes a webhook. An attempt in progress loses its claim, and the webhook becomes due.
   *
   * @throws Missing if the webhook does not exist
   */
  Webhook change(String id, BiConsumer<Webhook, Instant> change) {
    Webhook webhook = lock(id).orElseThrow(() -> new Missing("webhook"));
    change.accept(webhook, clock.instant());
    leases.ended(webhook);
    leases.added(Webhook.class);
    changed.fire(new WebhooksChanged());
    return webhook;
  }

  void delete(String id) {
    lock(id).ifPresent(this::remove);
  }

  /**
   * Deletes webhooks of a user.
   *
   * @return the number of deleted webhooks
   */
  int delete(String user, int limit) {
    List<Webhook> found = Rows.locked(em, Webhook.class, "userId", user, limit);
    found.forEach(this::remove);
    return found.size();
  }

  private void remove(Webhook webhook) {
    int ignored =
        em.createQuery("delete from WebhookAttempt a where a.webhookId = :id")
            .setParameter("id", webhook.id())
            .executeUpdate();
    em.remove(webhook);
    leases.ended(webhook);
    changed.fire(new WebhooksChanged());
  }

  /** Makes idle webhooks due, because events that match them were published. */
  void wake(Collection<String> ids) {
    wake("c.id in :ids", "ids", ids);
  }

  /**
   * Records that a batch was accepted.
   *
   * @return whether the attempt continues
   * @throws Attempt.StoppedException if the attempt has lost its claim
   */
  boolean delivered(Work<Webhook> work, Attempt attempt, Batch batch, Outcome outcome) {
    Webhook webhook = claimed(work, attempt);
    record(webhook, batch.message(), outcome);
    return advance(webhook, attempt, batch.upTo());
  }

  /**
   * Records that a batch was not accepted, and ends the claim of the attempt.
   *
   * @return false, because the attempt does not continue
   * @throws Attempt.StoppedException if the attempt has lost its claim
   */
  boolean failed(Work<Webhook> work, Attempt attempt, Batch batch, Outcome outcome) {
    Webhook webhook = claimed(work, attempt);
    record(webhook, batch.message(), outcome);
    webhook.fail(outcome, batch.last(), settings.giveUp(), clock.instant());
    if (!webhook.isOpen()) {
      em.flush(); // the notification appends to the log
      String host = String.valueOf(webhook.url().getHost());
      String reason = String.valueOf(webhook.reason());
      LOG.log(Level.INFO, "Webhook {0} to {1} is disabled. {2}", webhook.id(), host, reason);
      disabled.fire(new WebhookDisabled(webhook.userId(), host, reason));
    }
    return false;
  }

  /** Records an attempt outside of the order of events. */
  WebhookAttempt tested(String id, Message message, Outcome outcome) {
    return record(lock(id).orElseThrow(() -> new Missing("webhook")), message, outcome);
  }

  private WebhookAttempt record(Webhook webhook, Message message, Outcome outcome) {
    return em.merge(
        new WebhookAttempt(webhook.id(), webhook.nextTry(), message, outcome, clock.instant()));
  }

  /**
   * Returns the last attempts, newest first.
   *
   * @param below the attempts with lower numbers
   */
  List<WebhookAttempt> attempts(String id, long below, int limit) {
    return em.createQuery(
            "select a from WebhookAttempt a where a.webhookId = :id and a.number < :below"
                + " order by a.number desc",
            WebhookAttempt.class)
        .setParameter("id", id)
        .setParameter("below", below)
        .setHint("eclipselink.read-only", true)
        .setMaxResults(limit)
        .getResultList();
  }

  private Optional<Webhook> lock(String id) {
    return Optional.ofNullable(em.find(Webhook.class, id, LockModeType.PESSIMISTIC_WRITE));
  }
}
