package devfest.studio.hub;

import devfest.studio.sse.Frame;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The transient frames that one subscription has not taken yet: the newest of each key, in the
 * order in which they came. Safe for use from many threads.
 */
final class Transients {

  /** So that a client that does not read holds little memory; the oldest gives way. */
  private static final int MAX = 256;

  /** Guarded by this; made when needed, which for most subscriptions is never. */
  private Map<String, Frame> newest = Map.of();

  /** Adds a frame, in place of an older one of the key. */
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

  /** Takes the frame that has waited longest; null when there is none. */
  synchronized Frame take() {
    if (newest.isEmpty()) {
      return null;
    }
    Iterator<Frame> frames = newest.values().iterator();
    Frame next = frames.next();
    frames.remove();
    return next;
  }
}
