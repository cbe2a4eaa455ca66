package devfest.studio.hub;

import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of transient events. Queued frames of one key share one object, so ending a key costs
 * the same however many subscriptions have a frame of it. Used by the publisher only.
 */
final class Keys {

  /** Far more keys than can end while their transient events are still being published. */
  private static final int ENDED = 1_000;

  /** The key of queued frames. Equal by name. Safe for use from many threads. */
  static final class Key {

    private final String name;
    private volatile boolean ended;

    Key(String name) {
      this.name = name;
    }

    /** Whether frames of the key must no longer be delivered. */
    boolean hasEnded() {
      return ended;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.name.equals(name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  /** The keys that a subscription still refers to. */
  private final Map<Key, WeakReference<Key>> queued = new WeakHashMap<>();

  /** The names that ended last; later transient events of them are dropped. */
  private final Set<String> ended =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > ENDED;
            }
          });

  /** The key of this name; null if it has ended. */
  @Nullable Key get(String name) {
    if (ended.contains(name)) {
      return null;
    }
    Key key = new Key(name);
    WeakReference<Key> known = queued.get(key);
    Key shared = known == null ? null : known.get();
    if (shared != null) {
      return shared;
    }
    queued.put(key, new WeakReference<>(key));
    return key;
  }

  /** Ends the key: its frames are not delivered, now and in the future. */
  void end(String name) {
    WeakReference<Key> known = queued.remove(new Key(name));
    Key key = known == null ? null : known.get();
    if (key != null) {
      key.ended = true;
    }
    ended.add(name);
  }
}
