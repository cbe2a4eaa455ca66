package devfest.studio.feeds.posts;

import devfest.studio.base.Missing;
import devfest.studio.events.Event;
import devfest.studio.events.ReservedTypes;
import devfest.studio.events.Visibility;
import devfest.studio.feed.Scope;
import devfest.studio.feed.Tally;
import devfest.studio.http.Cursor;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Work;
import devfest.studio.log.EventLog;
import devfest.studio.personal.Rows;
import devfest.studio.security.Admission;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stores posts and appends their events. Each method runs in one short transaction or joins the
 * caller's. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
class Posts {

  static final String CHANNEL = "posts";

  @Produces static final ReservedTypes TYPES = ReservedTypes.of("post.*");

  /** Posts per user that are not published; bounds what hooks can create without end. */
  private static final int MAX_OPEN = 1_000;

  private final EntityManager em;
  private final EventLog log;
  private final Tally tally;
  private final Leases leases;
  private final Admission admission;
  private final Clock clock;
  private final Jsonb json;

  @Inject
  Posts(
      EntityManager em,
      EventLog log,
      Tally tally,
      Leases leases,
      Admission admission,
      Clock clock,
      Jsonb json) {
    this.em = em;
    this.log = log;
    this.tally = tally;
    this.leases = leases;
    this.admission = admission;
    this.clock = clock;
    this.json = json;
  }

  /**
   * Creates a draft.
   *
   * @param userId the owner; null for the organisers, who have no limit
   * @throws TooManyPosts if the owner has reached the limit
   */
  Post create(@Nullable String userId, String title, String body, @Nullable String deliveryId) {
    admission.admit();
    if (userId != null) {
      checkLimit(userId);
    }
    Post post = new Post(userId, title, body, deliveryId, clock.instant());
    em.persist(post);
    tally.add(userId, Map.of(name(Post.Status.DRAFT), 1));
    log.append(event("post.created", post));
    return post;
  }

  private void checkLimit(String userId) {
    long open =
        em.createQuery(
                "select count(p) from Post p where p.userId = :user and p.status <> :published",
                Long.class)
            .setParameter("user", userId)
            .setParameter("published", Post.Status.PUBLISHED)
            .getSingleResult();
    if (open >= MAX_OPEN) {
      throw new TooManyPosts(MAX_OPEN);
    }
  }

  Optional<Post> find(String id) {
    return Optional.ofNullable(em.find(Post.class, id));
  }

  /**
   * Changes a post and appends {@code post.updated}. Exceptions of the change are passed on.
   *
   * @throws Missing if the post does not exist
   */
  Post change(String id, Consumer<Post> change) {
    Post post = lock(id).orElseThrow(() -> new Missing("post"));
    Post.Status before = post.status();
    change.accept(post);
    record(post, before, "post.updated");
    if (post.isOpen()) {
      leases.added(Post.class);
    }
    return post;
  }

  void delete(String id) {
    Post post = lock(id).orElseThrow(() -> new Missing("post"));
    if (post.isClaimed(clock.instant())) {
      throw new PostClaimed("The post is being published. Delete it afterwards.");
    }
    em.remove(post);
    tally.add(post.userId(), Map.of(name(post.status()), -1));
    log.append(event("post.deleted", post));
  }

  /**
   * Marks a post as published.
   *
   * @throws Attempt.StoppedException if the attempt has lost its claim
   */
  void published(Work<Post> work, Attempt attempt) {
    Post post = leases.lockClaimed(work, attempt).orElseThrow(attempt::lost);
    Post.Status before = post.status();
    post.publish(clock.instant());
    record(post, before, "post.published");
  }

  /** Marks a post as failed, in the transaction that ends the claim. */
  void failed(Post post, String reason) {
    Post.Status before = post.status();
    post.fail(reason, clock.instant());
    record(post, before, "post.failed");
  }

  private void record(Post post, Post.Status before, String event) {
    if (post.status() != before) {
      tally.add(post.userId(), Map.of(name(before), -1, name(post.status()), 1));
    }
    log.append(event(event, post));
  }

  private Optional<Post> lock(String id) {
    return Optional.ofNullable(em.find(Post.class, id, LockModeType.PESSIMISTIC_WRITE));
  }

  /**
   * Publication is a public event. Other events are visible to the owner, or to all callers with a
   * token for posts of the organisers.
   */
  private Event event(String type, Post post) {
    Visibility otherwise = post.userId() == null ? Visibility.SHARED : Visibility.PRIVATE;
    return Event.of(type)
        .visibility(type.equals("post.published") ? Visibility.PUBLIC : otherwise)
        .userId(post.userId())
        .channel(CHANNEL)
        .data(json.toJson(post.view()))
        .build();
  }

  static String name(Post.Status status) {
    return "posts." + status;
  }

  long count(Scope.Owned scope, Post.Status status) {
    return tally.total(name(status), scope);
  }

  /**
   * Returns posts in the scope after the cursor, newest first.
   *
   * @param status the status of the posts; null for any
   */
  List<Post> newest(Scope.Owned scope, Post.@Nullable Status status, Cursor after, int limit) {
    if (!(scope instanceof Scope.Own own)) {
      return newest("", status, after, limit, Map.of());
    }
    // Each of the two queries uses an index; a single query with "or" would not.
    return Stream.concat(
            newest("p.userId = :user and ", status, after, limit, Map.of("user", own.user()))
                .stream(),
            newest("p.userId is null and ", status, after, limit, Map.of()).stream())
        .sorted(Comparator.comparing(Post::createdAt).thenComparing(Post::id).reversed())
        .limit(limit)
        .toList();
  }

  /** Returns the user's own posts after the cursor, newest first. */
  List<Post> of(String user, Cursor after, int limit) {
    return newest("p.userId = :user and ", null, after, limit, Map.of("user", user));
  }

  /**
   * Deletes posts of the user, and stops their publication. What an outlet has received remains
   * there.
   *
   * @return the number of deleted posts
   */
  int delete(String user, int limit) {
    List<Post> found = Rows.locked(em, Post.class, "userId", user, limit);
    found.forEach(em::remove);
    found.forEach(leases::ended);
    return found.size();
  }

  private List<Post> newest(
      String ownerCondition,
      Post.@Nullable Status status,
      Cursor after,
      int limit,
      Map<String, Object> values) {
    // The order includes the columns that are fixed by the condition; without them H2 does not use
    // the index and sorts all rows.
    String order =
        (ownerCondition.isEmpty() ? "" : "p.userId desc, ")
            + (status == null ? "" : "p.status desc, ");
    TypedQuery<Post> query =
        after.bind(
            em.createQuery(
                "select p from Post p where "
                    + ownerCondition
                    + (status == null ? "" : "p.status = :status and ")
                    + Cursor.condition("p.createdAt", "p.id")
                    + " order by "
                    + order
                    + "p.createdAt desc, p.id desc",
                Post.class));
    if (status != null) {
      query.setParameter("status", status);
    }
    values.forEach(query::setParameter);
    return query.setHint("eclipselink.read-only", true).setMaxResults(limit).getResultList();
  }

  Instant now() {
    return clock.instant();
  }
}
