package devfest.studio.feeds.notifications;

import devfest.studio.base.Missing;
import devfest.studio.base.Text;
import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.log.EventLog;
import devfest.studio.log.Pruned;
import devfest.studio.transformations.Step;
import devfest.studio.transformations.Transformation;
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

  private static final String READ = "notification.read";

  private final EntityManager em;
  private final EventLog log;
  private final Jsonb json;
  private final Clock clock;

  @Inject
  Notifications(EntityManager em, EventLog log, Jsonb json, Clock clock) {
    this.em = em;
    this.log = log;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Notifies a user of a mention.
   *
   * @param user the mentioned user
   * @param by the user who wrote the text
   */
  Notification mention(String user, String by, String text) {
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

  private Notification about(Transformation transformation, String type, String text) {
    return new Notification(
        transformation.userId(), type, text, null, transformation.id(), clock.instant());
  }

  private Notification add(Notification notification) {
    Event event = event(CREATED, notification.userId(), json.toJson(notification.view()));
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
      log.append(List.of(event(READ, user, json.toJson(notification.item()))));
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

  /** Deletes the notifications whose events were pruned. */
  void prune(@Observes Pruned pruned) {
    int ignored =
        em.createQuery("delete from Notification n where n.position <= :upTo")
            .setParameter("upTo", pruned.position())
            .executeUpdate();
  }
}
