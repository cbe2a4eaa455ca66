package devfest.studio.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldTest {

  @Test
  void aTextIsStrippedAndCountedByCharacters() {
    assertEquals("a", Field.text("text", " a\n", 1));
    assertEquals("😀".repeat(500), Field.text("text", "😀".repeat(500), 500));
    assertEquals("a\nb", Field.text("text", "a\r\nb", 5));
    assertThrows(Problem.class, () -> Field.text("text", "😀".repeat(501), 500));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\u0000b", "a\u001bb", "a\ud800b", "a\rb"})
  void anInvalidTextIsRejected(String text) {
    assertThrows(Problem.class, () -> Field.text("text", text, 10));
  }

  @Test
  void aTextOfOneLineHasNoLineBreakOrTab() {
    assertTrue(Field.isText("a b", 3, false));
    assertFalse(Field.isText("a\nb", 10, false));
    assertFalse(Field.isText("a\tb", 10, false));
    assertTrue(Field.isText("a\n\tb", 10, true));
  }

  private static JsonValue json(String text) {
    return Json.createReader(new StringReader("[" + text + "]")).readArray().get(0);
  }

  @Test
  void aWholeNumberWithinItsBoundsIsAccepted() {
    assertEquals(0, Field.integer("n", json("0"), 0, 10));
    assertEquals(10, Field.integer("n", json("10"), 0, 10));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "11", "1.5", "\"1\"", "null", "true", "1e400", "99999999999999999999"})
  void anythingElseIsRejected(String value) {
    assertThrows(Problem.class, () -> Field.integer("n", json(value), 0, 10));
  }

  @Test
  void anAbsentFieldIsRejected() {
    assertThrows(Problem.class, () -> Field.integer("n", null, 0, 10));
  }
}
