package devfest.studio.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.security.Caller;
import devfest.studio.security.Roles;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScopeTest {

  static Caller caller(String user, String... groups) {
    return new Caller(user, null, Set.of(groups), null, null, null);
  }

  static Event on(String channel, String owner) {
    return Event.of("poll.voted")
        .visibility(Visibility.PUBLIC)
        .userId(owner)
        .channel(channel)
        .data("{}")
        .build();
  }

  @Test
  void adminsSeeEverythingUsersTheirOwnAndAnonymousCallersNothing() {
    assertEquals(Optional.of(Scope.EVERYTHING), Scope.owned(caller("root", Roles.ADMIN)));
    assertEquals(Optional.of(new Scope.Own("ann")), Scope.owned(caller("ann")));
    assertEquals(Optional.empty(), Scope.owned(caller(null)));
    assertEquals(Optional.of(new Scope.Own("root")), Scope.own(caller("root", Roles.ADMIN)));
    assertEquals(Optional.empty(), Scope.own(caller(null)));
  }

  @Test
  void somethingWithoutAnOwnerIsWithinEveryScope() {
    assertTrue(new Scope.Own("ann").shows(null));
    assertTrue(Scope.EVERYTHING.shows(null));
    assertTrue(new Scope.Thing("7").shows(null));
  }

  @Test
  void onlyAnAdminsScopeIncludesThingsOfOtherUsers() {
    assertTrue(new Scope.Own("ann").shows("ann"));
    assertFalse(new Scope.Own("ann").shows("bob"));
    assertTrue(Scope.EVERYTHING.shows("bob"));
  }

  @Test
  void anEventOnTheChannelOfAnIdChangesOnlyThatId() {
    var changed = Scope.Thing.on("polls", on("polls/7", "ann")).orElseThrow();
    assertTrue(changed.test(new Scope.Thing("7")));
    assertFalse(changed.test(new Scope.Thing("77")));
    assertEquals(Optional.empty(), Scope.Thing.on("polls", on("pollsters/7", "ann")));
    assertEquals(Optional.empty(), Scope.Thing.on("polls", on("polls", "ann")));
  }
}
