package devfest.studio.hub;

import devfest.studio.events.LoggedEvent;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The newest events with their frames, by position. One thread modifies the ring; any thread may
 * read it.
 */
final class Ring {

  /**
   * An event and its frames, which are encoded once for all streams.
   *
   * @param size estimated memory in bytes
   */
  record Entry(long position, Frames frames, int size) {
    static Entry of(LoggedEvent logged) {
      // Objects of about 600 bytes, the text, and up to three encoded frames. One character takes
      // one byte in ASCII, otherwise two in the text and three in a frame.
      String data = logged.event().data();
      boolean ascii = data.chars().allMatch(c -> c < 0x80);
      return new Entry(
          logged.position(), new Frames(logged), 600 + (ascii ? 4 : 11) * data.length());
    }
  }

  private final AtomicReferenceArray<Entry> entries;
  private final long maxBytes;
  private long bytes;
  private volatile long oldest;
  private long newest;

  /**
   * @param capacity maximum number of events
   * @param maxBytes approximate maximum of memory
   */
  Ring(int capacity, long maxBytes) {
    this.entries = new AtomicReferenceArray<>(capacity);
    this.maxBytes = maxBytes;
    this.oldest = Long.MAX_VALUE; // the ring is empty
  }

  void put(Entry entry) {
    long position = entry.position();
    if (newest == 0 || position != newest + 1) {
      clear(); // a gap at a new origin; the ring must not contain gaps
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
    prune(newest);
    bytes = 0;
  }

  /** Drops the events up to the position. */
  void prune(long position) {
    long drop = oldest;
    while (drop <= Math.min(position, newest)) {
      Entry dropped = entries.getAndSet(slot(drop++), null);
      if (dropped != null) {
        bytes -= dropped.size();
      }
      oldest = drop;
    }
  }

  /** Drops one event, which is then read from the log. */
  void erase(long position) {
    Entry entry = get(position);
    if (entry != null && entries.compareAndSet(slot(position), entry, null)) {
      bytes -= entry.size();
    }
  }

  /** Whether the ring contains every published event above the position. */
  boolean covers(long position) {
    return oldest <= position + 1;
  }

  /** The entry at this position; null if the ring does not contain it. */
  @Nullable Entry get(long position) {
    Entry entry = entries.get(slot(position));
    return entry != null && entry.position() == position ? entry : null;
  }

  private int slot(long position) {
    return (int) (position % entries.length());
  }
}
