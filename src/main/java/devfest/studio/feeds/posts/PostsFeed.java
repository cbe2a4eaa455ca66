package devfest.studio.feeds.posts;

import devfest.studio.events.Event;
import devfest.studio.feed.Scope;
import devfest.studio.feed.StateFeed;
import devfest.studio.http.Cursor;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** The number of posts per status and the newest posts of each status. */
@ApplicationScoped
class PostsFeed implements StateFeed<Scope.Owned> {

  /** Per status; fills a column of the dashboard. */
  private static final int NEWEST = 50;

  /** The statuses by their names in the feed. */
  private static final Map<String, Post.Status> STATUSES = new LinkedHashMap<>();

  static {
    STATUSES.put("drafts", Post.Status.DRAFT);
    STATUSES.put("ready", Post.Status.READY);
    STATUSES.put("scheduled", Post.Status.SCHEDULED);
    STATUSES.put("published", Post.Status.PUBLISHED);
    STATUSES.put("failed", Post.Status.FAILED);
  }

  /** The data of a frame with the number of posts per status. */
  public record Stats(String type, Map<String, Long> stats) {}

  /** The data of a frame with the newest posts per status. */
  public record Lists(String type, Map<String, List<Post.View>> postsByStatus) {}

  private final Posts posts;

  @Inject
  PostsFeed(Posts posts) {
    this.posts = posts;
  }

  @Override
  public String channel() {
    return Posts.CHANNEL;
  }

  @Override
  public Optional<Scope.Owned> scope(Caller caller) {
    return Scope.owned(caller);
  }

  @Override
  public Snapshot snapshot(Scope.Owned scope) {
    return Snapshot.of(stats("stats", scope), lists("posts-by-status", scope));
  }

  @Override
  public List<Message> state(Scope.Owned scope) {
    return List.of(stats("stats-update", scope), lists("posts-update", scope));
  }

  private Message stats(String name, Scope.Owned scope) {
    return new Message(name, new Stats(name, each(status -> posts.count(scope, status))));
  }

  private Message lists(String name, Scope.Owned scope) {
    return new Message(
        name,
        new Lists(
            name,
            each(
                status ->
                    posts.newest(scope, status, Cursor.START, NEWEST).stream()
                        .map(Post::view)
                        .toList())));
  }

  private static <T> Map<String, T> each(Function<Post.Status, T> value) {
    Map<String, T> all = new LinkedHashMap<>();
    STATUSES.forEach((name, status) -> all.put(name, value.apply(status)));
    return all;
  }

  @Override
  public Optional<Predicate<Scope>> changes(Event event) {
    return event.channel().equals(Posts.CHANNEL)
        ? Optional.of(scope -> scope.shows(event.userId()))
        : Optional.empty();
  }
}
