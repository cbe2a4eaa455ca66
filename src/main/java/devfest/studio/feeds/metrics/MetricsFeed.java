package devfest.studio.feeds.metrics;

import devfest.studio.events.Event;
import devfest.studio.feed.Pulse;
import devfest.studio.feed.Scope;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The metrics of this node every second, for admins. One measurement serves all streams. */
@ApplicationScoped
class MetricsFeed implements Pulse<Scope.Everything> {

  private static final String NAME = "metrics";
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Machine machine;

  @Inject
  MetricsFeed(Machine machine) {
    this.machine = machine;
  }

  @Override
  public String channel() {
    return NAME;
  }

  @Override
  public Optional<Scope.Everything> scope(Caller caller) {
    return caller.admin() ? Optional.of(Scope.EVERYTHING) : Optional.empty();
  }

  @Override
  public Snapshot snapshot(Scope.Everything scope) {
    return Snapshot.of(new Message(NAME, machine.recent()));
  }

  @Override
  public List<Message> state(Scope.Everything scope) {
    return List.of(new Message(NAME, machine.measure()));
  }

  @Override
  public Optional<Predicate<Scope>> changes(Event event) {
    return Optional.empty();
  }

  @Override
  public Duration pulse(Scope.Everything scope) {
    return SECOND;
  }
}
