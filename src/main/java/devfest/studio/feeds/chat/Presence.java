package devfest.studio.feeds.chat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.events.Event;
import devfest.studio.events.TransientEvent;
import devfest.studio.events.Visibility;
import devfest.studio.stream.StreamEngine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Who is in which room, by the connections of this node. One who comes back within the grace has
 * not been away. Safe for use from many threads.
 */
@ApplicationScoped
class Presence {

  static final String JOINED = "chat.joined";
  static final String LEFT = "chat.left";

  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Who comes or goes. */
  public record Guest(String user) {}

  private record Seat(String room, String user) {}

  private final StreamEngine engine;
  private final jakarta.enterprise.event.Event<TransientEvent> events;
  private final Jsonb json;
  private final Clock clock;

  /**
   * Somebody's connections to a room.
   *
   * @param open none of them within the grace
   * @param change counted, so that an old end of a grace is told from the present one
   */
  private record Seats(int open, long change) {}

  @GuardedBy("this")
  private final Map<Seat, Seats> taken = new HashMap<>();

  @GuardedBy("this")
  private long changes;

  @Inject
  Presence(
      StreamEngine engine,
      jakarta.enterprise.event.Event<TransientEvent> events,
      Jsonb json,
      Clock clock) {
    this.engine = engine;
    this.events = events;
    this.json = json;
    this.clock = clock;
  }

  void join(String room, String user) {
    Seat seat = new Seat(room, user);
    synchronized (this) {
      Seats mine = taken.get(seat);
      taken.put(seat, new Seats(mine == null ? 1 : mine.open() + 1, ++changes));
      if (mine == null) {
        tell(JOINED, seat);
      }
    }
  }

  void leave(String room, String user) {
    Seat seat = new Seat(room, user);
    Seats left;
    synchronized (this) {
      left = new Seats(Objects.requireNonNull(taken.get(seat)).open() - 1, ++changes);
      taken.put(seat, left);
    }
    if (left.open() == 0) {
      engine.later(GRACE.toNanos(), () -> end(seat, left));
    }
  }

  private void end(Seat seat, Seats then) {
    synchronized (this) {
      if (taken.remove(seat, then)) { // or he is back
        tell(LEFT, seat);
      }
    }
  }

  /** Under the lock, so that who comes and goes is told in that order. */
  private void tell(String type, Seat seat) {
    Event event =
        Event.of(type)
            .visibility(Visibility.PUBLIC)
            .userId(seat.user())
            .channel(Chat.channel(seat.room()))
            .data(json.toJson(new Guest(seat.user())))
            .build();
    events.fire(new TransientEvent(UUID.randomUUID().toString(), clock.instant(), event));
  }
}
