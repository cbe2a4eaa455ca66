package devfest.studio.feeds.timer;

import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.log.EventLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Stores the shared countdown and appends its events. Safe for use from many threads and nodes. */
@ApplicationScoped
@Transactional
class Timer {

  static final String CHANNEL = "timer";

  private final EntityManager em;
  private final EventLog log;
  private final Jsonb json;
  private final Clock clock;

  @Inject
  Timer(EntityManager em, EventLog log, Jsonb json, Clock clock) {
    this.em = em;
    this.log = log;
    this.json = json;
    this.clock = clock;
  }

  Countdown.State state() {
    return countdown(LockModeType.NONE).at(clock.instant());
  }

  Optional<Duration> untilNextSecond() {
    return countdown(LockModeType.NONE).untilNextSecond(clock.instant());
  }

  /**
   * Changes the countdown and appends an event.
   *
   * @param event type of the event
   */
  Countdown.State change(String event, BiConsumer<Countdown, Instant> change) {
    Countdown countdown = countdown(LockModeType.PESSIMISTIC_WRITE);
    Instant now = clock.instant();
    change.accept(countdown, now);
    Countdown.State state = countdown.at(now);
    log.append(
        List.of(
            Event.of(event)
                .visibility(Visibility.PUBLIC)
                .channel(CHANNEL)
                .data(json.toJson(state))
                .build()));
    return state;
  }

  private Countdown countdown(LockModeType lock) {
    return em.find(Countdown.class, Countdown.ID, lock);
  }
}
