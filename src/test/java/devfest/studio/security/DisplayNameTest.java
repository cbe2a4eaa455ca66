package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import org.junit.jupiter.api.Test;

class DisplayNameTest {

  @Test
  void theNameComesBeforeTheGivenName() {
    assertEquals("Ann Lee", in("name", " Ann Lee ", "given_name", "Ann"));
    assertEquals("Ann", in("given_name", "Ann"));
  }

  @Test
  void aNameThatCannotBeShownIsPassedOver() {
    assertEquals("Ann", in("name", "ann@example.org", "given_name", "Ann"));
    assertEquals("Ann", in("name", "  ", "given_name", "Ann"));
    assertEquals("Ann", in("name", "evil\u202eabc", "given_name", "Ann"));
    assertNull(in("name", "ann@example.org"));
    assertNull(in("sub", "ann"));
    assertNull(DisplayName.in(Json.createObjectBuilder().add("name", 7).build()));
  }

  @Test
  void aLongNameIsCutBetweenTwoCharacters() {
    assertEquals("x".repeat(63), in("name", "x".repeat(63) + "😀"));
  }

  @Test
  void withoutANameAShortFormOfTheUserIdIsShown() {
    assertEquals("ann", DisplayName.of("ann", "ann"));
    assertEquals("ann.lee", DisplayName.of("ann.lee@example.org", "user-0123456789"));
    assertEquals("user-0123456789", DisplayName.of("@example.org", "user-0123456789"));
    assertEquals("x".repeat(64), DisplayName.of("x".repeat(70), "x".repeat(70)));
  }

  private static String in(String... claims) {
    var object = Json.createObjectBuilder();
    for (int i = 0; i < claims.length; i += 2) {
      object.add(claims[i], claims[i + 1]);
    }
    JsonObject all = object.build();
    return DisplayName.in(all);
  }
}
