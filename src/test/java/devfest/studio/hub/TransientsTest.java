package devfest.studio.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import devfest.studio.sse.Frame;
import org.junit.jupiter.api.Test;

class TransientsTest {

  private final Transients transients = new Transients();
  private final Keys keys = new Keys();

  private void put(String name, Frame frame) {
    transients.put(keys.get(name), frame);
  }

  private static Frame frame(int n) {
    return Frame.event(null, null, Integer.toString(n));
  }

  @Test
  void theNewestOfEachKeyIsTakenInOrderOfArrival() {
    Frame b = frame(2);
    Frame a = frame(3);
    put("a", frame(1));
    put("b", b);
    put("a", a);
    assertSame(b, transients.take());
    assertSame(a, transients.take());
    assertNull(transients.take());
  }

  @Test
  void eventsOfAnEndedKeyAreNotTaken() {
    Frame b = frame(2);
    put("a", frame(1));
    put("b", b);
    put("c", frame(3));
    keys.end("a");
    keys.end("c");
    assertSame(b, transients.take());
    assertNull(transients.take());
  }

  @Test
  void eventsOfEndedKeysAreDroppedBeforeOthers() {
    for (int i = 1; i <= 256; i++) {
      put("key " + i, frame(i));
    }
    keys.end("key 2");
    put("key 257", frame(257));
    assertEquals("data: 1\n\n", transients.take().toString());
    assertEquals("data: 3\n\n", transients.take().toString());
  }

  @Test
  void theOldestAreDroppedBeyondTheBound() {
    for (int i = 1; i <= 300; i++) {
      put("key " + i, frame(i));
    }
    assertEquals("data: 45\n\n", transients.take().toString());
  }
}
