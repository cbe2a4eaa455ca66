package devfest.studio.feeds.metrics;

import devfest.studio.events.Event;
import devfest.studio.feed.Feed;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** How this node is doing, each second, for admins. Measured once for all of them. */
@ApplicationScoped
class MetricsFeed implements Feed {

  private static final String NAME = "metrics";
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Inject private Machine machine;

  @Override
  public String channel() {
    return NAME;
  }

  @Override
  public Optional<String> view(Caller caller, String id) {
    return caller.admin() ? Optional.of(ALL) : Optional.empty();
  }

  @Override
  public Snapshot snapshot(String view) {
    return new Snapshot(List.of(new Message(NAME, machine.recent())), null);
  }

  @Override
  public List<Message> state(String view) {
    return List.of(new Message(NAME, machine.measure()));
  }

  @Override
  public Optional<Predicate<String>> changes(Event event) {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> pulse(String view) {
    return Optional.of(SECOND);
  }
}
