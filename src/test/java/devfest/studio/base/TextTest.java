package devfest.studio.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {

  @Test
  void textThatFitsIsUnchanged() {
    assertEquals("abc", Text.clip("abc", 3));
    assertEquals("abc", Text.clipStart("abc", 3));
    assertEquals("ab", Text.clip("abc", 2));
    assertEquals("bc", Text.clipStart("abc", 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"😀", "👩‍🚀", "👨‍👩‍👧‍👦", "🇫🇷", "👍🏽", "e\u0301", "❤️"})
  void aVisibleCharacterIsNeverSplit(String one) {
    for (int most = 2; most < 2 + one.length(); most++) {
      assertEquals("ab", Text.clip("ab" + one + "c", most));
      assertEquals("ab", Text.clipStart("c" + one + "ab", most));
    }
    assertEquals("ab" + one, Text.clip("ab" + one + "c", 2 + one.length()));
    assertEquals(one + "ab", Text.clipStart("c" + one + "ab", 2 + one.length()));
  }

  @Test
  void aCharacterLongerThanTheLimitIsSplitBetweenCodePoints() {
    String pile = "e" + "\u0301".repeat(100);
    assertEquals(10, Text.clip(pile, 10).length());
    assertEquals(10, Text.clipStart("a" + pile, 10).length());
    assertEquals("", Text.clip("😀", 1));
    assertEquals("", Text.clipStart("😀", 1));
  }

  @Test
  void everyKindOfLineBreakBecomesALineFeed() {
    assertEquals("a\nb\nc\n\nd", Text.lines("a\r\nb\rc\r\n\r\nd"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ann",
        "Zoé O'Neil-Müller",
        "山田 太郎",
        "محمد",
        "דוד",
        "می\u200cخواهم",
        "👩\u200d💻 Ann",
        "❤\ufe0f",
        "1\ufe0f\u20e3",
        "🏴\udb40\udc67\udb40\udc62\udb40\udc7f"
      })
  void namesOfEveryScriptAndEmojiAreNames(String text) {
    assertTrue(Text.isName(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann\u202e",
        "\u202aann",
        "\u2066ann\u2069",
        "an\u200en",
        "an\u200fn",
        "an\u061cn",
        "an\u200bn",
        "an\u200dn",
        "an\u200cn",
        "ann\ufeff",
        "an\u2060n",
        "an\u00adn",
        "ann\n",
        "ann\0",
        "\ud800",
        "ann\u2028",
        "ann\ufe0f",
        "ann\udb40\udc61",
        "\u3164",
        "\u200dann"
      })
  void invisibleCharactersAndChangesOfDirectionAreNoNames(String text) {
    assertFalse(Text.isName(text));
  }

  @Test
  void anEscapedTextHasOneLineAndNothingInvisible() {
    assertEquals("a\\nb\\r\\tc", Text.escaped("a\nb\r\tc"));
    assertEquals("a\\u202eb\\u0000\\u001b[31m\\u2028", Text.escaped("a\u202eb\0\u001b[31m\u2028"));
    assertEquals("Zoé $1 \\ محمد", Text.escaped("Zoé $1 \\ محمد"));
  }
}
