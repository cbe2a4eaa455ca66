package devfest.studio.hub;

import devfest.studio.sse.Frame;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The transient frames that were not delivered to one subscription yet: the newest of each key,
 * oldest first. Safe for use from many threads.
 */
final class Transients {

  /** Bounds the memory of a client that does not read; the oldest frame is dropped. */
  private static final int MAX = 256;

  /** Guarded by this. Created on first use, as most subscriptions never need it. */
  private Map<String, Frame> newest = Map.of();

  /** Adds a frame, in place of an older frame of the key. */
  synchronized void put(String key, Frame frame) {
    if (newest.isEmpty()) {
      newest = new LinkedHashMap<>(4);
    }
    newest.remove(key);
    newest.put(key, frame);
    if (newest.size() > MAX) {
      newest.remove(newest.keySet().iterator().next());
    }
  }

  /** Drops the frame of the key. */
  synchronized void discard(String key) {
    if (!newest.isEmpty()) {
      newest.remove(key);
    }
  }

  /** Removes and returns the oldest frame; null if there is none. */
  synchronized @Nullable Frame take() {
    if (newest.isEmpty()) {
      return null;
    }
    Iterator<Frame> frames = newest.values().iterator();
    Frame next = frames.next();
    frames.remove();
    return next;
  }
}
