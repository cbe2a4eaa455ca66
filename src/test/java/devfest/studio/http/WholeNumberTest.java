package devfest.studio.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeNumberTest {

  private record Body(
      @WholeNumber(min = 0, max = 10) JsonValue required,
      @WholeNumber(min = 0, max = 10, optional = true) JsonValue optional) {}

  private static WholeNumber constraint(String member) throws NoSuchFieldException {
    return Body.class.getDeclaredField(member).getAnnotation(WholeNumber.class);
  }

  private static boolean isValid(String member, JsonValue value) throws NoSuchFieldException {
    WholeNumber.OfJson check = new WholeNumber.OfJson();
    check.initialize(constraint(member));
    return check.isValid(value, null);
  }

  private static boolean isValid(String member, Number value) throws NoSuchFieldException {
    WholeNumber.OfNumber check = new WholeNumber.OfNumber();
    check.initialize(constraint(member));
    return check.isValid(value, null);
  }

  private static JsonValue json(String text) {
    return Json.createReader(new StringReader("[" + text + "]")).readArray().get(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10})
  void aWholeNumberWithinItsBoundsIsAccepted(int number) throws Exception {
    assertTrue(isValid("required", json(Integer.toString(number))));
    assertTrue(isValid("required", number));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "11", "1.5", "\"1\"", "true", "1e400", "99999999999999999999"})
  void anyOtherValueIsRefused(String value) throws Exception {
    assertFalse(isValid("required", json(value)));
    assertFalse(isValid("optional", json(value)));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 11, Long.MAX_VALUE})
  void anIntegerOutsideOfTheBoundsIsRefused(long number) throws Exception {
    assertFalse(isValid("required", number));
  }

  @Test
  void nullIsAcceptedOnlyIfTheNumberIsOptional() throws Exception {
    for (String member : new String[] {"required", "optional"}) {
      boolean expected = member.equals("optional");
      assertEquals(expected, isValid(member, (JsonValue) null));
      assertEquals(expected, isValid(member, JsonValue.NULL));
      assertEquals(expected, isValid(member, (Number) null));
    }
  }
}
