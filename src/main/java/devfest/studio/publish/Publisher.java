package devfest.studio.publish;

import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import devfest.studio.idempotency.Key;
import devfest.studio.idempotency.KeyReused;
import devfest.studio.idempotency.Replies;
import devfest.studio.idempotency.Reply;
import devfest.studio.log.EventLog;
import devfest.studio.security.Admission;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.NotAuthorizedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Appends the events of publishers, each call in its own transaction. Safe for use from many
 * threads.
 */
@ApplicationScoped
@Transactional
class Publisher {

  private final EventLog log;
  private final Replies replies;
  private final Admission admission;

  @Inject
  Publisher(EventLog log, Replies replies, Admission admission) {
    this.log = log;
    this.replies = replies;
    this.admission = admission;
  }

  /**
   * Appends all events, except those whose key is known, and commits.
   *
   * @param user the publisher, who is the caller of the present request
   * @return the position of each event, as text
   * @throws NotAuthorizedException if the caller's token was revoked meanwhile
   * @throws jakarta.persistence.PersistenceException if a concurrent request has committed one of
   *     the keys; the caller must retry
   */
  List<String> publish(String user, List<Publication> publications) {
    admission.admit();
    Map<String, String> positions = new HashMap<>();
    Map<String, Consumer<Reply>> claimed = new HashMap<>();
    keys(publications)
        .forEach(
            (id, key) ->
                replies
                    .find(key)
                    .ifPresentOrElse(
                        reply -> positions.put(id, reply.body()),
                        () -> claimed.put(id, replies.reserve(key))));

    Set<String> seen = new HashSet<>(positions.keySet());
    List<Boolean> isNew =
        publications.stream().map(p -> p.id().map(seen::add).orElse(true)).toList();
    Iterator<LoggedEvent> logged = append(user, publications, isNew).iterator();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < isNew.size(); i++) {
      if (isNew.get(i)) {
        String position = Long.toString(logged.next().position());
        publications
            .get(i)
            .id()
            .ifPresent(
                id -> {
                  positions.put(id, position);
                  Objects.requireNonNull(claimed.get(id), id)
                      .accept(new Reply(200, null, position));
                });
        all.add(position);
      } else {
        all.add(positions.get(publications.get(i).id().orElseThrow()));
      }
    }
    return all;
  }

  /**
   * Appends events without keys, and commits.
   *
   * @throws NotAuthorizedException if the token of one of the publishers was revoked meanwhile;
   *     nothing is stored
   */
  List<LoggedEvent> append(Set<Caller> publishers, List<Event> events) {
    admission.admit(publishers);
    return log.appendPublished(events);
  }

  private List<LoggedEvent> append(
      String user, List<Publication> publications, List<Boolean> isNew) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < isNew.size(); i++) {
      if (isNew.get(i)) {
        events.add(publications.get(i).event().by(user));
      }
    }
    return events.isEmpty() ? List.of() : log.appendPublished(events);
  }

  /** The distinct keys in the order of their ids, so that locks cannot form a cycle. */
  private static SortedMap<String, Key> keys(List<Publication> publications) {
    SortedMap<String, Key> keys = new TreeMap<>();
    for (Publication publication : publications) {
      publication
          .key()
          .ifPresent(
              key -> {
                Key other = keys.putIfAbsent(key.id(), key);
                if (other != null && !other.equals(key)) {
                  throw new KeyReused();
                }
              });
    }
    return keys;
  }
}
