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
    return Event.of(type)
        .visibility(visibility)
        .userId(user)
        .channel("events")
        .about("photo", "1")
        .about("job", "1")
        .data("{}")
        .build();
  }

  private static Filter types(String list) {
    return new Filter(ADMIN, Filter.list(list), List.of(), List.of(), null);
  }

  @Test
  void onlyOwnersAndAdminsSeePrivateEvents() {
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
  void onlyAdminsSeePrivateEventsWithoutAnOwner() {
    Event orphan = event("x", Visibility.PRIVATE, null);
    assertFalse(Filter.of(NOBODY).matches(orphan));
    assertFalse(Filter.of(ANN).matches(orphan));
    assertTrue(Filter.of(ADMIN).matches(orphan));
  }

  @Test
  void aChannelSubscriberGetsOnlyTheirOwnPersonalEvents() {
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
  void channelsAndUsersAreExact() {
    Event event = event("x", Visibility.PUBLIC, "ann");
    List<Subject> any = List.of();
    assertTrue(new Filter(NOBODY, List.of(), List.of("events"), List.of(), "ann").matches(event));
    assertFalse(new Filter(NOBODY, List.of(), List.of("chat"), any, null).matches(event));
    assertFalse(new Filter(NOBODY, List.of(), List.of(), any, "bob").matches(event));
  }

  @Test
  void anEventMustMatchAllSubjects() {
    Subject photo = new Subject("photo", "1");
    assertTrue(isAbout(photo));
    assertTrue(isAbout(new Subject("job", "1"), photo));
    assertFalse(isAbout(new Subject("photo", "2")));
    assertFalse(isAbout(photo, new Subject("job", "2")));
    assertFalse(isAbout(new Subject("album", "1")));
  }

  private static boolean isAbout(Subject... subjects) {
    return new Filter(NOBODY, List.of(), List.of(), List.of(subjects), null)
        .matches(event("x", Visibility.PUBLIC, "ann"));
  }

  @Test
  void aMalformedPatternIsRejected() {
    assertThrows(IllegalArgumentException.class, () -> types("a b"));
    assertThrows(IllegalArgumentException.class, () -> types("a*b"));
    assertThrows(IllegalArgumentException.class, () -> types("x,".repeat(51)));
    assertEquals(List.of("a", "b"), Filter.list(" a ,, b,"));
  }
}
