package devfest.studio.feeds.notifications;

import devfest.studio.events.Event;
import devfest.studio.feed.Feed;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The caller's own notifications, and among other channels how many are unread. */
@ApplicationScoped
class NotificationsFeed implements Feed {

  private static final String UNREAD = "unread";

  /** How many. */
  public record Count(String type, long count) {}

  @Inject private Notifications notifications;
  @Inject private Jsonb json;

  @Override
  public String channel() {
    return Notifications.CHANNEL;
  }

  @Override
  public Optional<String> view(Caller caller, String id) {
    return Optional.ofNullable(caller.userId()); // an admin's is no other
  }

  @Override
  public Snapshot snapshot(String user) {
    return new Snapshot(state(user), null);
  }

  @Override
  public List<Message> state(String user) {
    return List.of(new Message(UNREAD, new Count(UNREAD, notifications.unread(user))));
  }

  @Override
  public Optional<Predicate<String>> changes(Event event) {
    return event.channel().equals(Notifications.CHANNEL)
        ? Optional.of(user -> user.equals(event.userId()))
        : Optional.empty();
  }

  @Override
  public Optional<Message> item(Event event) {
    return event.type().equals(Notifications.CREATED)
        ? Optional.of(
            new Message("notification", json.fromJson(event.data(), Notification.View.class)))
        : Optional.empty();
  }

  @Override
  public boolean resumes() {
    return true;
  }
}
