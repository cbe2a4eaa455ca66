package devfest.studio.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SlotsTest {

  private final Slots slots = new Slots(5);

  private boolean full(String quotaKey, int keyLimit) {
    return assertThrows(RefusedException.class, () -> slots.take(quotaKey, keyLimit)).full();
  }

  private static Slots.Elsewhere elsewhere(String quotaKey, int n) {
    return new Slots.Elsewhere() {
      @Override
      public int inUse(String key) {
        return key.equals(quotaKey) ? n : 0;
      }

      @Override
      public int inUse() {
        return n;
      }
    };
  }

  @Test
  void slotsAreLimitedPerKeyAndInTotal() {
    slots.take("ann", 2);
    slots.take("ann", 2);
    assertFalse(full("ann", 2));
    slots.take("bob", 3);
    slots.take("bob", 3);
    slots.take("bob", 3);
    assertTrue(full("cid", 3));
    assertEquals(2, slots.inUse("ann"));
    assertEquals(0, slots.inUse("cid"));
    slots.free("bob");
    slots.take("cid", 3);
    assertEquals(1, slots.inUse("cid"));
  }

  @Test
  void slotsOfOtherNodesCountForBothLimits() {
    slots.elsewhere(elsewhere("ann", 3));
    slots.take("ann", 4);
    assertFalse(full("ann", 4));
    slots.take("bob", 1);
    assertTrue(full("cid", 1));
    assertEquals(1, slots.inUse("ann"), "this node's alone");
    slots.elsewhere(Slots.Elsewhere.NONE);
    slots.take("ann", 4);
  }

  @Test
  void aCheckTakesNoSlotAndFailsIfNoneIsFree() {
    slots.take("ann", 5);
    slots.check();
    assertEquals(1, slots.all().total());
    slots.elsewhere(elsewhere("bob", 4));
    assertTrue(assertThrows(RefusedException.class, slots::check).full());
  }

  @Test
  void aRefusedCallerTakesNoSlot() {
    slots.take("ann", 1);
    assertFalse(full("ann", 1));
    assertEquals(new Slots.Counts(true, 1, Map.of("ann", 1)), slots.all());
  }

  @Test
  void changesAreEverythingAtFirstAndThenTheKeysThatChanged() {
    slots.take("ann", 9);
    slots.take("bob", 9);
    assertEquals(new Slots.Counts(true, 2, Map.of("ann", 1, "bob", 1)), slots.changes());
    assertEquals(new Slots.Counts(false, 2, Map.of()), slots.changes());
    slots.take("ann", 9);
    slots.free("bob");
    assertEquals(new Slots.Counts(true, 2, Map.of("ann", 2)), slots.all());
    assertEquals(new Slots.Counts(false, 2, Map.of("ann", 2, "bob", 0)), slots.changes());
    assertEquals(new Slots.Counts(false, 2, Map.of()), slots.changes());
  }

  @Test
  void afterTooManyChangesTheNextOnesAreEverything() {
    Slots.Counts ignored = slots.changes();
    slots.take("ann", 1);
    for (int i = 0; i < Slots.MAX_CHANGES; i++) {
      slots.take("user " + i, 1);
      slots.free("user " + i);
    }
    assertEquals(new Slots.Counts(true, 1, Map.of("ann", 1)), slots.changes());
    slots.free("ann");
    assertEquals(new Slots.Counts(false, 0, Map.of("ann", 0)), slots.changes());
  }
}
