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

/**
 * Gathers what concurrent requests publish into one transaction. The database writes one commit
 * after the other anyway; so those who would wait for one another share the next.
 */
@ApplicationScoped
class GroupCommit {

  private static final int MAX_EVENTS = 1_000;

  private final Publisher publisher;
  private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();

  /** Fair: otherwise whoever has just committed comes first again, and commits for itself alone. */
  private final ReentrantLock turn = new ReentrantLock(true);

  @Inject
  GroupCommit(Publisher publisher) {
    this.publisher = publisher;
  }

  protected GroupCommit() {
    this(null);
  }

  /** What one caller wants appended, and what became of it; guarded by the turn. */
  private static final class Request {
    private final List<Event> events;
    private List<String> positions;
    private Throwable failure;

    Request(List<Event> events) {
      this.events = events;
    }

    boolean isDone() {
      return positions != null || failure != null;
    }
  }

  /**
   * When this returns, the events are in the log for good: all of them, one right after the other.
   *
   * @return the position of each, as text
   */
  List<String> append(List<Event> events) {
    Request mine = new Request(events);
    waiting.add(mine);
    turn.lock(); // whoever had it before may have done ours along with its own
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
    if (mine.failure != null) {
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

  /** A failure is everybody's: whether a commit that failed took place is not always known. */
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
    } catch (Throwable e) { // whatever it is: none of the group may wait for ever
      group.forEach(request -> request.failure = e);
    }
  }
}
