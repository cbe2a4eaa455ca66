package devfest.studio.feeds.chat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.cluster.Cluster;
import devfest.studio.cluster.NodeRejoined;
import devfest.studio.events.Event;
import devfest.studio.events.Pseudonyms;
import devfest.studio.events.TransientEvent;
import devfest.studio.events.Visibility;
import devfest.studio.feeds.chat.Attendance.Member;
import devfest.studio.http.Outage;
import devfest.studio.stream.StreamEngine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The users in each room, over all nodes. This class counts the connections of this node, and
 * stores each user's first connection and the end of the last one in {@link Attendance}. A user who
 * reconnects within the grace period stays present. Joining and leaving only change memory; one
 * background task at a time stores the changes in batches. Safe for use from many threads.
 */
@ApplicationScoped
class Presence {

  static final String JOINED = "chat.joined";
  static final String LEFT = "chat.left";

  private static final Logger LOG = System.getLogger(Presence.class.getName());

  /** Long enough for a reconnect or a page reload, also on another node. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Users per transaction: few enough that other nodes wait only milliseconds for the rows. */
  private static final int BATCH = 50;

  /** The pause after a first failure, which is most often a conflict with another node. */
  private static final Duration RETRY = Duration.ofMillis(50);

  /** Failures in a row until the log has a warning; a conflict ends with the next attempt. */
  private static final int MANY_FAILURES = 5;

  /**
   * The data of the events: the user who joined or left. A node of an earlier version sends no
   * name.
   */
  public record Guest(String user, @Nullable String displayName) {}

  private final StreamEngine engine;
  private final Cluster cluster;
  private final Attendance attendance;
  private final jakarta.enterprise.event.Event<TransientEvent> events;
  private final Pseudonyms pseudonyms;
  private final Jsonb json;
  private final Clock clock;

  /**
   * The connections of a user to a room.
   *
   * @param open number of open connections; 0 during the grace period
   * @param version unique number of this state, so an outdated timer does not end a newer grace
   *     period
   */
  private record Connections(int open, long version) {}

  @GuardedBy("this")
  private final Map<Member, Connections> members = new HashMap<>();

  @GuardedBy("this")
  private long lastVersion;

  /** The members that this node has stored. */
  @GuardedBy("this")
  private final Set<Member> stored = new HashSet<>();

  /** The members whose change was not stored yet. */
  @GuardedBy("this")
  private final Set<Member> changed = new LinkedHashSet<>();

  /**
   * The members whose change failed. It may have been committed, so their rows are unknown, and
   * their state is written again.
   */
  @GuardedBy("this")
  private final Set<Member> unknown = new HashSet<>();

  /** Whether a task that stores the changes is scheduled or runs. */
  @GuardedBy("this")
  private boolean storing;

  /** How often other nodes have removed what this node had stored. */
  @GuardedBy("this")
  private int removals;

  @GuardedBy("this")
  private int failures;

  @Inject
  Presence(
      StreamEngine engine,
      Cluster cluster,
      Attendance attendance,
      jakarta.enterprise.event.Event<TransientEvent> events,
      Pseudonyms pseudonyms,
      Jsonb json,
      Clock clock) {
    this.engine = engine;
    this.cluster = cluster;
    this.attendance = attendance;
    this.events = events;
    this.pseudonyms = pseudonyms;
    this.json = json;
    this.clock = clock;
  }

  synchronized void join(String room, String user) {
    Member member = new Member(room, user);
    Connections current = members.get(member);
    members.put(member, new Connections(current == null ? 1 : current.open() + 1, ++lastVersion));
    if (current == null) {
      changed(member);
    }
  }

  synchronized void leave(String room, String user) {
    Member member = new Member(room, user);
    Connections left =
        new Connections(Objects.requireNonNull(members.get(member)).open() - 1, ++lastVersion);
    members.put(member, left);
    if (left.open() == 0) {
      engine.later(GRACE.toNanos(), () -> expire(member, left));
    }
  }

  private synchronized void expire(Member member, Connections expected) {
    if (members.remove(member, expected)) { // otherwise the user has reconnected
      changed(member);
    }
  }

  /** Stores all members again, because other nodes have removed those of this node. */
  synchronized void restore(
      @Observes(during = TransactionPhase.AFTER_SUCCESS) NodeRejoined rejoined) {
    removals++;
    stored.clear();
    members.keySet().forEach(this::changed);
  }

  @GuardedBy("this")
  private void changed(Member member) {
    boolean ignored = changed.add(member);
    if (!storing) {
      storing = true;
      engine.later(0, this::store);
    }
  }

  /** Changes to store, which another removal by other nodes makes outdated. */
  private record Batch(Set<Member> joins, Set<Member> leaves, int removals) {

    boolean isEmpty() {
      return joins.isEmpty() && leaves.isEmpty();
    }
  }

  private void store() {
    Batch batch = next();
    try {
      if (!batch.isEmpty()) {
        attendance.change(cluster.node(), batch.joins(), batch.leaves());
      }
      stored(batch);
    } catch (Throwable e) { // otherwise nothing would be stored any more
      failed(batch, e);
    }
  }

  private synchronized Batch next() {
    Batch batch = new Batch(new HashSet<>(), new HashSet<>(), removals);
    Iterator<Member> each = changed.iterator();
    for (int i = 0; i < BATCH && each.hasNext(); i++) {
      Member member = each.next();
      each.remove();
      boolean present = members.containsKey(member);
      if (present != stored.contains(member) || unknown.contains(member)) {
        boolean ignored = (present ? batch.joins() : batch.leaves()).add(member);
      }
    }
    return batch;
  }

  private synchronized void stored(Batch batch) {
    failures = 0;
    unknown.removeAll(batch.joins());
    unknown.removeAll(batch.leaves());
    if (batch.removals() == removals) {
      stored.addAll(batch.joins());
      stored.removeAll(batch.leaves());
    } else { // their rows may have been removed, too
      changed.addAll(batch.joins());
    }
    storing = !changed.isEmpty();
    if (storing) {
      engine.later(0, this::store);
    }
  }

  private void failed(Batch batch, Throwable failure) {
    int times;
    synchronized (this) {
      times = ++failures;
      unknown.addAll(batch.joins());
      unknown.addAll(batch.leaves());
      changed.addAll(batch.joins());
      changed.addAll(batch.leaves());
    }
    boolean quiet = times != MANY_FAILURES || Outage.behind(failure).isPresent();
    LOG.log(
        quiet ? Level.DEBUG : Level.WARNING,
        "Users who joined or left the chat could not be stored. Retrying.",
        failure);
    engine.later(RETRY.multipliedBy(Math.min(times, 20)).toNanos(), this::store);
  }

  /** Publishes that a user has joined or left, on any node. */
  void announce(@Observes(during = TransactionPhase.AFTER_SUCCESS) Attendance.Change change) {
    Member member = change.member();
    Event event =
        Event.of(change.joined() ? JOINED : LEFT)
            .visibility(Visibility.PUBLIC)
            .userId(member.user())
            .channel(Chat.channel(member.room()))
            .data(json.toJson(new Guest(pseudonyms.of(member.user()), change.displayName())))
            .build()
            .under(pseudonyms);
    events.fire(new TransientEvent(UUID.randomUUID().toString(), clock.instant(), event));
  }
}
