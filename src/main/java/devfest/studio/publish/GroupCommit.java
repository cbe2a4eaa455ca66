package devfest.studio.publish;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotAuthorizedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Appends the events of concurrent requests in one transaction. The log's head serializes commits
 * anyway, so requests that would wait for each other share the next commit. Safe for use from many
 * threads.
 */
@ApplicationScoped
class GroupCommit {

  /** Bounds the duration of a commit, for which all other appends wait. */
  private static final int MAX_EVENTS = 1_000;

  private final Publisher publisher;
  private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();

  /**
   * Fair; otherwise the thread that has just committed would often lock it again, and commit only
   * its own events.
   */
  private final ReentrantLock turn = new ReentrantLock(true);

  @Inject
  GroupCommit(Publisher publisher) {
    this.publisher = publisher;
  }

  /** The events of one request, and their positions once they are committed. */
  private record Request(
      Caller publisher, List<Event> events, CompletableFuture<List<String>> positions) {}

  /**
   * Appends all events at consecutive positions, and returns once they are committed.
   *
   * @return the position of each event, as text
   * @throws NotAuthorizedException if the publisher's token was revoked meanwhile
   */
  List<String> append(Caller publisher, List<Event> events) {
    Request own = new Request(publisher, events, new CompletableFuture<>());
    waiting.add(own);
    turn.lock(); // another thread may have committed our events with its own
    try {
      while (!own.positions().isDone()) {
        commit(next());
      }
    } finally {
      turn.unlock();
    }
    try {
      return own.positions().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("The events could not be stored.", e.getCause());
    }
  }

  @GuardedBy("turn")
  private List<Request> next() {
    List<Request> group = new ArrayList<>();
    int size = 0;
    while (!waiting.isEmpty()
        && (group.isEmpty() || size + waiting.peek().events().size() <= MAX_EVENTS)) {
      Request request = waiting.remove();
      group.add(request);
      size += request.events().size();
    }
    return group;
  }

  /**
   * A failure applies to the whole group, because a commit may take effect although it reports a
   * failure. A revoked token fails before the commit, so the others of the group are committed one
   * by one.
   */
  @GuardedBy("turn")
  private void commit(List<Request> group) {
    try {
      List<LoggedEvent> logged =
          publisher.append(
              group.stream().map(Request::publisher).collect(Collectors.toSet()),
              group.stream().flatMap(request -> request.events().stream()).toList());
      int from = 0;
      for (Request request : group) {
        int to = from + request.events().size();
        boolean ignored =
            request
                .positions()
                .complete(
                    logged.subList(from, to).stream()
                        .map(event -> Long.toString(event.position()))
                        .toList());
        from = to;
      }
    } catch (Throwable e) { // catches everything, or the group would wait forever
      if (e instanceof NotAuthorizedException && group.size() > 1) {
        group.forEach(request -> commit(List.of(request)));
      } else {
        group.forEach(request -> request.positions().completeExceptionally(e));
      }
    }
  }
}
