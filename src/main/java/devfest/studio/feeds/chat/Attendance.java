package devfest.studio.feeds.chat;

import devfest.studio.cluster.NodeLost;
import devfest.studio.events.DisplayNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rows of the users in each room and of the nodes to which they are connected. A user is in a
 * room as long as at least one node has a row. Every change locks the user's row of the room first,
 * in the order of the rooms and users, so exactly one transaction sees the first node join or the
 * last node leave. Safe for use from many threads and nodes.
 */
@ApplicationScoped
class Attendance {

  private static final String MEMBER = " where room = ?1 and user_id = ?2";

  /** Users without a node exist only within the transaction that removes the last node. */
  private static final String ABSENT =
      " from presence where not exists (select 1 from presence_node n"
          + " where n.room = presence.room and n.user_id = presence.user_id)";

  /** A user in a room. */
  record Member(String room, String user) implements Comparable<Member> {

    private static final Comparator<Member> ORDER =
        Comparator.comparing(Member::room).thenComparing(Member::user);

    @Override
    public int compareTo(Member other) {
      return ORDER.compare(this, other);
    }
  }

  /** Fired in the transaction in which a user joins or leaves a room. */
  record Change(Member member, String displayName, boolean joined) {}

  private final EntityManager em;
  private final DisplayNames names;
  private final Event<Change> changes;

  @Inject
  Attendance(EntityManager em, DisplayNames names, Event<Change> changes) {
    this.em = em;
    this.names = names;
    this.changes = changes;
  }

  /**
   * Stores that a node has got its first connection of some users, and lost the last one of others,
   * in one transaction. Has no effect on what is already stored.
   *
   * @throws IllegalStateException if the node is not registered, because then no other node would
   *     remove its rows
   */
  @Transactional(TxType.REQUIRES_NEW)
  void change(String node, Collection<Member> joins, Collection<Member> leaves) {
    Stream.concat(joins.stream(), leaves.stream())
        .sorted()
        .forEach(
            member -> {
              if (joins.contains(member)) {
                join(node, member);
              } else {
                leave(node, member);
              }
            });
  }

  private void join(String node, Member member) {
    boolean isNew = !lock(member);
    if (isNew) {
      int ignored =
          query("insert into presence (room, user_id) values (?1, ?2)", member).executeUpdate();
    }
    boolean isStored =
        !query("select node from presence_node" + MEMBER + " and node = ?3", member)
            .setParameter(3, node)
            .getResultList()
            .isEmpty();
    if (!isStored && insert(node, member) == 0) {
      throw new IllegalStateException("This node is not registered.");
    }
    if (isNew) {
      changed(member, true);
    }
  }

  private int insert(String node, Member member) {
    return query(
            "insert into presence_node (room, user_id, node)"
                + " select cast(?1 as varchar(32)), cast(?2 as varchar(255)), id"
                + " from node where id = ?3",
            member)
        .setParameter(3, node)
        .executeUpdate();
  }

  private void leave(String node, Member member) {
    if (!lock(member)) {
      return;
    }
    int ignored =
        query("delete from presence_node" + MEMBER + " and node = ?3", member)
            .setParameter(3, node)
            .executeUpdate();
    boolean isElsewhere =
        !query("select node from presence_node" + MEMBER, member).getResultList().isEmpty();
    if (!isElsewhere) {
      ignored = query("delete from presence" + MEMBER, member).executeUpdate();
      changed(member, false);
    }
  }

  /** Removes the rows of a lost node, in the transaction that removes the node. */
  @Transactional(TxType.MANDATORY)
  void remove(@Observes NodeLost lost) {
    List<?> locked =
        em.createNativeQuery(
                "select room, user_id from presence p where exists (select 1 from presence_node n"
                    + " where n.room = p.room and n.user_id = p.user_id and n.node = ?1)"
                    + " order by room, user_id for update")
            .setParameter(1, lost.nodeId())
            .getResultList();
    if (locked.isEmpty()) {
      return;
    }
    int ignored =
        em.createNativeQuery("delete from presence_node where node = ?1")
            .setParameter(1, lost.nodeId())
            .executeUpdate();
    List<?> left = em.createNativeQuery("select room, user_id" + ABSENT).getResultList();
    ignored = em.createNativeQuery("delete" + ABSENT).executeUpdate();
    for (Object row : left) {
      Object[] columns = (Object[]) row;
      changed(new Member((String) columns[0], (String) columns[1]), false);
    }
  }

  /**
   * Removes a user from all rooms.
   *
   * @return whether the user was in a room
   */
  @Transactional
  boolean erase(String user) {
    List<?> rooms =
        em.createNativeQuery(
                "select room from presence where user_id = ?1 order by room for update")
            .setParameter(1, user)
            .getResultList();
    for (String table : List.of("presence_node", "presence")) {
      int ignored =
          em.createNativeQuery("delete from " + table + " where user_id = ?1")
              .setParameter(1, user)
              .executeUpdate();
    }
    rooms.forEach(room -> changed(new Member((String) room, user), false));
    return !rooms.isEmpty();
  }

  private void changed(Member member, boolean joined) {
    changes.fire(new Change(member, names.of(member.user()), joined));
  }

  /** Locks the row of the user in the room. Returns false if the user is not in the room. */
  private boolean lock(Member member) {
    return !query("select room from presence" + MEMBER + " for update", member)
        .getResultList()
        .isEmpty();
  }

  private Query query(String sql, Member member) {
    return em.createNativeQuery(sql).setParameter(1, member.room()).setParameter(2, member.user());
  }
}
