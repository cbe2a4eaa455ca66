package devfest.studio.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import devfest.studio.sse.Frame;
import org.junit.jupiter.api.Test;

class TransientsTest {

  private final Transients transients = new Transients();

  private static Frame frame(int n) {
    return Frame.event(null, null, Integer.toString(n));
  }

  @Test
  void theNewestOfEachKeyIsTakenInOrderOfArrival() {
    Frame b = frame(2);
    Frame a = frame(3);
    transients.put("a", frame(1));
    transients.put("b", b);
    transients.put("a", a);
    assertSame(b, transients.take());
    assertSame(a, transients.take());
    assertNull(transients.take());
  }

  @Test
  void discardedEventsAreNotTaken() {
    transients.discard("a");
    transients.put("a", frame(1));
    transients.discard("a");
    assertNull(transients.take());
  }

  @Test
  void theOldestAreDroppedBeyondTheBound() {
    for (int i = 1; i <= 300; i++) {
      transients.put("key " + i, frame(i));
    }
    assertEquals("data: 45\n\n", transients.take().toString());
  }
}
