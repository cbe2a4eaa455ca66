package devfest.studio.hub;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

class KeysTest {

  private final Keys keys = new Keys();

  @Test
  void framesOfOneNameShareTheKeyThatEnds() {
    Keys.Key first = keys.get("a");
    Keys.Key other = keys.get("b");
    assertSame(first, keys.get("a"));
    keys.end("a");
    assertTrue(first.hasEnded());
    assertFalse(other.hasEnded());
    assertNull(keys.get("a"));
    assertSame(other, keys.get("b"));
  }

  @Test
  void aNameThatEndsBeforeItsFirstUseHasEnded() {
    keys.end("a");
    assertNull(keys.get("a"));
  }

  @Test
  void aNameThatEndedLongAgoGetsANewKey() {
    Keys.Key ended = keys.get("a");
    keys.end("a");
    for (int i = 0; i < 1_000; i++) {
      keys.end("other " + i);
    }
    Keys.Key again = keys.get("a");
    assertNotSame(ended, again);
    assertEquals(ended, again);
    assertTrue(ended.hasEnded());
    assertFalse(again.hasEnded());
  }

  @Test
  void aKeyThatNoFrameRefersToIsForgotten() {
    WeakReference<Keys.Key> key = new WeakReference<>(keys.get("a"));
    await()
        .until(
            () -> {
              System.gc();
              return key.get() == null;
            });
  }
}
