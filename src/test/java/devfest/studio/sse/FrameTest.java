package devfest.studio.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.glassfish.jersey.media.sse.OutboundEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {

  @Test
  void anEventHasIdNameAndOneLineOfData() {
    assertEquals("id: 7\nevent: a.b\ndata: {}\n\n", Frame.event("7", "a.b", "{}").toString());
  }

  @Test
  void anEventWithoutIdOrNameHasOnlyData() {
    assertEquals("data: x\n\n", Frame.event(null, null, "x").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\rb", "a\r\nb"})
  void everyKindOfLineBreakInDataStartsAnotherDataLine(String text) {
    assertEquals("data: a\ndata: b\n\n", Frame.event(null, null, text).toString());
  }

  @Test
  void dataCannotInjectAField() {
    assertEquals(
        "data: x\ndata: \ndata: event: evil\n\n",
        Frame.event(null, null, "x\n\nevent: evil").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\rb", "a\0b"})
  void aNameOrIdWithALineBreakIsRejected(String text) {
    assertThrows(IllegalArgumentException.class, () -> Frame.event(text, "n", "x"));
    assertThrows(IllegalArgumentException.class, () -> Frame.event("1", text, "x"));
  }

  @Test
  void everyLineOfACommentIsAComment() {
    assertEquals(": a\n: data: b\n\n", Frame.comment("a\ndata: b").toString());
  }

  @Test
  void textIsUtf8() {
    Frame frame = Frame.event(null, null, "é€😀");
    byte[] bytes = new byte[frame.size()];
    frame.copyTo(bytes, 0);
    assertEquals("data: é€😀\n\n", new String(bytes, StandardCharsets.UTF_8));
  }

  private static OutboundEvent.Builder event() {
    return new OutboundEvent.Builder();
  }

  @Test
  void everyFieldOfAnEventIsSentAndTheCommentFirst() {
    assertEquals(
        ": note\nretry: 3000\nid: 7\nevent: a\ndata: x\n\n",
        Frame.of(event().id("7").name("a").comment("note").reconnectDelay(3_000).data("x").build())
            .toString());
  }

  @Test
  void aCommentCanHaveSeveralLines() {
    assertEquals(
        ": a\n: b\n: \n: c\n\n", Frame.of(event().comment("a\nb\r\n\rc").build()).toString());
  }

  @Test
  void anEventWithoutDataKeepsItsIdAndDelay() {
    assertEquals(
        ": c\nretry: 10\nid: 7\n\n",
        Frame.of(event().comment("c").id("7").reconnectDelay(10).build()).toString());
    assertEquals("id: 7\n\n", Frame.text(new TextEvent("7", null, null, null, -1)).toString());
  }

  @Test
  void emptyDataIsSentAndAnEmptyIdResetsTheClientsId() {
    assertEquals(
        "event: done\ndata: \n\n", Frame.of(event().name("done").data("").build()).toString());
    assertEquals("id: \ndata: x\n\n", Frame.of(event().id("").data("x").build()).toString());
  }

  @Test
  void aZeroDelayIsSentAndANegativeOneIsNot() {
    assertEquals(
        "retry: 0\ndata: x\n\n", Frame.of(event().reconnectDelay(0).data("x").build()).toString());
    assertEquals("data: x\n\n", Frame.of(event().reconnectDelay(-5).data("x").build()).toString());
  }
}
