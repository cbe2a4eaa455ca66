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

/** The countdown: every second while it runs, and at once after a change. */
@ApplicationScoped
class TimerFeed implements Pulse<Scope.Everything>, Unnamed {

  /** While it is paused, since proxies cut silent connections. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

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
    return timer.untilNextSecond().orElse(SILENCE);
  }
}
