package devfest.studio.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Changed;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Published;
import devfest.studio.sse.Conflation;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import devfest.studio.sse.Wire;
import devfest.studio.stream.ManualEngine;
import jakarta.json.bind.JsonbBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedGroupsTest {

  private static final Duration PAUSE = Duration.ofNanos(FeedGroups.PAUSE_NANOS);

  /** Polls that count how often their state is read, and fail while that is wanted. */
  private static final class CountedPolls extends Polls {
    private int reads;
    private boolean failing;

    @Override
    public List<Message> state(Scope.Thing poll) {
      reads++;
      if (failing) {
        throw new IllegalStateException("the database is away");
      }
      return super.state(poll);
    }
  }

  private final CountedPolls polls = new CountedPolls();
  private final ManualEngine engine = new ManualEngine();
  private final FeedGroups groups =
      new FeedGroups(engine, new Catalogue(List.of(polls)), JsonbBuilder.create());
  private final Wire ann = new Wire();
  private final Wire bob = new Wire();
  private final List<EventStream> streams = new ArrayList<>();

  @BeforeEach
  void open() {
    polls.votes.put("7", 3);
    polls.votes.put("8", 0);
  }

  private FeedView<?> view(String poll) {
    return FeedView.of(polls, poll, ScopeTest.caller("ann")).orElseThrow();
  }

  private void join(FeedGroups.Reading reading, Wire wire) throws IOException {
    EventStream stream = wire.open(Runnable::run);
    streams.add(stream);
    groups.join(reading, Conflation.whole(stream, Frame::of));
  }

  private void vote(String poll, int votes) {
    polls.votes.put(poll, votes);
    LoggedEvent voted = new LoggedEvent(1, Instant.EPOCH, ScopeTest.on("polls/" + poll, "carl"));
    groups.published(new Published(List.of(voted)));
  }

  private static String votes(int count) {
    return "event: votes\ndata: " + count + "\n\n";
  }

  @Test
  void theStateIsReadOnceAndSentToAllClientsOfAView() throws Exception {
    join(groups.read(view("7")), ann);
    join(groups.read(view("7")), bob);
    polls.reads = 0;
    vote("7", 4);
    engine.advance(PAUSE);
    assertEquals(votes(4), ann.text());
    assertEquals(votes(4), bob.text());
    assertEquals(1, polls.reads);
  }

  @Test
  void changesWithinThePauseAreSentOnceWithTheNewestState() throws Exception {
    join(groups.read(view("7")), ann);
    vote("7", 4);
    vote("7", 5);
    vote("7", 6);
    engine.advance(PAUSE);
    assertEquals(votes(6), ann.text());
  }

  @Test
  void aChangeOfAnotherIdIsNotSent() throws Exception {
    join(groups.read(view("7")), ann);
    vote("8", 1);
    engine.advance(PAUSE);
    assertEquals("", ann.text());
  }

  @Test
  void aChangeThatIsNotLoggedIsSentToo() throws Exception {
    join(groups.read(view("7")), ann);
    polls.votes.put("7", 4);
    groups.changed(new Changed("polls/7", null));
    engine.advance(PAUSE);
    assertEquals(votes(4), ann.text());
  }

  @Test
  void aChangeBetweenReadingAndJoiningIsSent() throws Exception {
    FeedGroups.Reading reading = groups.read(view("7"));
    vote("7", 4);
    join(reading, ann);
    engine.advance(PAUSE);
    assertEquals(votes(4), ann.text());
  }

  @Test
  void aClientThatJoinsAfterItsGroupWasDroppedGetsTheState() throws Exception {
    FeedGroups.Reading reading = groups.read(view("7"));
    engine.advance(Duration.ofMinutes(1));
    vote("7", 4);
    join(reading, ann);
    engine.advance(PAUSE);
    assertEquals(votes(4), ann.text());
  }

  @Test
  void theFinalStateEndsTheStreamsOfAllClients() throws Exception {
    join(groups.read(view("7")), ann);
    join(groups.read(view("7")), bob);
    vote("7", -4);
    engine.advance(PAUSE);
    assertEquals("id: 9\n" + votes(4), ann.text());
    assertEquals("id: 9\n" + votes(4), bob.text());
    assertTrue(streams.stream().allMatch(EventStream::isClosed));
  }

  @Test
  void aClientOfAPollThatHasEndedGetsTheFinalStateAndTheEnd() throws Exception {
    polls.votes.put("7", -4);
    join(groups.read(view("7")), ann);
    engine.advance(PAUSE);
    assertEquals("id: 9\n" + votes(4), ann.text());
    assertTrue(streams.get(0).isClosed());
  }

  @Test
  void theStateIsNotReadWithoutClients() throws Exception {
    join(groups.read(view("7")), ann);
    streams.get(0).abort();
    engine.advance(Duration.ZERO);
    polls.reads = 0;
    vote("7", 4);
    engine.advance(PAUSE);
    assertEquals(0, polls.reads);
  }

  @Test
  void aStateThatCannotBeReadIsRetried() throws Exception {
    join(groups.read(view("7")), ann);
    polls.failing = true;
    vote("7", 4);
    engine.advance(PAUSE);
    assertEquals("", ann.text());
    assertFalse(streams.get(0).isClosed());
    polls.failing = false;
    engine.advance(Duration.ofSeconds(5));
    assertEquals(votes(4), ann.text());
  }
}
