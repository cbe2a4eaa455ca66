package devfest.studio.hub;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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

  /** Created on first use, as most subscriptions never need it. */
  @GuardedBy("this")
  private Map<Keys.Key, Frame> newest = Map.of();

  /** Adds a frame, in place of an older frame of the key. */
  synchronized void put(Keys.Key key, Frame frame) {
    if (newest.isEmpty()) {
      newest = new LinkedHashMap<>(4);
    }
    newest.remove(key);
    newest.put(key, frame);
    if (newest.size() > MAX) {
      newest.keySet().removeIf(Keys.Key::hasEnded);
    }
    if (newest.size() > MAX) {
      newest.remove(newest.keySet().iterator().next());
    }
  }

  /** Removes and returns the oldest frame whose key has not ended; null if there is none. */
  synchronized @Nullable Frame take() {
    if (newest.isEmpty()) {
      return null;
    }
    for (Iterator<Map.Entry<Keys.Key, Frame>> i = newest.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<Keys.Key, Frame> oldest = i.next();
      i.remove();
      if (!oldest.getKey().hasEnded()) {
        return oldest.getValue();
      }
    }
    return null;
  }
}
