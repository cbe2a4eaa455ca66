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
 * The users in each room, from the connections of this node. A user who reconnects within the grace
 * period stays present. Safe for use from many threads.
 */
@ApplicationScoped
class Presence {

  static final String JOINED = "chat.joined";
  static final String LEFT = "chat.left";

  /** Long enough for a reconnect or a page reload. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** The data of the events: the user who joined or left. */
  public record Guest(String user) {}

  private record Member(String room, String user) {}

  private final StreamEngine engine;
  private final jakarta.enterprise.event.Event<TransientEvent> events;
  private final Jsonb json;
  private final Clock clock;

  /**
   * The connections of a user to a room.
   *
   * @param open number of open connections; 0 during the grace period
   * @param version unique number of this state, so an outdated timer does not end a newer grace
   *     period
   */
  private record Connections(int open, long version) {}

  @GuardedBy("this")
  private final Map<Member, Connections> members = new HashMap<>();

  private long lastVersion;

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
    Member member = new Member(room, user);
    synchronized (this) {
      Connections current = members.get(member);
      members.put(member, new Connections(current == null ? 1 : current.open() + 1, ++lastVersion));
      if (current == null) {
        publish(JOINED, member);
      }
    }
  }

  void leave(String room, String user) {
    Member member = new Member(room, user);
    Connections left;
    synchronized (this) {
      left = new Connections(Objects.requireNonNull(members.get(member)).open() - 1, ++lastVersion);
      members.put(member, left);
    }
    if (left.open() == 0) {
      engine.later(GRACE.toNanos(), () -> expire(member, left));
    }
  }

  private void expire(Member member, Connections expected) {
    synchronized (this) {
      if (members.remove(member, expected)) { // otherwise the user has reconnected
        publish(LEFT, member);
      }
    }
  }

  /** Called under the lock, so the events are published in the order of the changes. */
  private void publish(String type, Member member) {
    Event event =
        Event.of(type)
            .visibility(Visibility.PUBLIC)
            .userId(member.user())
            .channel(Chat.channel(member.room()))
            .data(json.toJson(new Guest(member.user())))
            .build();
    events.fire(new TransientEvent(UUID.randomUUID().toString(), clock.instant(), event));
  }
}
