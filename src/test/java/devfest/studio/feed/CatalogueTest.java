package devfest.studio.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Event;
import devfest.studio.feed.Feed.Message;
import devfest.studio.security.Caller;
import devfest.studio.security.Roles;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "news", "News", "NEWS", "news.", "news/", "Polls/1", "Events", "EVENTS", "events.",
        "events/"
      })
  void channelsOfTheStudioAreReservedInEverySpelling(String channel) {
    assertTrue(catalogue.reserves(channel));
  }

  @ParameterizedTest
  @ValueSource(strings = {"events", "new", "newsroom", "talks", "talks/a", "events/a"})
  void otherChannelsAndTheOneOfPublishersAreNotReserved(String channel) {
    assertFalse(catalogue.reserves(channel));
  }

  /** News, only for users. */
  private static final class News implements LogFeed<Scope.Own> {

    @Override
    public String channel() {
      return "news";
    }

    @Override
    public Optional<Scope.Own> scope(Caller caller) {
      return Scope.own(caller);
    }

    @Override
    public Optional<Message> item(Event event) {
      return Optional.of(new Message("headline", event.data()));
    }
  }

  private final Caller ann = ScopeTest.caller("ann");
  private final Caller nobody = ScopeTest.caller(null);
  private final Polls polls = new Polls();
  private final Catalogue catalogue = new Catalogue(List.of(polls, new News()));

  @Test
  void onlyTheChannelsOfFeedsAreReserved() {
    assertTrue(catalogue.reserves("news"));
    assertTrue(catalogue.reserves("polls/7"), "also of things that do not exist");
    assertFalse(catalogue.reserves("polls"));
    assertFalse(catalogue.reserves("news/7"));
    assertFalse(catalogue.reserves(Event.STUDIO_CHANNEL));
    assertFalse(catalogue.reserves("deploys"));
  }

  @Test
  void namesShowWhereAnIdBelongs() {
    assertEquals(Set.of("events", "news", "polls/{id}"), catalogue.names());
  }

  @Test
  void aCallerThatNamesNoChannelGetsAllItMayRead() {
    polls.votes.put("7", 0);
    assertEquals(Set.of("news", "polls/7"), Set.copyOf(catalogue.all(ann)));
    assertEquals(List.of("polls/7"), catalogue.all(nobody));
  }

  @Test
  void aCallerWithoutAccessToOneFeedOfAChannelIsRejected() {
    assertTrue(catalogue.views("news", ann).isPresent());
    assertTrue(catalogue.views("news", ScopeTest.caller("root", Roles.ADMIN)).isPresent());
    assertEquals(Optional.empty(), catalogue.views("news", nobody));
    assertEquals(Optional.empty(), catalogue.views("polls/7", ann));
  }

  @Test
  void onlyAFeedWithItemsTurnsAnEventIntoAnItem() {
    assertEquals(
        Optional.of(new Message("headline", "{}")), catalogue.item(ScopeTest.on("news", "ann")));
    assertEquals(Optional.empty(), catalogue.item(ScopeTest.on("polls/7", "ann")));
  }
}
