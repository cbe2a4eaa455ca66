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
 * Appends the events of concurrent requests in one transaction. The database writes one commit
 * after the other anyway, so requests that would wait for one another share the next commit. Safe
 * for use from many threads.
 */
@ApplicationScoped
class GroupCommit {

  private static final int MAX_EVENTS = 1_000;

  private final Publisher publisher;
  private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();

  /** Fair, or the thread that has just committed gets the turn again, and commits its own alone. */
  private final ReentrantLock turn = new ReentrantLock(true);

  @Inject
  GroupCommit(Publisher publisher) {
    this.publisher = publisher;
  }

  /** The events of one request, and the result; guarded by the turn. */
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
   * Appends all events in a row. When this returns, they are committed.
   *
   * @return the position of each, as text
   */
  List<String> append(List<Event> events) {
    Request mine = new Request(events);
    waiting.add(mine);
    turn.lock(); // the thread before may have committed ours along with its own
    try {
      while (!mine.isDone()) {
        commit(next());
      }
    } finally {
      turn.unlock();
    }
    if (mine.failure instanceof RuntimeException refused) {
      throw refused;
    }
    if (mine.positions == null) {
      throw new IllegalStateException("The events could not be stored", mine.failure);
    }
    return mine.positions;
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
   * A failure is that of the whole group: whether a failed commit took place is not always known.
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
    } catch (Throwable e) { // of any kind, or the group would wait for ever
      group.forEach(request -> request.failure = e);
    }
  }
}
