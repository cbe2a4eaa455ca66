package devfest.studio.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {

  @Test
  void anEventHasIdNameAndOneLineOfData() {
    assertEquals("id: 7\nevent: a.b\ndata: {}\n\n", Frame.event("7", "a.b", "{}").toString());
  }

  @Test
  void anEventWithoutIdOrNameHasDataAlone() {
    assertEquals("data: x\n\n", Frame.event(null, null, "x").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\rb", "a\r\nb"})
  void everyKindOfLineBreakInDataStartsAnotherDataLine(String text) {
    assertEquals("data: a\ndata: b\n\n", Frame.event(null, null, text).toString());
  }

  @Test
  void dataCannotSmuggleInAField() {
    assertEquals(
        "data: x\ndata: \ndata: event: evil\n\n",
        Frame.event(null, null, "x\n\nevent: evil").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\rb", "a\0b"})
  void aNameOrIdThatBreaksTheLineIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Frame.event(text, "n", "x"));
    assertThrows(IllegalArgumentException.class, () -> Frame.event("1", text, "x"));
  }

  @Test
  void aCommentIsCommentOnEveryLine() {
    assertEquals(": a\n: data: b\n\n", Frame.comment("a\ndata: b").toString());
  }

  @Test
  void textIsUtf8() {
    Frame frame = Frame.event(null, null, "é€😀");
    byte[] bytes = new byte[frame.size()];
    frame.copyTo(bytes, 0);
    assertEquals("data: é€😀\n\n", new String(bytes, StandardCharsets.UTF_8));
  }
}
