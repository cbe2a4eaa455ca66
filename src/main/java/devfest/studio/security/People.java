package devfest.studio.security;

import static java.util.stream.Collectors.joining;

import devfest.studio.events.DisplayNames;
import devfest.studio.events.Pseudonyms;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import jakarta.ws.rs.NotAuthorizedException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The users who have made a request with a valid token. The studio has no other list of users,
 * because other systems issue the tokens. A name is the one that the last used token with a name
 * gave; other nodes may show the previous name for a minute. Thread-safe, also across nodes.
 */
@ApplicationScoped
@Transactional
public class People implements DisplayNames {

  private static final Logger LOG = System.getLogger(People.class.getName());

  /**
   * Limits the memory to a few megabytes; above it, the set is cleared and users are looked up
   * again.
   */
  private static final int MAX_REMEMBERED = 100_000;

  /** How long a node does not notice that another one has removed a user: one query per minute. */
  private static final long REMEMBERED_NANOS = Duration.ofMinutes(1).toNanos();

  private static final String ROW = "select user_id from person where user_id = ?1";

  private static final String NAMES = "select user_id, display_name from person where user_id in ";

  private static final String BY_PUBLIC_ID = "select user_id from person where public_id = ?1";

  /**
   * What was last found in the database, so that not every request needs a query.
   *
   * @param name the name that the user has given; null if none
   * @param at the time by {@link System#nanoTime()}
   */
  private record Memory(@Nullable String name, long at) {}

  private final Map<String, Memory> memories = new ConcurrentHashMap<>();

  private final EntityManager em;
  private final Store store;
  private final Pseudonyms pseudonyms;

  @Inject
  People(EntityManager em, Store store, Pseudonyms pseudonyms) {
    this.em = em;
    this.store = store;
    this.pseudonyms = pseudonyms;
  }

  /**
   * Whether the user is already recorded under the name of the token. False does not exclude it:
   * only memory is checked.
   */
  @Transactional(TxType.SUPPORTS)
  public boolean remembers(Caller caller) {
    return remembered(caller.user())
        .filter(memory -> caller.name() == null || caller.name().equals(memory.name()))
        .isPresent();
  }

  private Optional<Memory> remembered(String user) {
    return Optional.ofNullable(memories.get(user))
        .filter(memory -> System.nanoTime() - memory.at() < REMEMBERED_NANOS);
  }

  @Override
  public String of(String user) {
    return remembered(user)
        .or(() -> Optional.ofNullable(read(Set.of(user)).get(user)))
        .map(Memory::name)
        .orElseGet(() -> DisplayName.of(user, pseudonyms.of(user)));
  }

  @Override
  public void load(Collection<String> users) {
    Set<String> unknown = new HashSet<>(users);
    unknown.removeIf(user -> remembered(user).isPresent());
    var ignored = read(unknown);
  }

  /** Returns those of the users who are recorded, and remembers them. */
  private Map<String, Memory> read(Set<String> users) {
    Map<String, Memory> found = new HashMap<>();
    List<String> ids = List.copyOf(users);
    if (ids.isEmpty()) {
      return found;
    }
    String places =
        IntStream.rangeClosed(1, ids.size()).mapToObj(n -> "?" + n).collect(joining(", "));
    Query query = em.createNativeQuery(NAMES + '(' + places + ')');
    for (int i = 0; i < ids.size(); i++) {
      query.setParameter(i + 1, ids.get(i));
    }
    for (Object row : query.getResultList()) {
      @Nullable Object[] columns = (@Nullable Object[]) row;
      String user = (String) Objects.requireNonNull(columns[0]);
      found.put(user, new Memory((String) columns[1], System.nanoTime()));
    }
    if (memories.size() + found.size() > MAX_REMEMBERED) {
      memories.clear();
    }
    memories.putAll(found);
    return found;
  }

  /**
   * Records the user of a token.
   *
   * @throws NotAuthorizedException if the user is not recorded and the token is revoked
   * @throws RuntimeException if the database is not available or a concurrent call has inserted the
   *     user; the caller may ignore it, as the user's next request tries again
   */
  public void note(Caller caller) {
    if (!store.add(caller)) {
      var ignored = read(Set.of(caller.user()));
    }
  }

