package devfest.studio.hub;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The subscriptions by their audience, and within it by what events carry; see {@link Table}. An
 * event costs nothing for subscriptions to other channels, nor, if it is private, for those of
 * other users. One thread at a time modifies the index; any thread may read it meanwhile.
 */
final class Index {

  private final Set<Subscription> all = ConcurrentHashMap.newKeySet();

  /** All subscriptions, for events that many users may see. */
  private final Table everyone = new Table();

  /** The subscriptions whose audience sees the events of all users. */
  private final Table unrestricted = new Table();

  /** The other subscriptions by user, except anonymous ones. */
  private final Map<String, Table> byUser = new ConcurrentHashMap<>();

  void add(Subscription subscription) {
    all.add(subscription);
    everyone.add(subscription);
    Audience audience = subscription.filter().audience();
    if (audience.all()) {
      unrestricted.add(subscription);
    } else if (audience.userId() != null) {
      byUser.computeIfAbsent(audience.userId(), user -> new Table()).add(subscription);
    }
  }

  /** Returns whether the subscription was in the index. */
  boolean remove(Subscription subscription) {
    if (!all.remove(subscription)) {
      return false;
    }
    everyone.remove(subscription);
    Audience audience = subscription.filter().audience();
    if (audience.all()) {
      unrestricted.remove(subscription);
    } else if (audience.userId() != null) {
      byUser.computeIfPresent(
          audience.userId(),
          (user, table) -> {
            table.remove(subscription);
            return table.isEmpty() ? null : table;
          });
    }
    return true;
  }

  boolean isEmpty() {
    return all.isEmpty() && everyone.isEmpty() && unrestricted.isEmpty() && byUser.isEmpty();
  }

  Set<Subscription> all() {
    return all;
  }

  /** Runs the action once for each subscription that matches the event. */
  void forMatching(Event event, Consumer<Subscription> action) {
    if (event.visibility() == Visibility.PUBLIC) {
      everyone.forMatching(event, members -> members.forEach(action));
      return;
    }
    Consumer<Set<Subscription>> checked =
        members -> {
          for (Subscription member : members) {
            if (member.filter().matches(event)) { // this time with the audience
              action.accept(member);
            }
          }
        };
    candidates(event).forEach(table -> table.forMatching(event, checked));
  }

  /** The number of subscriptions that match the event. */
  int count(Event event) {
    int[] count = {0};
    if (event.visibility() == Visibility.PUBLIC) {
      everyone.forMatching(event, members -> count[0] += members.size());
    } else {
      forMatching(event, subscription -> count[0]++);
    }
    return count[0];
  }

  /** The tables that contain every subscription whose audience sees the event. */
  private Stream<Table> candidates(Event event) {
    if (event.visibility() == Visibility.PUBLIC || event.visibility() == Visibility.SHARED) {
      return Stream.of(everyone);
    }
    Table own = event.userId() == null ? null : byUser.get(event.userId());
    return own == null ? Stream.of(unrestricted) : Stream.of(unrestricted, own);
  }
}
