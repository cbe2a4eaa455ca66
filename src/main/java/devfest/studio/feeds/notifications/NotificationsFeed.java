package devfest.studio.feeds.notifications;

import devfest.studio.events.Event;
import devfest.studio.feed.LogFeed;
import devfest.studio.feed.Scope;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.util.Optional;

/** The notifications of the caller. */
@ApplicationScoped
class NotificationsFeed implements LogFeed<Scope.Own> {

  private final Jsonb json;

  @Inject
  NotificationsFeed(Jsonb json) {
    this.json = json;
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
  public Optional<Message> item(Event event) {
    return event.type().equals(Notifications.CREATED)
        ? Optional.of(
            new Message("notification", json.fromJson(event.data(), Notification.View.class)))
        : Optional.empty();
  }
}
