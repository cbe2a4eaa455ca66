package devfest.studio.hub;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.Visibility;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The subscriptions by their criteria and their audience. A public event is compared once with each
 * distinct set of criteria, however many subscriptions share it. A private event is compared only
 * with the subscriptions of its owner and of admins. One thread at a time modifies the index; any
 * thread may read it.
 */
final class Index {

  private final Set<Subscription> all = ConcurrentHashMap.newKeySet();
  private final Set<Subscription> unrestricted = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<Subscription>> byUser = new ConcurrentHashMap<>();
  private final Map<Filter, Set<Subscription>> byCriteria = new ConcurrentHashMap<>();

  void add(Subscription subscription) {
    all.add(subscription);
    add(byCriteria, criteria(subscription), subscription);
    Audience audience = subscription.filter().audience();
    if (audience.all()) {
      unrestricted.add(subscription);
    } else if (audience.userId() != null) {
      add(byUser, audience.userId(), subscription);
    }
  }

  /** Returns whether the subscription was in the index. */
  boolean remove(Subscription subscription) {
    remove(byCriteria, criteria(subscription), subscription);
    Audience audience = subscription.filter().audience();
    if (audience.all()) {
      unrestricted.remove(subscription);
    } else if (audience.userId() != null) {
      remove(byUser, audience.userId(), subscription);
    }
    return all.remove(subscription);
  }

  Set<Subscription> all() {
    return all;
  }

  /** Runs the action for each subscription that matches the event. */
  void forMatching(Event event, Consumer<Subscription> action) {
    if (event.visibility() == Visibility.PUBLIC) {
      forCriteria(event, subscriptions -> subscriptions.forEach(action));
      return;
    }
    forPermitted(
        event,
        subscription -> {
          if (subscription.filter().matches(event)) {
            action.accept(subscription);
          }
        });
  }

  /** The number of subscriptions that match the event. */
  int count(Event event) {
    int[] count = {0};
    if (event.visibility() == Visibility.PUBLIC) {
      forCriteria(event, subscriptions -> count[0] += subscriptions.size());
    } else {
      forMatching(event, subscription -> count[0]++);
    }
    return count[0];
  }

  /** Runs the action for each subscription whose audience sees the event, matching or not. */
  void forPermitted(Event event, Consumer<Subscription> action) {
    if (event.visibility() == Visibility.PUBLIC) {
      all.forEach(action);
      return;
    }
    if (event.visibility() == Visibility.SHARED) {
      for (Subscription subscription : all) {
        if (subscription.filter().audience().sees(event)) {
          action.accept(subscription);
        }
      }
      return;
    }
    unrestricted.forEach(action);
    if (event.userId() != null) {
      byUser.getOrDefault(event.userId(), Set.of()).forEach(action);
    }
  }

  private void forCriteria(Event event, Consumer<Set<Subscription>> action) {
    byCriteria.forEach(
        (criteria, subscriptions) -> {
          if (criteria.matches(event)) {
            action.accept(subscriptions);
          }
        });
  }

  /** The filter without its audience. */
  private static Filter criteria(Subscription subscription) {
    return subscription.filter().withAudience(Audience.everything());
  }

  private static <K> void add(Map<K, Set<Subscription>> sets, K key, Subscription subscription) {
    sets.computeIfAbsent(key, k -> ConcurrentHashMap.newKeySet()).add(subscription);
  }

  private static <K> void remove(Map<K, Set<Subscription>> sets, K key, Subscription subscription) {
    sets.computeIfPresent(
        key,
        (k, subscriptions) -> {
          subscriptions.remove(subscription);
          return subscriptions.isEmpty() ? null : subscriptions;
        });
  }
}
