package devfest.studio.users;

import devfest.studio.events.DisplayNames;
import devfest.studio.personal.Holding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The users who have anything in the studio. Safe for use from many threads. */
@ApplicationScoped
@Transactional
class Directory {

  /**
   * The next user who has signed in, or who owns an event, because publishers may name others. Each
   * part reads one entry of an index. The database sorts, so all rows have the same order.
   */
  private static final String NEXT =
      "select u.user_id from ("
          + "(select user_id from person where user_id > ?1 order by user_id"
          + " fetch first 1 rows only)"
          + " union all (select user_id from event_log where user_id > ?1 order by user_id"
          + " fetch first 1 rows only)"
          + ") u order by u.user_id fetch first 1 rows only";

  private static final String FOUND =
      "select user_id from person where user_id > ?1 and (lower(user_id) like ?2 escape '!'"
          + " or lower(display_name) like ?2 escape '!')"
          + " order by user_id fetch first ?3 rows only";

  private final EntityManager em;
  private final DisplayNames names;
  private final List<Holding> holdings;

  @Inject
  Directory(EntityManager em, DisplayNames names, @Any Instance<Holding> holdings) {
    this(em, names, holdings.stream());
  }

  Directory(EntityManager em, DisplayNames names, Stream<Holding> holdings) {
    this.em = em;
    this.names = names;
    this.holdings = holdings.toList();
  }

  /**
   * A user, with the numbers of things that the studio holds, without zeros.
   *
   * @param name the name that others see
   * @param counts by the name of the holding, for example {@code photos}
   */
  record Entry(String user, String name, Map<String, Long> counts) {}

  /** Returns users after another one, in the order of the database. */
  List<Entry> after(String user, int limit) {
    List<String> users = new ArrayList<>();
    Optional<String> next = next(user);
    while (next.isPresent() && users.size() < limit) {
      users.add(next.get());
      next = next(next.get());
    }
    return entries(users);
  }

  /**
   * Returns users who have signed in, and whose user id or name contains a text, whatever the case.
   */
  List<Entry> find(String text, String after, int limit) {
    List<?> users =
        em.createNativeQuery(FOUND)
            .setParameter(1, after)
            .setParameter(2, '%' + text.toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + '%')
            .setParameter(3, limit)
            .getResultList();
    return entries(users.stream().map(String.class::cast).toList());
  }

  /** Returns those of the users of whom the studio holds anything. */
  List<Entry> of(Collection<String> users) {
    return entries(users.stream().distinct().filter(this::has).sorted().toList());
  }

  private Optional<String> next(String after) {
    List<?> rows = em.createNativeQuery(NEXT).setParameter(1, after).getResultList();
    return rows.stream().map(row -> (String) row).findFirst();
  }

  /** Whether the user has signed in, or the studio holds anything of the user. */
  boolean has(String user) {
    return !em.createNativeQuery("select user_id from person where user_id = ?1")
            .setParameter(1, user)
            .getResultList()
            .isEmpty()
        || !entries(List.of(user)).get(0).counts().isEmpty();
  }

  private List<Entry> entries(List<String> users) {
    names.load(users);
    List<Entry> entries =
        users.stream().map(user -> new Entry(user, names.of(user), new TreeMap<>())).toList();
    if (!users.isEmpty()) {
      for (Holding holding : holdings) {
        Map<String, Long> counts = holding.counts(users);
        for (Entry entry : entries) {
          @Nullable Long count = counts.get(entry.user());
          if (count != null) {
            entry.counts().put(holding.name(), count);
          }
        }
      }
    }
    return entries;
  }
}
