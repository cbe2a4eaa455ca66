package devfest.studio.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
