package devfest.studio.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FilterTest {

  private static final Audience ANN = Audience.of("ann", false);
  private static final Audience ADMIN = Audience.of("root", true);
  private static final Audience NOBODY = Audience.of(null, false);

  private static Event event(String type, Visibility visibility, String user) {
    return new Event(type, visibility, user, "events", "photo-1", "job-1", "{}");
  }

  private static Filter types(String list) {
    return new Filter(ADMIN, Filter.list(list), List.of(), null, null, null);
  }

  @Test
  void ownersAndAdminsSeePrivateEventsAndNobodyElse() {
    Event private1 = event("x", Visibility.PRIVATE, "ann");
    assertTrue(Filter.of(ANN).matches(private1));
    assertTrue(Filter.of(ADMIN).matches(private1));
    assertFalse(Filter.of(Audience.of("bob", false)).matches(private1));
    assertFalse(Filter.of(NOBODY).matches(private1));
  }

  @Test
  void everybodySeesPublicEvents() {
    Event open = event("x", Visibility.PUBLIC, "ann");
    assertTrue(Filter.of(NOBODY).matches(open));
    assertTrue(Filter.of(Audience.of("bob", false)).matches(open));
  }

  @Test
  void aPrivateEventWithoutAnOwnerIsSeenByAdminsAlone() {
    Event orphan = event("x", Visibility.PRIVATE, null);
    assertFalse(Filter.of(NOBODY).matches(orphan));
    assertFalse(Filter.of(ANN).matches(orphan));
    assertTrue(Filter.of(ADMIN).matches(orphan));
  }

  @Test
  void whoFollowsAChannelGetsOfWhatIsPersonalHisOwnAlone() {
    Event personal = event("x", Visibility.PERSONAL, "ann");
    List<String> channel = List.of("events");
    assertTrue(Filter.of(ANN).withChannels(channel).matches(personal));
    assertTrue(Filter.of(Audience.of("ann", true)).withChannels(channel).matches(personal));
    assertTrue(Filter.of(Audience.everything()).withChannels(channel).matches(personal));
    assertFalse(Filter.of(ADMIN).withChannels(channel).matches(personal));
    assertTrue(Filter.of(ADMIN).matches(personal), "among everything");
    assertFalse(Filter.of(Audience.of("bob", false)).matches(personal));
    assertFalse(Filter.of(NOBODY).matches(personal));
  }

  @Test
  void typesAreNamesOrPrefixes() {
    Event started = event("transformation.started", Visibility.PUBLIC, null);
    assertTrue(types("photo.uploaded, transformation.*").matches(started));
    assertTrue(types("*").matches(started));
    assertTrue(types("").matches(started));
    assertFalse(types("transformation").matches(started));
    assertFalse(types("transformation.start").matches(started));
  }

  @Test
  void theOtherFieldsAreExact() {
    Event event = event("x", Visibility.PUBLIC, "ann");
    assertTrue(
        new Filter(NOBODY, List.of(), List.of("events"), "photo-1", "job-1", "ann").matches(event));
    assertFalse(new Filter(NOBODY, List.of(), List.of("chat"), null, null, null).matches(event));
    assertFalse(new Filter(NOBODY, List.of(), List.of(), "photo-2", null, null).matches(event));
    assertFalse(new Filter(NOBODY, List.of(), List.of(), null, "job-2", null).matches(event));
    assertFalse(new Filter(NOBODY, List.of(), List.of(), null, null, "bob").matches(event));
  }

  @Test
  void aMalformedPatternIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> types("a b"));
    assertThrows(IllegalArgumentException.class, () -> types("a*b"));
    assertThrows(IllegalArgumentException.class, () -> types("x,".repeat(51)));
    assertEquals(List.of("a", "b"), Filter.list(" a ,, b,"));
  }
}
