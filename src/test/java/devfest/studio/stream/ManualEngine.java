package devfest.studio.stream;

import devfest.studio.hub.Hub;
import devfest.studio.tracing.Tracing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Runs delayed tasks when the test advances its time. For one thread. */
public final class ManualEngine extends StreamEngine {

  private record Task(long at, Runnable work) {}

  private final Queue<Task> tasks = new ArrayDeque<>();
  private long now;

  private final Hub hub;

  public ManualEngine() {
    this(null);
  }

  ManualEngine(Hub hub) {
    super(null, null, null, null, null, null, Tracing.off(), null);
    this.hub = hub;
  }

  @Override
  Hub hub() {
    return hub;
  }

  @Override
  public void later(long nanos, Runnable task) {
    tasks.add(new Task(now + nanos, task));
  }

  @Override
  public void delivered(int frames) {
    // no hub counts them
  }

  /** Runs what is due by then, and what that schedules for then. */
  public void advance(Duration time) {
    now += time.toNanos();
    List<Task> due = due();
    while (!due.isEmpty()) {
      due.forEach(task -> task.work().run());
      due = due();
    }
  }

  private List<Task> due() {
    List<Task> due = new ArrayList<>(tasks);
    due.removeIf(task -> task.at() > now);
    tasks.removeAll(due);
    return due;
  }
}
