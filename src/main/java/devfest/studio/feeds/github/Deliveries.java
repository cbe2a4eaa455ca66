package devfest.studio.feeds.github;

import devfest.studio.events.Activity;
import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.feed.Scope;
import devfest.studio.feed.Tally;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Work;
import devfest.studio.log.EventLog;
import devfest.studio.personal.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.bind.Jsonb;
import jakarta.json.spi.JsonProvider;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.io.StringReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stores webhook deliveries. Each method runs in one short transaction or joins the caller's. Safe
 * for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
public class Deliveries {

  private static final Logger LOG = System.getLogger(Deliveries.class.getName());

  static final String CHANNEL = "github";
  static final String RECEIVED = "github.received";
  static final String COUNT = "github";

  private static final JsonProvider PROVIDER = JsonProvider.provider();

  private final EntityManager em;
  private final EventLog log;
  private final Tally tally;
  private final Clock clock;
  private final Jsonb json;
  private final jakarta.enterprise.event.Event<Activity> activities;
  private final Leases leases;

  @Inject
  Deliveries(
      EntityManager em,
      EventLog log,
      Tally tally,
      Clock clock,
      Jsonb json,
      jakarta.enterprise.event.Event<Activity> activities,
      Leases leases) {
    this.em = em;
    this.log = log;
    this.tally = tally;
    this.clock = clock;
    this.json = json;
    this.activities = activities;
    this.leases = leases;
  }

  /**
   * Stores a delivery and schedules its processing, unless it is known and has not failed.
   *
   * @param hook id of the hook, or {@link Delivery#SHARED}
   * @param userId owner of the hook; null for the organisers' hook
   * @param deliveryId the id that GitHub has assigned
   * @param event name of the GitHub event
   * @param facts the extracted members of the payload by path
   * @return whether the delivery will be processed
   * @throws jakarta.persistence.PersistenceException if a concurrent request has stored the same
   *     delivery
   */
  boolean receive(
      String hook,
      @Nullable String userId,
      String deliveryId,
      String event,
      Map<String, String> facts) {
    Optional<Delivery> known = find(hook, deliveryId);
    if (known.isPresent()) {
      return receiveAgain(known.get());
    }
    Delivery delivery =
        new Delivery(
            hook,
            userId,
            deliveryId,
            event,
            facts.get(Payload.REPOSITORY),
            json.toJson(facts),
            clock.instant());
    em.persist(delivery);
    em.flush(); // a concurrent duplicate fails here, before anything is counted
    tally.add(userId, Map.of(COUNT, 1));
    delivery.setPosition(log.append(List.of(event(RECEIVED, delivery))).get(0).position());
    leases.added(Delivery.class);
    return true;
  }

  private boolean receiveAgain(Delivery delivery) {
    em.lock(delivery, LockModeType.PESSIMISTIC_WRITE);
    em.refresh(delivery);
    if (delivery.status() != Delivery.Status.FAILED) {
      return false;
    }
    delivery.receiveAgain(clock.instant());
    log.append(event("github.retried", delivery));
    leases.added(Delivery.class);
    return true;
  }

  private Optional<Delivery> find(String hook, String deliveryId) {
    return em.createQuery(
            "select d from Delivery d where d.hook = :hook and d.deliveryId = :id", Delivery.class)
        .setParameter("hook", hook)
        .setParameter("id", deliveryId)
        .getResultStream()
        .findFirst();
  }

  /**
   * Fires the activity to observers once; an exception of an observer rolls everything back.
   *
   * @throws Attempt.StoppedException if the attempt has lost its claim
   */
  void work(Work<Delivery> work, Attempt attempt) {
    Delivery delivery = leases.lockClaimed(work, attempt).orElseThrow(attempt::lost);
    Activity activity =
        new Activity(
            delivery.userId(), delivery.deliveryId(), delivery.event(), facts(delivery.facts()));
    activities.fire(activity);
    delivery.end(activity.isUsed());
    log.append(event("github." + delivery.status(), delivery));
  }

