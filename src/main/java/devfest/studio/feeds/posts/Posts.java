package devfest.studio.feeds.posts;

import devfest.studio.base.Missing;
import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.feed.Scope;
import devfest.studio.feed.Tally;
import devfest.studio.http.Cursor;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Work;
import devfest.studio.log.EventLog;
import jakarta.enterprise.context.ApplicationScoped;
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

/** All posts. Each method is one short transaction. Safe for use from many threads and nodes. */
@ApplicationScoped
@Transactional
class Posts {

  static final String CHANNEL = "posts";

  private final EntityManager em;
  private final EventLog log;
  private final Tally tally;
  private final Leases leases;
  private final Clock clock;
  private final Jsonb json;

  @Inject
  Posts(EntityManager em, EventLog log, Tally tally, Leases leases, Clock clock, Jsonb json) {
    this.em = em;
    this.log = log;
    this.tally = tally;
    this.leases = leases;
    this.clock = clock;
    this.json = json;
  }

  Post create(@Nullable String userId, String title, String body, @Nullable String deliveryId) {
    Post post = new Post(userId, title, body, deliveryId, clock.instant());
    em.persist(post);
    tally.add(userId, Map.of(name(Post.Status.DRAFT), 1));
    log.append(event("post.created", post));
    return post;
  }

  Optional<Post> find(String id) {
    return Optional.ofNullable(em.find(Post.class, id));
  }

  /**
   * @throws Missing when it is gone, or whatever the change throws
   */
  Post change(String id, Consumer<Post> change) {
    Post post = lock(id).orElseThrow(() -> new Missing("post"));
    Post.Status before = post.status();
    change.accept(post);
    moved(post, before, "post.updated");
    if (post.isOpen()) {
      leases.added(Post.class);
    }
    return post;
  }

  void delete(String id) {
    Post post = lock(id).orElseThrow(() -> new Missing("post"));
    if (post.isClaimed(clock.instant())) {
      throw new PostClaimed("It is being published; delete it when that has ended");
    }
    em.remove(post);
    tally.add(post.userId(), Map.of(name(post.status()), -1));
    log.append(event("post.deleted", post));
  }

  /**
   * @throws Attempt.StoppedException when the post is no longer the worker's
   */
  void published(Work<Post> work, Attempt attempt) {
    Post post = leases.held(work, attempt).orElseThrow(attempt::lost);
    Post.Status before = post.status();
    post.publish(clock.instant());
    moved(post, before, "post.published");
  }

  /** In the transaction that decides so. */
  void failed(Post post, String reason) {
    Post.Status before = post.status();
    post.fail(reason, clock.instant());
    moved(post, before, "post.failed");
  }

  private void moved(Post post, Post.Status before, String event) {
    if (post.status() != before) {
      tally.add(post.userId(), Map.of(name(before), -1, name(post.status()), 1));
    }
    log.append(event(event, post));
  }

  private Optional<Post> lock(String id) {
    return Optional.ofNullable(em.find(Post.class, id, LockModeType.PESSIMISTIC_WRITE));
  }

  /** What is published is public; the rest is its owner's, or of everybody with a token. */
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

  /** The newest within the scope, after the cursor; of one status, or of all with null. */
  List<Post> newest(Scope.Owned scope, Post.@Nullable Status status, Cursor after, int limit) {
    if (!(scope instanceof Scope.Own own)) {
      return newest("", status, after, limit, Map.of());
    }
    // Each of the two follows an index; asked for together, neither would.
    return Stream.concat(
            newest("p.userId = :user and ", status, after, limit, Map.of("user", own.user()))
                .stream(),
            newest("p.userId is null and ", status, after, limit, Map.of()).stream())
        .sorted(Comparator.comparing(Post::createdAt).thenComparing(Post::id).reversed())
        .limit(limit)
        .toList();
  }

  private List<Post> newest(
      String whose,
      Post.@Nullable Status status,
      Cursor after,
      int limit,
      Map<String, Object> values) {
    // What is equal anyway stands in the order too, or H2 sorts all there is.
    String order =
        (whose.isEmpty() ? "" : "p.userId desc, ") + (status == null ? "" : "p.status desc, ");
    TypedQuery<Post> query =
        em.createQuery(
                "select p from Post p where "
                    + whose
                    + (status == null ? "" : "p.status = :status and ")
                    + "(p.createdAt < :at or (p.createdAt = :at and p.id < :id)) order by "
                    + order
                    + "p.createdAt desc, p.id desc",
                Post.class)
            .setParameter("at", after.at())
            .setParameter("id", after.id());
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
