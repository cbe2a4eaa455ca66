package devfest.studio.hub;

import devfest.studio.events.LoggedEvent;
import devfest.studio.sse.Frame;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The newest events with their frames, found by position. One thread puts, any thread gets. */
final class Ring {

  /** An event and its frames, encoded once for all who get it. */
  record Entry(LoggedEvent event, Frame frame) {
    static Entry of(LoggedEvent event) {
      return new Entry(
          event, Frame.event(Long.toString(event.position()), event.event().type(), event.json()));
    }

    int size() {
      return 200 + 2 * event.event().data().length();
    }
  }

  private final AtomicReferenceArray<Entry> entries;
  private final long maxBytes;
  private long bytes;
  private long oldest;
  private long newest;

  /**
   * @param capacity the number of events it holds at most
   * @param maxBytes roughly how much memory they may take
   */
  Ring(int capacity, long maxBytes) {
    this.entries = new AtomicReferenceArray<>(capacity);
    this.maxBytes = maxBytes;
    this.oldest = 1;
  }

  void put(Entry entry) {
    long position = entry.event().position();
    if (newest == 0) {
      oldest = position;
    }
    bytes += entry.size();
    Entry replaced = entries.getAndSet(slot(position), entry);
    if (replaced != null) {
      bytes -= replaced.size();
      oldest = Math.max(oldest, replaced.event().position() + 1);
    }
    newest = position;
    while (bytes > maxBytes && oldest < newest) {
      Entry dropped = entries.getAndSet(slot(oldest++), null);
      if (dropped != null) {
        bytes -= dropped.size();
      }
    }
  }

  /** The entry at exactly this position, or null when the ring does not hold it. */
  Entry get(long position) {
    Entry entry = entries.get(slot(position));
    return entry != null && entry.event().position() == position ? entry : null;
  }

  private int slot(long position) {
    return (int) (position % entries.length());
  }
}
