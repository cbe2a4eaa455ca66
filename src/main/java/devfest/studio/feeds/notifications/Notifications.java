package devfest.studio.feeds.notifications;

import devfest.studio.base.Missing;
import devfest.studio.base.Text;
import devfest.studio.events.Changed;
import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.log.EventLog;
import devfest.studio.log.Pruned;
import devfest.studio.personal.Rows;
import devfest.studio.security.Admission;
import devfest.studio.transformations.Step;
import devfest.studio.transformations.Transformation;
import devfest.studio.webhooks.WebhookDisabled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.util.List;

/** Stores notifications and appends their events. Safe for use from many threads and nodes. */
@ApplicationScoped
@Transactional
class Notifications {

  static final String CHANNEL = "notifications";
  static final String CREATED = "notification.created";

  /** Leaves room for the introduction within {@link Notification#MAX_TEXT}. */
  private static final int MAX_REASON = 400;

  private static final int MAX_HOST = 60;

  private static final String READ = "notification.read";

  private final EntityManager em;
  private final EventLog log;
  private final Jsonb json;
  private final Clock clock;
  private final Admission admission;
  private final jakarta.enterprise.event.Event<Changed> changed;

  @Inject
  Notifications(
      EntityManager em,
      EventLog log,
      Admission admission,
      Jsonb json,
      Clock clock,
      jakarta.enterprise.event.Event<Changed> changed) {
    this.em = em;
    this.log = log;
    this.admission = admission;
    this.json = json;
    this.clock = clock;
    this.changed = changed;
  }

  /**
   * Notifies a user of a mention.
   *
   * @param user the mentioned user
   * @param by the user who wrote the text
   * @throws Missing if the studio does not know the user
   */
  Notification mention(String user, String by, String text) {
    if (!admission.admitFor(user)) {
      throw new Missing("user");
    }
    return add(new Notification(user, Notification.MENTION, text, by, null, clock.instant()));
  }

  /**
   * Notifies the owner of a transformation that it has completed or failed, in the transaction that
   * ends it.
   */
  @Transactional(TxType.MANDATORY)
  void notifyOwner(@Observes Step step) {
    Transformation transformation = step.transformation();
    switch (step.kind()) {
      case COMPLETED ->
          add(about(transformation, "transformation.completed", "Your picture is ready."));
      case FAILED ->
          add(
              about(
                  transformation,
                  "transformation.failed",
                  "Your picture could not be created: "
                      + Text.clip(String.valueOf(transformation.error()), MAX_REASON)));
      default -> {
        // other steps are visible in the studio only
      }
    }
  }

  /** Notifies the owner of a webhook, in the transaction that disables it. */
  @Transactional(TxType.MANDATORY)
  void notifyOwner(@Observes WebhookDisabled webhook) {
    String text =
        "Your webhook to %s was disabled. %s"
            .formatted(
                Text.clip(webhook.host(), MAX_HOST), Text.clip(webhook.reason(), MAX_REASON));
    add(new Notification(webhook.userId(), "webhook.disabled", text, null, null, clock.instant()));
  }

  private Notification about(Transformation transformation, String type, String text) {
    return new Notification(
        transformation.userId(), type, text, null, transformation.id(), clock.instant());
  }

  private Notification add(Notification notification) {
    Event event =
        notification.caused(
            event(CREATED, notification.userId(), json.toJson(notification.view())));
    notification.setPosition(log.append(List.of(event)).get(0).position());
    em.persist(notification); // a single insert, which waits for no lock
    return notification;
  }

  private static Event event(String type, String user, String data) {
    return Event.of(type)
        .visibility(Visibility.PERSONAL)
        .userId(user)
        .channel(CHANNEL)
        .data(data)
        .build();
  }

  /** Returns the user's notifications below the position, newest first. */
  List<Notification> newest(String user, boolean unreadOnly, long below, int limit) {
    return em.createQuery(
            "select n from Notification n where n.userId = :user and n.position < :below"
                + (unreadOnly ? " and n.readAt is null" : "")
                + " order by n.position desc",
            Notification.class)
        .setParameter("user", user)
        .setParameter("below", below)
        .setMaxResults(limit)
        .getResultList();
  }

  /** Returns the mentions that the user has sent, below the position, newest first. */
  List<Notification> sent(String user, long below, int limit) {
    return em.createQuery(
            "select n from Notification n where n.mentionedBy = :user and n.position < :below"
                + " order by n.position desc",
            Notification.class)
        .setParameter("user", user)
        .setParameter("below", below)
        .setMaxResults(limit)
        .getResultList();
  }

  /**
   * Deletes notifications of the user.
   *
   * @return the number of deleted notifications
   */
  int delete(String user, int limit) {
    return remove(locked("userId", user, limit));
  }

  private List<Notification> locked(String attribute, String user, int limit) {
    return Rows.locked(em, Notification.class, attribute, user, limit);
  }

  private int remove(List<Notification> found) {
    found.forEach(em::remove);
    found.stream()
        .map(Notification::userId)
        .distinct()
        .forEach(user -> changed.fire(new Changed(CHANNEL, user)));
    return found.size();
  }

  /**
   * Deletes notifications of others that quote the user, and erases their events.
   *
   * @return the number of deleted notifications
   */
  int deleteSent(String user, int limit) {
    List<Notification> found = locked("mentionedBy", user, limit);
    int removed = remove(found);
    if (removed > 0) {
      em.flush();
      log.erase(found.stream().map(Notification::position).toList());
    }
    return removed;
  }

  long unread(String user) {
    return em.createQuery(
            "select count(n) from Notification n where n.userId = :user and n.readAt is null",
            Long.class)
        .setParameter("user", user)
        .getSingleResult();
  }

  /**
   * Marks a notification as read.
   *
   * @throws Missing if the user has no such notification
   */
  Notification read(String user, String id) {
    Notification notification = em.find(Notification.class, id, LockModeType.PESSIMISTIC_WRITE);
    if (notification == null || !notification.userId().equals(user)) {
      throw new Missing("notification");
    }
    if (notification.read(clock.instant())) {
      log.append(notification.caused(event(READ, user, json.toJson(notification.item()))));
    }
    return notification;
  }

  /**
   * Marks all notifications of the user as read.
   *
   * @return the number of notifications that were unread
   */
  int readAll(String user) {
    int read =
        em.createQuery(
                "update Notification n set n.readAt = :now"
                    + " where n.userId = :user and n.readAt is null")
            .setParameter("now", clock.instant())
            .setParameter("user", user)
            .executeUpdate();
    if (read > 0) {
      log.append(List.of(event(READ, user, "{\"read\":" + read + "}")));
    }
    return read;
  }

  /**
   * Deletes the notifications whose events were pruned. Skips those that a request has locked,
   * which may lock several in another order; a later pruning deletes them.
   */
  void prune(@Observes Pruned pruned) {
    int ignored =
        em.createNativeQuery(
                "delete from notification where id in (select id from notification"
                    + " where position <= ?1 for update skip locked)")
            .setParameter(1, pruned.position())
            .executeUpdate();
  }
}
