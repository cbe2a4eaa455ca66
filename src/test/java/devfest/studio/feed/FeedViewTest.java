package devfest.studio.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.feed.Feed.Message;
import devfest.studio.security.Caller;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedViewTest {

  private final Caller ann = ScopeTest.caller("ann");
  private final Polls polls = new Polls();

  @BeforeEach
  void open() {
    polls.votes.put("7", 3);
    polls.votes.put("8", 0);
  }

  private FeedView<Scope.Thing> view(String id) {
    return FeedView.of(polls, id, ann).orElseThrow();
  }

  @Test
  void callersOfOneScopeHaveEqualViewsOfEqualFeeds() {
    Polls other = new Polls();
    other.votes.put("7", 0);
    assertEquals(view("7"), FeedView.of(other, "7", ScopeTest.caller("bob")).orElseThrow());
    assertEquals(view("7").hashCode(), FeedView.of(other, "7", ann).orElseThrow().hashCode());
    assertNotEquals(view("7"), view("8"));
  }

  @Test
  void aPerIdFeedHasNoViewWithoutAKnownId() {
    assertEquals(Optional.empty(), FeedView.of(polls, ann));
    assertEquals(Optional.empty(), FeedView.of(polls, "9", ann));
  }

  @Test
  void aFeedLacksTheAbilitiesThatItDoesNotImplement() {
    assertEquals(Optional.empty(), view("7").pulse());
    assertEquals(List.of(), view("7").recent());
    assertEquals(Optional.empty(), view("7").end());
  }

  @Test
  void aClientGetsTheWholeSnapshotWhileTheStateCanChange() {
    FeedView<Scope.Thing> view = view("7");
    assertEquals(
        List.of("question", "votes"),
        view.greeting(view.snapshot()).stream().map(Message::name).toList());
  }

  @Test
  void aClientOfAFinalStateGetsOnlyTheStatesThatTheLastStateDoesNotRepeat() {
    polls.votes.put("7", -3);
    FeedView<Scope.Thing> view = view("7");
    assertTrue(view.end().isPresent());
    assertEquals(
        List.of("question"), view.greeting(view.snapshot()).stream().map(Message::name).toList());
  }
}
