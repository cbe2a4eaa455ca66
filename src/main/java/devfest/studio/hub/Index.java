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
 * The subscriptions by what they ask for and by whom they let see. An event for everybody is
 * compared with each different wish once, however many readers share it; an event for one user
 * finds that user's and the admins', however many others there are. One thread at a time changes
 * it; any may look.
 */
final class Index {

  private final Set<Subscription> all = ConcurrentHashMap.newKeySet();
  private final Set<Subscription> seeingAll = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<Subscription>> byUser = new ConcurrentHashMap<>();
  private final Map<Filter, Set<Subscription>> byWish = new ConcurrentHashMap<>();

  void add(Subscription subscription) {
    all.add(subscription);
    add(byWish, wish(subscription), subscription);
    Audience audience = subscription.filter().audience();
    if (audience.all()) {
      seeingAll.add(subscription);
    } else if (audience.userId() != null) {
      add(byUser, audience.userId(), subscription);
    }
  }

  /** Returns whether it was there. */
  boolean remove(Subscription subscription) {
    remove(byWish, wish(subscription), subscription);
    Audience audience = subscription.filter().audience();
    if (audience.all()) {
      seeingAll.remove(subscription);
    } else if (audience.userId() != null) {
      remove(byUser, audience.userId(), subscription);
    }
    return all.remove(subscription);
  }

  Set<Subscription> all() {
    return all;
  }

  /** Those that get the event. */
  void forMatching(Event event, Consumer<Subscription> action) {
    if (event.visibility() == Visibility.PUBLIC) {
      forWishes(event, subscriptions -> subscriptions.forEach(action));
      return;
    }
    forSeeing(
        event,
        subscription -> {
          if (subscription.filter().matches(event)) {
            action.accept(subscription);
          }
        });
  }

  /** How many get the event. */
  int count(Event event) {
    int[] count = {0};
    if (event.visibility() == Visibility.PUBLIC) {
      forWishes(event, subscriptions -> count[0] += subscriptions.size());
    } else {
      forMatching(event, subscription -> count[0]++);
    }
    return count[0];
  }

  /** Those whose audience sees the event, whether they ask for it or not. */
  void forSeeing(Event event, Consumer<Subscription> action) {
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
    seeingAll.forEach(action);
    if (event.userId() != null) {
      byUser.getOrDefault(event.userId(), Set.of()).forEach(action);
    }
  }

  private void forWishes(Event event, Consumer<Set<Subscription>> action) {
    byWish.forEach(
        (wish, subscriptions) -> {
          if (wish.matches(event)) {
            action.accept(subscriptions);
          }
        });
  }

  /** What is asked for, whoever asks. */
  private static Filter wish(Subscription subscription) {
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
