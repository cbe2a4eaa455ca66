package devfest.studio.feeds.posts;

import devfest.studio.base.Missing;
import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.feed.Scope;
import devfest.studio.feed.Tally;
import devfest.studio.http.Cursor;
import devfest.studio.log.EventLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All posts. Each method is one short transaction. Safe for use from many threads and nodes. */
@ApplicationScoped
@Transactional
class Posts {

  static final String CHANNEL = "posts";

  /** Longer than one try at publishing takes. */
  static final Duration LEASE = Duration.ofSeconds(40);

  /** How often publishing is tried; each time four times later. */
  static final int ATTEMPTS = 4;

  private static final int BATCH = 50;

  @Inject private EntityManager em;
  @Inject private EventLog log;
  @Inject private Tally tally;
  @Inject private Clock clock;
  @Inject private Jsonb json;

  Post create(String userId, String title, String body, String deliveryId) {
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

  /** What is to be published now, oldest first. */
  List<String> due() {
    return em.createQuery(
            "select p.id from Post p where p.status = :scheduled and p.dueAt <= :now"
                + " and (p.claimedTill is null or p.claimedTill < :now) order by p.dueAt",
            String.class)
        .setParameter("scheduled", Post.Status.SCHEDULED)
        .setParameter("now", clock.instant())
        .setMaxResults(BATCH)
        .getResultList();
  }

  /** A post that one publisher alone may publish, for as long as its lease. */
  record Claimed(Post post, String claim) {}

  /** Empty when somebody else was faster, or it is due no more. */
  Optional<Claimed> claim(String id) {
    String claim = UUID.randomUUID().toString();
    return lock(id)
        .filter(post -> post.claim(claim, clock.instant(), LEASE))
        .map(post -> new Claimed(post, claim));
  }

  void published(Claimed claimed) {
    end(claimed, post -> post.publish(clock.instant()), "post.published");
  }

  void failed(Claimed claimed, String reason) {
    end(claimed, post -> post.fail(reason, clock.instant()), "post.failed");
  }

  /** Tries again later, or fails after the last attempt. */
  void tryLater(Claimed claimed, String reason) {
    if (claimed.post().attempts() >= ATTEMPTS) {
      failed(claimed, reason);
      return;
    }
    Duration delay = Duration.ofSeconds(1L << (2 * (claimed.post().attempts() - 1)));
    lock(claimed.post().id())
        .filter(post -> post.heldBy(claimed.claim()))
        .ifPresent(post -> post.postpone(delay, clock.instant()));
  }

  private void end(Claimed claimed, Consumer<Post> change, String event) {
    lock(claimed.post().id())
        .filter(post -> post.heldBy(claimed.claim()))
        .ifPresent(
            post -> {
              Post.Status before = post.status();
              change.accept(post);
              moved(post, before, event);
            });
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
  List<Post> newest(Scope.Owned scope, Post.Status status, Cursor after, int limit) {
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
      String whose, Post.Status status, Cursor after, int limit, Map<String, Object> values) {
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
