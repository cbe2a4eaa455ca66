package devfest.studio.hub;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.Subject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions by their criteria, which are the filter without its audience. Each set of criteria
 * is filed under keys that an event must carry to match: its channels, else a subject, else the
 * owner. Criteria with none of these are filed under {@link #ANY}. An event is compared once with
 * each distinct set of criteria under the keys that it carries, however many subscriptions share
 * the set.
 *
 * <p>Subscriptions with equal criteria share one set of members, so a subscription takes one entry,
 * and distinct criteria take one more for each of their keys. One thread at a time modifies the
 * table; any thread may read it. A subscription is visible to every read that starts after it was
 * added.
 */
final class Table {

  private record Channel(String name) {}

  private record Owner(String userId) {}

  /** The key of criteria that events of every channel, subject and owner may match. */
  private static final Object ANY = new Object();

  /** By key, the criteria with their members; all keys of the criteria have the same members. */
  private final Map<Object, Map<Filter, Set<Subscription>>> entries = new ConcurrentHashMap<>(1);

  void add(Subscription subscription) {
    Filter criteria = criteria(subscription);
    List<?> keys = keys(criteria);
    Set<Subscription> members = members(keys, criteria);
    if (members != null) {
      members.add(subscription);
      return;
    }
    Set<Subscription> first = ConcurrentHashMap.newKeySet(1);
    first.add(subscription);
    for (Object key : keys) {
      entries.computeIfAbsent(key, k -> new ConcurrentHashMap<>(1)).put(criteria, first);
    }
  }

  /** Returns whether the subscription was in the table. */
  boolean remove(Subscription subscription) {
    Filter criteria = criteria(subscription);
    List<?> keys = keys(criteria);
    Set<Subscription> members = members(keys, criteria);
    if (members == null || !members.remove(subscription)) {
      return false;
    }
    if (members.isEmpty()) {
      for (Object key : keys) {
        entries.computeIfPresent(
            key,
            (k, distinct) -> {
              distinct.remove(criteria);
              return distinct.isEmpty() ? null : distinct;
            });
      }
    }
    return true;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /**
   * Runs the action for the members of each distinct set of criteria that the event matches. No
   * subscription is a member of two of them.
   */
  void forMatching(Event event, Consumer<Set<Subscription>> action) {
    forMatching(new Channel(event.channel()), event, action);
    for (Subject subject : event.subjects()) {
      forMatching(subject, event, action);
    }
    if (event.userId() != null) {
      forMatching(new Owner(event.userId()), event, action);
    }
    forMatching(ANY, event, action);
  }

  private void forMatching(Object key, Event event, Consumer<Set<Subscription>> action) {
    Map<Filter, Set<Subscription>> distinct = entries.get(key);
    if (distinct != null) {
      distinct.forEach(
          (criteria, members) -> {
            if (criteria.matches(event)) {
              action.accept(members);
            }
          });
    }
  }

  private @Nullable Set<Subscription> members(List<?> keys, Filter criteria) {
    Map<Filter, Set<Subscription>> distinct = entries.get(keys.get(0));
    return distinct == null ? null : distinct.get(criteria);
  }

  private static Filter criteria(Subscription subscription) {
    return subscription.filter().withAudience(Audience.everything());
  }

  /** At least one; an event that matches the criteria carries exactly one of them. */
  private static List<?> keys(Filter criteria) {
    if (!criteria.channels().isEmpty()) {
      return criteria.channels().stream().distinct().map(Channel::new).toList();
    }
    if (!criteria.subjects().isEmpty()) {
      return List.of(criteria.subjects().get(0));
    }
    return List.of(criteria.userId() == null ? ANY : new Owner(criteria.userId()));
  }
}
