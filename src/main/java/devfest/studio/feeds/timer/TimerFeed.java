package devfest.studio.feeds.timer;

import devfest.studio.events.Event;
import devfest.studio.feed.Feed;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The countdown, each second while it runs and at once on a change. All see the same. */
@ApplicationScoped
class TimerFeed implements Feed {

  /** While it stands: a line on which nothing moves is cut by what lies on the way. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  @Inject private Timer timer;

  @Override
  public String channel() {
    return Timer.CHANNEL;
  }

  @Override
  public Optional<String> view(Caller caller, String id) {
    return Optional.of(ALL);
  }

  @Override
  public Snapshot snapshot(String view) {
    return new Snapshot(state(view), null);
  }

  @Override
  public List<Message> state(String view) {
    return List.of(new Message("timer_update", timer.state()));
  }

  @Override
  public boolean named() {
    return false;
  }

  @Override
  public Optional<Predicate<String>> changes(Event event) {
    return event.channel().equals(Timer.CHANNEL) ? Optional.of(view -> true) : Optional.empty();
  }

  @Override
  public Optional<Duration> pulse(String view) {
    return Optional.of(timer.untilNextSecond().orElse(SILENCE));
  }
}
