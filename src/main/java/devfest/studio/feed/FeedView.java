package devfest.studio.feed;

import static java.util.stream.Collectors.toSet;

import devfest.studio.feed.Feed.Message;
import devfest.studio.hub.Subscription;
import devfest.studio.security.Caller;
import devfest.studio.sse.Sink;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A feed and a scope, with the feed's optional abilities. Views of the same feed with equal scopes
 * are equal; feeds are compared by class, because one bean may have several proxies.
 */
record FeedView<S extends Scope>(Feed<S> feed, S scope) {

  /** The caller's view of the feed; empty if the caller may not follow it. */
  static <S extends Scope> Optional<FeedView<S>> of(Feed<S> feed, Caller caller) {
    return feed.scope(caller).map(scope -> new FeedView<>(feed, scope));
  }

  /** The caller's view of one thing; empty if it does not exist or the caller may not follow it. */
  static <S extends Scope> Optional<FeedView<S>> of(PerId<S> feed, String id, Caller caller) {
    return feed.scope(caller, id).map(scope -> new FeedView<>(feed, scope));
  }

  boolean isOf(Feed<?> other) {
    return feed.getClass().equals(other.getClass());
  }

  /** Whether its state includes items, which must be sent before the state. */
  boolean hasItems() {
    return feed instanceof Items;
  }

  StateFeed.Snapshot snapshot() {
    return feed instanceof StateFeed<S> state
        ? state.snapshot(scope)
        : new StateFeed.Snapshot(List.of(), null);
  }

  List<Message> state() {
    return feed instanceof StateFeed<S> state ? state.state(scope) : List.of();
  }

  List<Message> recent() {
    return feed instanceof LogFeed<S> log ? log.recent(scope) : List.of();
  }

  Optional<Duration> pulse() {
    return feed instanceof Pulse<S> pulse ? Optional.of(pulse.pulse(scope)) : Optional.empty();
  }

  Optional<String> end() {
    return feed instanceof Ending<S> ending ? ending.end(scope) : Optional.empty();
  }

  /**
   * The messages of a snapshot that are sent first: all of them, unless the feed has ended. In that
   * case the final state follows with its id, and its messages are omitted here.
   */
  List<Message> greeting(StateFeed.Snapshot snapshot) {
    if (end().isEmpty()) {
      return snapshot.messages();
    }
    Set<String> repeated = state().stream().map(Message::name).collect(toSet());
    return snapshot.messages().stream().filter(each -> !repeated.contains(each.name())).toList();
  }

  /**
   * Notifies the feed that the caller follows it, and when the sink ends.
   *
   * @param subscription of the connection
   */
  void attend(Caller caller, Sink sink, Subscription subscription) {
    if (feed instanceof Attended<S> attended) {
      subscription.probe(true);
      attended.joined(caller, scope);
      sink.ended()
          .whenComplete(
              (none, fault) -> {
                attended.left(caller, scope);
                subscription.probe(false);
              });
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FeedView<?> view && isOf(view.feed) && scope.equals(view.scope);
  }

  @Override
  public int hashCode() {
    return Objects.hash(feed.getClass(), scope);
  }
}
