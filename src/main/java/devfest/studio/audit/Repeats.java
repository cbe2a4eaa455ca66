package devfest.studio.audit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Counts refusals, so that a flood of them neither fills the trail nor writes a row each. The first
 * of a kind has a row; its repetitions within a minute are added to that row later. Safe for use
 * from many threads.
 */
final class Repeats {

  /** The time within which equal acts are one row. */
  static final Duration WINDOW = Duration.ofMinutes(1);

  /** The maximum number of rows in a window on this node; further acts of an action share one. */
  static final int MAX = 100;

  /**
   * An act that has a row.
   *
   * @param id the row's id
   * @param more repetitions that the row does not count yet
   */
  record Counted(String id, Act act, Instant since, int more) {

    private Counted plus(int count) {
      return new Counted(id, act, since, count);
    }
  }

  @GuardedBy("this")
  private final Map<Act, Counted> counted = new HashMap<>();

  /** Counts an act. Returns it if it needs a row: it is the first. */
  synchronized Optional<Counted> add(Act act, Instant now) {
    Act key = counted.containsKey(act) || counted.size() < MAX ? act : act.anonymous();
    Counted known = counted.get(key);
    if (known != null) {
      counted.put(key, known.plus(known.more() + 1));
      return Optional.empty();
    }
    Counted first = new Counted(UUID.randomUUID().toString(), key, now, 0);
    counted.put(key, first);
    return Optional.of(first);
  }

  /** Takes the repetitions that the rows do not count yet, and ends the windows that are over. */
  synchronized List<Counted> take(Instant now) {
    List<Counted> repeated = new ArrayList<>();
    for (Iterator<Counted> all = counted.values().iterator(); all.hasNext(); ) {
      Counted each = all.next();
      if (each.more() > 0) {
        repeated.add(each);
      }
      if (!now.isBefore(each.since().plus(WINDOW))) {
        all.remove();
      }
    }
    counted.replaceAll((act, each) -> each.plus(0));
    return repeated;
  }
}
