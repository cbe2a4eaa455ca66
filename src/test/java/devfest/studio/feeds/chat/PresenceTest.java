package devfest.studio.feeds.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.events.Event;
import devfest.studio.events.TransientEvent;
import devfest.studio.events.Visibility;
import devfest.studio.jobs.Transactions;
import devfest.studio.stream.ManualEngine;
import jakarta.json.bind.JsonbBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PresenceTest {

  private static final Duration GRACE = Duration.ofSeconds(5);

  private final List<Event> events = new ArrayList<>();
  private final ManualEngine engine = new ManualEngine();
  private final Presence presence =
      new Presence(
          engine,
          Transactions.<TransientEvent>observed(sent -> events.add(sent.event())),
          JsonbBuilder.create(),
          Clock.systemUTC());

  private List<String> seen() {
    return events.stream()
        .map(event -> event.type() + " " + event.userId() + " " + event.channel())
        .toList();
  }

  @Test
  void aUserJoinsAtOnceAndLeavesAfterTheGracePeriod() {
    presence.join("lobby", "ann");
    assertEquals(List.of("chat.joined ann chat"), seen());
    assertEquals("{\"user\":\"ann\"}", events.get(0).data());
    assertEquals(Visibility.PUBLIC, events.get(0).visibility());
    presence.leave("lobby", "ann");
    engine.advance(GRACE.minusMillis(1));
    assertEquals(1, events.size());
    engine.advance(Duration.ofMillis(1));
    assertEquals(List.of("chat.joined ann chat", "chat.left ann chat"), seen());
    presence.join("lobby", "ann");
    assertEquals(3, events.size(), "a user who has left can join again");
  }

  @Test
  void aReconnectWithinTheGracePeriodIsNotReported() {
    presence.join("lobby", "ann");
    presence.leave("lobby", "ann");
    engine.advance(GRACE.dividedBy(2));
    presence.join("lobby", "ann");
    engine.advance(GRACE.multipliedBy(2));
    assertEquals(1, events.size());
  }

  @Test
  void anEarlierGracePeriodDoesNotShortenALaterOne() {
    presence.join("lobby", "ann");
    presence.leave("lobby", "ann");
    engine.advance(GRACE.minusSeconds(1));
    presence.join("lobby", "ann");
    presence.leave("lobby", "ann");
    engine.advance(Duration.ofSeconds(1));
    assertEquals(1, events.size(), "the first grace period is over, the second is not");
    engine.advance(GRACE);
    assertEquals(2, events.size());
  }

  @Test
  void aUserWithSeveralConnectionsLeavesWithTheLast() {
    presence.join("lobby", "ann");
    presence.join("lobby", "ann");
    presence.leave("lobby", "ann");
    engine.advance(GRACE.multipliedBy(2));
    assertEquals(1, events.size());
    presence.leave("lobby", "ann");
    engine.advance(GRACE);
    assertEquals(2, events.size());
  }

  @Test
  void roomsAndUsersAreIndependent() {
    presence.join("lobby", "ann");
    presence.join("stage", "ann");
    presence.join("lobby", "bob");
    assertEquals(3, events.size());
    presence.leave("stage", "ann");
    engine.advance(GRACE);
    assertEquals("chat.left ann chat/stage", seen().get(3));
    assertEquals(4, events.size());
  }
}