  private static Map<String, String> facts(String text) {
    Map<String, String> facts = new LinkedHashMap<>();
    try (JsonReader reader = PROVIDER.createReader(new StringReader(text))) {
      JsonObject object = reader.readObject();
      object.keySet().forEach(path -> facts.put(path, object.getString(path)));
    }
    return facts;
  }

  /** Marks a delivery as failed, in the transaction that ends the claim. */
  void failed(Delivery delivery, String reason) {
    delivery.fail(reason);
    log.append(event("github.failed", delivery));
  }

  /** Deletes processed deliveries up to and including the position. The count does not decrease. */
  void prune(long position) {
    int removed =
        em.createQuery("delete from Delivery d where d.position <= :upTo and d.status <> :received")
            .setParameter("upTo", position)
            .setParameter("received", Delivery.Status.RECEIVED)
            .executeUpdate();
    LOG.log(Level.DEBUG, "Deleted {0} old deliveries", removed);
  }

  private Event event(String type, Delivery delivery) {
    return Event.of(type)
        .visibility(delivery.userId() == null ? Visibility.SHARED : Visibility.PRIVATE)
        .userId(delivery.userId())
        .channel(CHANNEL)
        .data(json.toJson(delivery.view()))
        .build();
  }

  /** Returns matching deliveries in the scope and below the position, newest first. */
  List<Delivery> newest(Scope.Owned scope, Criteria criteria, long below, int limit) {
    if (!(scope instanceof Scope.Own own)) {
      return newest("", Map.of(), criteria, below, limit);
    }
    // Each of the two queries uses an index; a single query with "or" would not.
    return Stream.concat(
            newest("d.userId = :user", Map.of("user", own.user()), criteria, below, limit).stream(),
            newest("d.userId is null", Map.of(), criteria, below, limit).stream())
        .sorted(Comparator.comparing(Delivery::position).reversed())
        .limit(limit)
        .toList();
  }

  /** Returns the deliveries to the user's hooks below the position, newest first. */
  List<Delivery> of(String user, long below, int limit) {
    return newest("d.userId = :user", Map.of("user", user), Criteria.NONE, below, limit);
  }

  /**
   * Deletes deliveries to the user's hooks, and stops their processing.
   *
   * @return the number of deleted deliveries
   */
  int delete(String user, int limit) {
    List<Delivery> found = Rows.locked(em, Delivery.class, "userId", user, limit);
    found.forEach(em::remove);
    found.forEach(leases::ended);
    return found.size();
  }

  private List<Delivery> newest(
      String ownerCondition,
      Map<String, Object> ownerValues,
      Criteria criteria,
      long below,
      int limit) {
    Map<String, Object> values = new LinkedHashMap<>(ownerValues);
    List<String> where = new ArrayList<>(List.of("d.position < :below"));
    if (!ownerCondition.isEmpty()) {
      where.add(ownerCondition);
    }
    if (criteria.repo() != null) {
      where.add("d.repoFullName = :repo");
      values.put("repo", criteria.repo());
    }
    if (criteria.event() != null) {
      where.add("d.event = :event");
      values.put("event", criteria.event());
    }
    if (criteria.status() != null) {
      where.add("d.status = :status");
      values.put("status", criteria.status());
    }
    TypedQuery<Delivery> query =
        em.createQuery(
            "select d from Delivery d where "
                + String.join(" and ", where)
                + (ownerCondition.isEmpty() ? " order by" : " order by d.userId desc,")
                + " d.position desc",
            Delivery.class);
    values.forEach(query::setParameter);
    return query
        .setParameter("below", below)
        .setHint("eclipselink.read-only", true)
        .setMaxResults(limit)
        .getResultList();
  }

  /** The filter of a list; a null component matches everything. */
  record Criteria(@Nullable String repo, @Nullable String event, Delivery.@Nullable Status status) {
    static final Criteria NONE = new Criteria(null, null, null);
  }

  long count(Scope.Owned scope) {
    return tally.total(COUNT, scope);
  }
}
