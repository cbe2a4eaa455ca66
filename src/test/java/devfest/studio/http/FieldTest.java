package devfest.studio.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.bind.annotation.JsonbProperty;
import java.util.Arrays;
import java.util.List;
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
    assertFalse(Field.isText("a\u202eb", 10, false));
    assertTrue(Field.isText("a\u200fb", 10, true), "right-to-left text needs marks");
  }

  private record Body(String plain, @JsonbProperty("other_name") String named) {}

  @Test
  void aMemberHasItsJsonName() {
    assertEquals(
        List.of("plain", "other_name"),
        Arrays.stream(Body.class.getRecordComponents()).map(Field::name).toList());
  }
}
