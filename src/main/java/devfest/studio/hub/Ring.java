package devfest.studio.hub;

import devfest.studio.events.LoggedEvent;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The newest events with their frames, found by position. One thread puts, any thread gets. */
final class Ring {

  /** An event and its frames, encoded once for all who get it. */
  record Entry(long position, Frames frames, int size) {
    static Entry of(LoggedEvent logged) {
      // The text and up to three encoded frames. Beyond Latin-1 both take up to three bytes a char.
      String data = logged.event().data();
      boolean latin = data.chars().allMatch(c -> c < 0x80);
      return new Entry(
          logged.position(), Frames.of(logged), 600 + (latin ? 4 : 11) * data.length());
    }
  }

  private final AtomicReferenceArray<Entry> entries;
  private final long maxBytes;
  private long bytes;
  private volatile long oldest;
  private long newest;

  /**
   * @param capacity the number of events it holds at most
   * @param maxBytes roughly how much memory they may take
   */
  Ring(int capacity, long maxBytes) {
    this.entries = new AtomicReferenceArray<>(capacity);
    this.maxBytes = maxBytes;
    this.oldest = Long.MAX_VALUE; // of nothing
  }

  void put(Entry entry) {
    long position = entry.position();
    if (newest == 0 || position != newest + 1) {
      clear(); // a gap, as a new origin leaves one: what is held has no hole
      oldest = position;
    }
    bytes += entry.size();
    Entry replaced = entries.getAndSet(slot(position), entry);
    if (replaced != null) {
      bytes -= replaced.size();
      oldest = Math.max(oldest, replaced.position() + 1);
    }
    newest = position;
    long drop = oldest;
    while (bytes > maxBytes && drop < newest) {
      Entry dropped = entries.getAndSet(slot(drop++), null);
      if (dropped != null) {
        bytes -= dropped.size();
      }
      oldest = drop;
    }
  }

  private void clear() {
    forget(newest);
    bytes = 0;
  }

  /** Drops everything up to the position. */
  void forget(long position) {
    long drop = oldest;
    while (drop <= Math.min(position, newest)) {
      Entry dropped = entries.getAndSet(slot(drop++), null);
      if (dropped != null) {
        bytes -= dropped.size();
      }
      oldest = drop;
    }
  }

  /** Drops one, which then has to be read from the log. */
  void erase(long position) {
    Entry entry = get(position);
    if (entry != null && entries.compareAndSet(slot(position), entry, null)) {
      bytes -= entry.size();
    }
  }

  /** Whether everything above the position that was ever put is still there. */
  boolean reaches(long position) {
    return oldest <= position + 1;
  }

  /** The entry at exactly this position, or null when the ring does not hold it. */
  @Nullable Entry get(long position) {
    Entry entry = entries.get(slot(position));
    return entry != null && entry.position() == position ? entry : null;
  }

  private int slot(long position) {
    return (int) (position % entries.length());
  }
}
