package devfest.studio.feeds.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import devfest.studio.stream.ManualEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PresenceTest {

  private static final Duration GRACE = Duration.ofSeconds(5);

  @TempDir Path dir;
  private final List<Event> events = new ArrayList<>();
  private final ManualEngine engine = new ManualEngine();
  private Database database;
  private Transactions transactions;
  private ChatNode here;
  private ChatNode elsewhere;
  private RuntimeException failure;
  private Error error;
  private boolean lost;

  @BeforeEach
  void start() {
    database = Database.h2(dir);
    transactions = new Transactions(database);
    here = node("a");
    elsewhere = node("b");
  }

  private ChatNode node(String id) {
    ChatNode node =
        new ChatNode(
            id,
            transactions,
            engine,
            () -> {
              if (failure != null) {
                throw failure;
              }
              if (error != null) {
                throw error;
              }
            },
            change -> {
              if (lost) {
                throw new IllegalStateException("The answer to the commit is lost.");
              }
            },
            events::add);
    node.register();
    return node;
  }

  @AfterEach
  void stop() {
    database.close();
  }

  private void join(ChatNode node, String room, String user) {
    node.presence().join(room, user);
    engine.advance(Duration.ZERO);
  }

  private void leave(ChatNode node, String room, String user) {
    node.presence().leave(room, user);
    engine.advance(Duration.ZERO);
  }

  private List<String> seen() {
    return events.stream()
        .map(event -> event.type() + " " + event.userId() + " " + event.channel())
        .toList();
  }

  @Test
  void aUserJoinsAtOnceAndLeavesAfterTheGracePeriod() {
    join(here, "lobby", "ann");
    assertEquals(List.of("chat.joined ann chat"), seen());
    assertEquals("{\"displayName\":\"ann\",\"user\":\"ann\"}", events.get(0).data());
    assertEquals(Visibility.PUBLIC, events.get(0).visibility());
    leave(here, "lobby", "ann");
    engine.advance(GRACE.minusMillis(1));
    assertEquals(1, events.size());
    engine.advance(Duration.ofMillis(1));
    assertEquals(List.of("chat.joined ann chat", "chat.left ann chat"), seen());
    join(here, "lobby", "ann");
    assertEquals(3, events.size(), "a user who has left can join again");
  }

  @Test
  void aReconnectWithinTheGracePeriodIsNotReported() {
    join(here, "lobby", "ann");
    leave(here, "lobby", "ann");
    engine.advance(GRACE.dividedBy(2));
    join(here, "lobby", "ann");
    engine.advance(GRACE.multipliedBy(2));
    assertEquals(1, events.size());
  }

  @Test
  void anEarlierGracePeriodDoesNotShortenALaterOne() {
    join(here, "lobby", "ann");
    leave(here, "lobby", "ann");
    engine.advance(GRACE.minusSeconds(1));
    join(here, "lobby", "ann");
    leave(here, "lobby", "ann");
    engine.advance(Duration.ofSeconds(1));
    assertEquals(1, events.size(), "the first grace period is over, the second is not");
    engine.advance(GRACE);
    assertEquals(2, events.size());
  }

  @Test
  void aUserWithSeveralConnectionsLeavesWithTheLast() {
    join(here, "lobby", "ann");
    join(here, "lobby", "ann");
    leave(here, "lobby", "ann");
    engine.advance(GRACE.multipliedBy(2));
    assertEquals(1, events.size());
    leave(here, "lobby", "ann");
    engine.advance(GRACE);
    assertEquals(2, events.size());
  }

  @Test
  void roomsAndUsersAreIndependent() {
    join(here, "lobby", "ann");
    join(here, "stage", "ann");
    join(here, "lobby", "bob");
    assertEquals(3, events.size());
    leave(here, "stage", "ann");
    engine.advance(GRACE);
    assertEquals("chat.left ann chat/stage", seen().get(3));
    assertEquals(4, events.size());
  }

  @Test
  void aUserAtTwoNodesJoinsAndLeavesOnce() {
    join(here, "lobby", "ann");
    join(elsewhere, "lobby", "ann");
    leave(here, "lobby", "ann");
    engine.advance(GRACE.multipliedBy(2));
    assertEquals(List.of("chat.joined ann chat"), seen());
    leave(elsewhere, "lobby", "ann");
    engine.advance(GRACE);
    assertEquals(List.of("chat.joined ann chat", "chat.left ann chat"), seen());
  }

  @Test
  void aReconnectToAnotherNodeIsNotReported() {
    join(here, "lobby", "ann");
    leave(here, "lobby", "ann");
    engine.advance(GRACE.dividedBy(2));
    join(elsewhere, "lobby", "ann");
    engine.advance(GRACE.multipliedBy(2));
    assertEquals(1, events.size());
  }

  @Test
  void theUsersOfALostNodeLeaveUnlessTheyAreAtAnotherNode() {
    join(here, "lobby", "ann");
    join(elsewhere, "lobby", "ann");
    join(elsewhere, "lobby", "bob");
    join(elsewhere, "stage", "carl");
    here.remove(elsewhere);
    assertEquals(5, events.size());
    assertEquals(
        Set.of("chat.left bob chat", "chat.left carl chat/stage"),
        Set.copyOf(seen().subList(3, 5)));
    leave(here, "lobby", "ann");
    engine.advance(GRACE);
    assertEquals("chat.left ann chat", seen().get(5));
  }

  @Test
  void aNodeThatWasRemovedStoresItsUsersAgain() {
    join(here, "lobby", "ann");
    leave(here, "lobby", "ann");
    join(here, "lobby", "bob");
    elsewhere.remove(here);
    assertEquals(4, events.size());
    join(here, "lobby", "carl");
    assertEquals(4, events.size(), "a node that is not registered announces nobody");
    engine.advance(GRACE); // ann, who has left already, leaves no trace
    here.rejoin();
    engine.advance(Duration.ofSeconds(1));
    assertEquals(6, events.size());
    assertEquals(
        Set.of("chat.joined bob chat", "chat.joined carl chat"), Set.copyOf(seen().subList(4, 6)));
    leave(here, "lobby", "bob");
    leave(here, "lobby", "carl");
    engine.advance(GRACE);
    assertEquals(8, events.size());
  }

  @Test
  void aFailureDelaysAnAnnouncement() {
    failure = new IllegalStateException("The database is away.");
    join(here, "lobby", "ann");
    engine.advance(Duration.ofSeconds(20));
    assertEquals(0, events.size());
    failure = null;
    engine.advance(Duration.ofSeconds(1));
    assertEquals(List.of("chat.joined ann chat"), seen());
  }

  @Test
  void aUserWhoIsGoneBeforeTheJoinWasStoredIsNotReported() {
    failure = new IllegalStateException("The database is away.");
    join(here, "lobby", "ann");
    leave(here, "lobby", "ann");
    engine.advance(GRACE);
    failure = null;
    engine.advance(GRACE);
    assertEquals(0, events.size());
  }

  @Test
  void aUserWhoLeavesAfterACommitWithoutAnAnswerLeavesNoRow() {
    lost = true;
    join(here, "lobby", "ann");
    lost = false;
    transactions.fail(new IllegalStateException("The database is away."));
    leave(here, "lobby", "ann");
    engine.advance(GRACE);
    transactions.fail(null);
    engine.advance(GRACE);
    assertEquals(List.of("chat.left ann chat"), seen());
  }

  @Test
  void usersAreStoredAlsoAfterAnError() {
    error = new StackOverflowError();
    join(here, "lobby", "ann");
    error = null;
    engine.advance(Duration.ofSeconds(1));
    assertEquals(List.of("chat.joined ann chat"), seen());
  }

  @Test
  void aUserWhoReturnsAfterACommitWithoutAnAnswerIsPresent() {
    join(here, "lobby", "ann");
    leave(here, "lobby", "ann");
    lost = true;
    engine.advance(GRACE);
    lost = false;
    here.presence().join("lobby", "ann");
    engine.advance(Duration.ofSeconds(1));
    assertEquals(List.of("chat.joined ann chat", "chat.joined ann chat"), seen());
  }

  @Test
  void manyUsersAreStoredInBatches() {
    for (int i = 0; i < 1_000; i++) {
      here.presence().join("lobby", "user" + i);
    }
    assertEquals(0, events.size(), "joining does not wait for the database");
    engine.advance(Duration.ZERO);
    assertEquals(1_000, events.size());
  }
}
