package devfest.studio.feeds.github;

import devfest.studio.events.Event;
import devfest.studio.feed.Scope;
import devfest.studio.feed.StateFeed;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The number of deliveries that the caller may see. */
@ApplicationScoped
class CountFeed implements StateFeed<Scope.Owned> {

  /** The data of a frame. */
  public record View(String type, long count) {}

  private static final String NAME = "count";

  private final Deliveries deliveries;

  @Inject
  CountFeed(Deliveries deliveries) {
    this.deliveries = deliveries;
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
  public List<Message> state(Scope.Owned scope) {
    return List.of(new Message(NAME, new View(NAME, deliveries.count(scope))));
  }

  @Override
  public Optional<Predicate<Scope>> changes(Event event) {
    return event.type().equals(Deliveries.RECEIVED)
        ? Optional.of(scope -> scope.shows(event.userId()))
        : Optional.empty();
  }
}
