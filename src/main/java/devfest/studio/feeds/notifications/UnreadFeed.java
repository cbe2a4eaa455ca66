package devfest.studio.feeds.notifications;

import devfest.studio.events.Event;
import devfest.studio.feed.Scope;
import devfest.studio.feed.StateFeed;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The number of the caller's unread notifications. It is available only on streams with several
 * channels.
 */
@ApplicationScoped
class UnreadFeed implements StateFeed<Scope.Own> {

  private static final String UNREAD = "unread";

  /** The data of a frame. */
  public record Count(String type, long count) {}

  private final Notifications notifications;

  @Inject
  UnreadFeed(Notifications notifications) {
    this.notifications = notifications;
  }

  @Override
  public String channel() {
    return Notifications.CHANNEL;
  }

  @Override
  public Optional<Scope.Own> scope(Caller caller) {
    return Scope.own(caller); // also for an admin
  }

  @Override
  public List<Message> state(Scope.Own scope) {
    return List.of(new Message(UNREAD, new Count(UNREAD, notifications.unread(scope.user()))));
  }

  @Override
  public Optional<Predicate<Scope>> changes(Event event) {
    return event.channel().equals(Notifications.CHANNEL)
        ? Optional.ofNullable(event.userId()).map(user -> Predicate.isEqual(new Scope.Own(user)))
        : Optional.empty();
  }
}