  /** Records a user to whom a token is issued. */
  public void note(String user) {
    boolean ignored = store.add(user, null);
  }

  /**
   * Locks the row of the caller's user until the end of the caller's transaction, and creates it if
   * it does not exist.
   *
   * @throws NotAuthorizedException if it does not exist and the token is revoked
   */
  @Transactional(TxType.MANDATORY)
  void lock(Caller caller) {
    if (!lock(caller.user())) {
      note(caller);
      boolean ignored = lock(caller.user());
    }
  }

  /** Locks the row of a user. Returns false if it does not exist. */
  @Transactional(TxType.MANDATORY)
  boolean lock(String user) {
    return !em.createNativeQuery(ROW + " for update")
        .setParameter(1, user)
        .getResultList()
        .isEmpty();
  }

  /**
   * Removes the user in the caller's transaction, which waits for those that have {@linkplain
   * Admission admitted} a request of the user.
   */
  @Transactional(TxType.MANDATORY)
  public void remove(String user) {
    lockNew(user);
    int ignored =
        em.createNativeQuery("delete from person where user_id = ?1")
            .setParameter(1, user)
            .executeUpdate();
    memories.remove(user);
  }

  /** Creates the row if it does not exist, because only a row can be locked. */
  private void lockNew(String user) {
    try {
      boolean ignored = store.add(user, null);
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "A concurrent request has created the row", e);
    }
    boolean ignored = lock(user);
  }

  /**
   * Returns the user with this user id, or else with this public id, who has ever made a request,
   * on any node, and was not erased since.
   */
  public Optional<String> find(String id) {
    return select(ROW, id).or(() -> select(BY_PUBLIC_ID, id));
  }

  private Optional<String> select(String query, String id) {
    List<?> found = em.createNativeQuery(query).setParameter(1, id).getResultList();
    return found.stream().map(String.class::cast).findFirst();
  }

  /** The rows. Each change has its own transaction. */
  @ApplicationScoped
  @Transactional(TxType.REQUIRES_NEW)
  static class Store {

    private final EntityManager em;
    private final Revocations revocations;
    private final Pseudonyms pseudonyms;

    @Inject
    Store(EntityManager em, Revocations revocations, Pseudonyms pseudonyms) {
      this.em = em;
      this.revocations = revocations;
      this.pseudonyms = pseudonyms;
    }

    /**
     * Inserts the user of a token, unless the token is revoked. The check is made after the insert:
     * an erasure revokes the tokens, and then waits for the row and deletes it.
     *
     * @return false if the user exists
     * @throws NotAuthorizedException if the token is revoked; the insert is rolled back
     */
    boolean add(Caller caller) {
      boolean added = add(caller.user(), caller.name());
      if (added && revocations.covers(caller)) {
        throw Tokens.invalid();
      }
      return added;
    }

    /**
     * Inserts the user, or else replaces the name.
     *
     * @param name null if it is unknown
     * @return false if the user exists
     */
    boolean add(String user, @Nullable String name) {
      String publicId = pseudonyms.of(user);
      @Nullable String stored = publicId.equals(user) ? null : publicId;
      if (!em.createNativeQuery(ROW).setParameter(1, user).getResultList().isEmpty()) {
        complete(user, stored);
        rename(user, name);
        return false;
      }
      int ignored =
          em.createNativeQuery(
                  "insert into person (user_id, public_id, display_name) values (?1, ?2, ?3)")
              .setParameter(1, user)
              .setParameter(2, stored)
              .setParameter(3, name)
              .executeUpdate();
      return true;
    }

    private void rename(String user, @Nullable String name) {
      if (name != null) {
        int ignored =
            em.createNativeQuery(
                    "update person set display_name = ?1 where user_id = ?2"
                        + " and (display_name is null or display_name <> ?1)")
                .setParameter(1, name)
                .setParameter(2, user)
                .executeUpdate();
      }
    }

    /** Adds the public id to a row of the previous version. */
    private void complete(String user, @Nullable String publicId) {
      if (publicId != null) {
        int ignored =
            em.createNativeQuery(
                    "update person set public_id = ?1 where user_id = ?2 and public_id is null")
                .setParameter(1, publicId)
                .setParameter(2, user)
                .executeUpdate();
      }
    }
  }
}
