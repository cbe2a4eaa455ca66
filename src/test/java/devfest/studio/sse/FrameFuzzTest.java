package devfest.studio.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;

/** A browser reads a frame as the one event that was written. */
class FrameFuzzTest {

  /** What an EventSource dispatches (HTML § 9.2.6). */
  private record Dispatched(String id, String name, String data) {}

  @FuzzTest(maxDuration = "10m")
  void events(FuzzedDataProvider input) {
    String id = input.consumeBoolean() ? input.consumeString(30) : null;
    String name = input.consumeBoolean() ? input.consumeString(30) : null;
    String data = input.consumeRemainingAsString();
    Frame frame;
    try {
      frame = Frame.event(id, name, data);
    } catch (IllegalArgumentException e) {
      return;
    }
    List<Dispatched> events = read(Frame.comment(data) + frame.toString());
    String lines = utf8(data).replaceAll("\r\n|\r", "\n");
    boolean named = name != null && !name.isEmpty();
    assertEquals(
        List.of(new Dispatched(id == null ? "" : utf8(id), named ? utf8(name) : "message", lines)),
        events);
  }

  /** A lone surrogate has no encoding and arrives as a question mark. */
  private static String utf8(String text) {
    return new String(
        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  private static List<Dispatched> read(String stream) {
    List<Dispatched> events = new ArrayList<>();
    String id = "";
    String name = "";
    StringBuilder data = new StringBuilder();
    for (String line : stream.split("\r\n|\r|\n", -1)) {
      if (line.isEmpty()) {
        if (data.length() > 0) {
          String text = data.substring(0, data.length() - 1);
          events.add(new Dispatched(id, name.isEmpty() ? "message" : name, text));
        }
        name = "";
        data.setLength(0);
        continue;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
      switch (field) {
        case "id" -> id = value;
        case "event" -> name = value;
        case "data" -> data.append(value).append('\n');
        default -> {}
      }
    }
    return events;
  }
}
