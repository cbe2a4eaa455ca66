package devfest.studio.hub;

/** Slots that a test takes and frees. */
public final class TestSlots {

  public final Slots slots = new Slots(100_000);

  public void take(String quotaKey) {
    slots.take(quotaKey, 100);
  }

  public void free(String quotaKey) {
    slots.free(quotaKey);
  }
}
