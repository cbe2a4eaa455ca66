package devfest.studio.hub;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The subscriptions by whom they let see: an event for one user finds that user's and the admins',
 * however many others there are. One thread at a time changes it; any may look.
 */
final class Index {

  private final Set<Subscription> all = ConcurrentHashMap.newKeySet();
  private final Set<Subscription> seeingAll = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<Subscription>> byUser = new ConcurrentHashMap<>();

  void add(Subscription subscription) {
    all.add(subscription);
    Audience audience = subscription.audience();
    if (audience.all()) {
      seeingAll.add(subscription);
    } else if (audience.userId() != null) {
      byUser
          .computeIfAbsent(audience.userId(), user -> ConcurrentHashMap.newKeySet())
          .add(subscription);
    }
  }

  /** Returns whether it was there. */
  boolean remove(Subscription subscription) {
    Audience audience = subscription.audience();
    if (audience.all()) {
      seeingAll.remove(subscription);
    } else if (audience.userId() != null) {
      byUser.computeIfPresent(
          audience.userId(),
          (user, subscriptions) -> {
            subscriptions.remove(subscription);
            return subscriptions.isEmpty() ? null : subscriptions;
          });
    }
    return all.remove(subscription);
  }

  Set<Subscription> all() {
    return all;
  }

  /** Those whose audience sees the event; what else they ask for is theirs to check. */
  void forEach(Event event, Consumer<Subscription> action) {
    if (event.visibility() == Visibility.PUBLIC) {
      all.forEach(action);
      return;
    }
    seeingAll.forEach(action);
    if (event.userId() != null) {
      byUser.getOrDefault(event.userId(), Set.of()).forEach(action);
    }
  }
}
