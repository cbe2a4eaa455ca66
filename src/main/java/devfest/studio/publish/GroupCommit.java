package devfest.studio.publish;

import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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

  /** The events of one request, and the result; guarded by {@code turn}. */
  private static final class Request {
    private final List<Event> events;
    private @Nullable List<String> positions;
    private @Nullable Throwable failure;

    Request(List<Event> events) {
      this.events = events;
    }

    boolean isDone() {
      return positions != null || failure != null;
    }
  }

  /**
   * Appends all events at consecutive positions, and returns once they are committed.
   *
   * @return the position of each event, as text
   */
  List<String> append(List<Event> events) {
    Request own = new Request(events);
    waiting.add(own);
    turn.lock(); // another thread may have committed our events with its own
    try {
      while (!own.isDone()) {
        commit(next());
      }
    } finally {
      turn.unlock();
    }
    if (own.failure instanceof RuntimeException failure) {
      throw failure;
    }
    if (own.positions == null) {
      throw new IllegalStateException("The events could not be stored.", own.failure);
    }
    return own.positions;
  }

  private List<Request> next() {
    List<Request> group = new ArrayList<>();
    int size = 0;
    while (!waiting.isEmpty()
        && (group.isEmpty() || size + waiting.peek().events.size() <= MAX_EVENTS)) {
      Request request = waiting.remove();
      group.add(request);
      size += request.events.size();
    }
    return group;
  }

  /**
   * A failure applies to the whole group, because a commit may take effect although it reports a
   * failure.
   */
  private void commit(List<Request> group) {
    try {
      List<LoggedEvent> logged =
          publisher.append(group.stream().flatMap(request -> request.events.stream()).toList());
      int from = 0;
      for (Request request : group) {
        int to = from + request.events.size();
        request.positions =
            logged.subList(from, to).stream()
                .map(event -> Long.toString(event.position()))
                .toList();
        from = to;
      }
    } catch (Throwable e) { // catches everything, or the group would wait forever
      group.forEach(request -> request.failure = e);
    }
  }
}
