package devfest.studio.feeds.github;

import devfest.studio.events.Event;
import devfest.studio.feed.Feed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** How many deliveries there were. */
@ApplicationScoped
class CountFeed implements Feed {

  /** What a frame holds. */
  public record View(String type, long count) {}

  private static final String NAME = "count";

  @Inject private Deliveries deliveries;

  @Override
  public String channel() {
    return Deliveries.CHANNEL;
  }

  @Override
  public Snapshot snapshot(String view) {
    return new Snapshot(state(view), null);
  }

  @Override
  public List<Message> state(String view) {
    return List.of(new Message(NAME, new View(NAME, deliveries.count(view))));
  }

  @Override
  public Optional<Predicate<String>> changes(Event event) {
    return event.type().equals(Deliveries.RECEIVED)
        ? Optional.of(Feed.viewsOf(event.userId()))
        : Optional.empty();
  }
}
