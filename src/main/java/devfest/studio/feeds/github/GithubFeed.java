package devfest.studio.feeds.github;

import devfest.studio.events.Event;
import devfest.studio.feed.Items;
import devfest.studio.feed.Scope;
import devfest.studio.feed.StateFeed;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The newest deliveries, then each new delivery; when a status changes, the newest deliveries
 * again.
 */
@ApplicationScoped
class GithubFeed implements StateFeed<Scope.Owned>, Items {

  /** Fills a screen. */
  private static final int NEWEST = 50;

  /** The data of a frame with several deliveries. */
  public record Many(String type, List<Delivery.View> events) {}

  /** The data of a frame with one delivery. */
  public record One(String type, Delivery.View event) {}

  private final Deliveries deliveries;
  private final Jsonb json;

  @Inject
  GithubFeed(Deliveries deliveries, Jsonb json) {
    this.deliveries = deliveries;
    this.json = json;
  }

  @Override
  public String channel() {
    return Deliveries.CHANNEL;
  }

  @Override
  public Optional<Scope.Owned> scope(Caller caller) {
    return Scope.owned(caller);
  }

  @Override
  public Snapshot snapshot(Scope.Owned scope) {
    List<Delivery> newest = newest(scope);
    return new Snapshot(
        List.of(message("events", newest)), newest.isEmpty() ? null : newest.get(0).position());
  }

  @Override
  public List<Message> state(Scope.Owned scope) {
    return List.of(message("events-update", newest(scope)));
  }

  private List<Delivery> newest(Scope.Owned scope) {
    return deliveries.newest(scope, Deliveries.Criteria.NONE, Long.MAX_VALUE, NEWEST);
  }

  private static Message message(String name, List<Delivery> newest) {
    return new Message(name, new Many(name, newest.stream().map(Delivery::view).toList()));
  }

  @Override
  public Optional<Predicate<Scope>> changes(Event event) {
    return event.channel().equals(Deliveries.CHANNEL) && !event.type().equals(Deliveries.RECEIVED)
        ? Optional.of(scope -> scope.shows(event.userId()))
        : Optional.empty();
  }

  @Override
  public Optional<Message> item(Event event) {
    return event.type().equals(Deliveries.RECEIVED)
        ? Optional.of(
            new Message(
                "new-event",
                new One("new-event", json.fromJson(event.data(), Delivery.View.class))))
        : Optional.empty();
  }
}
