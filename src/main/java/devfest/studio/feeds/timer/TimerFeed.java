package devfest.studio.feeds.timer;

import devfest.studio.events.Event;
import devfest.studio.feed.Pulse;
import devfest.studio.feed.Scope;
import devfest.studio.feed.Unnamed;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The state of the countdown every second while it runs, and immediately after a change. */
@ApplicationScoped
class TimerFeed implements Pulse<Scope.Everything>, Unnamed {

  /**
   * Interval while the countdown is not running; proxies close connections that are silent for
   * longer.
   */
  private static final Duration IDLE_INTERVAL = Duration.ofSeconds(15);

  private final Timer timer;

  @Inject
  TimerFeed(Timer timer) {
    this.timer = timer;
  }

  @Override
  public String channel() {
    return Timer.CHANNEL;
  }

  @Override
  public Optional<Scope.Everything> scope(Caller caller) {
    return Optional.of(Scope.EVERYTHING);
  }

  @Override
  public List<Message> state(Scope.Everything scope) {
    return List.of(new Message("timer_update", timer.state()));
  }

  @Override
  public Optional<Predicate<Scope>> changes(Event event) {
    return event.channel().equals(Timer.CHANNEL) ? Optional.of(scope -> true) : Optional.empty();
  }

  @Override
  public Duration pulse(Scope.Everything scope) {
    return timer.untilNextSecond().orElse(IDLE_INTERVAL);
  }
}
