package devfest.studio.feeds.notifications;

import devfest.studio.personal.Export;
import devfest.studio.personal.Holding;
import devfest.studio.personal.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The notifications of a user, and the mentions that the user has sent to others. */
@ApplicationScoped
class PersonalNotifications implements Holding {

  /** Per transaction. */
  private static final int BATCH = 200;

  private final EntityManager em;
  private final Notifications notifications;

  @Inject
  PersonalNotifications(EntityManager em, Notifications notifications) {
    this.em = em;
    this.notifications = notifications;
  }

  /**
   * A mention that the user has sent.
   *
   * @param user the mentioned user
   */
  public record Sent(String user, String text, Instant createdAt) {

    static Sent of(Notification mention) {
      Notification.Item item = mention.item();
      return new Sent(mention.userId(), item.text(), item.createdAt());
    }
  }

  @Override
  public String name() {
    return "notifications";
  }

  @Override
  @Transactional
  public Map<String, Long> counts(Collection<String> users) {
    return Rows.counts(em, "Notification", users);
  }

  @Override
  public void export(String user, Export export) throws IOException {
    Iterator<Notification> own =
        Export.pages(last -> notifications.newest(user, false, below(last), Export.PAGE));
    export.array("notifications.json", Export.map(own, Notification::item));
    Iterator<Notification> sent =
        Export.pages(last -> notifications.sent(user, below(last), Export.PAGE));
    export.array("mentions.json", Export.map(sent, Sent::of));
  }

  private static long below(@Nullable Notification last) {
    return last == null ? Long.MAX_VALUE : last.position();
  }

  @Override
  public boolean erase(String user) {
    return notifications.delete(user, BATCH) > 0 || notifications.deleteSent(user, BATCH) > 0;
  }
}
