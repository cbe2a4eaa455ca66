package devfest.studio.hub;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shares a few threads fairly among many callers. Each key has its own queue, and the keys take
 * turns: a caller with a hundred tasks delays another's single task by one task, not by a hundred.
 * Safe for use from many threads.
 */
public final class Turns {

  private static final Logger LOG = System.getLogger(Turns.class.getName());

  private final Executor threads;
  private final int atOnce;

  /** The tasks of each key that has any, in the order of the keys' turns. */
  @GuardedBy("this")
  private final Map<String, Queue<Runnable>> waiting = new LinkedHashMap<>();

  @GuardedBy("this")
  private int running;

  /**
   * @param threads runs the tasks, which may block
   * @param atOnce how many tasks run at the same time
   */
  public Turns(Executor threads, int atOnce) {
    this.threads = threads;
    this.atOnce = atOnce;
  }

  /** Runs the task when it is the key's turn. A task that throws ends nothing but itself. */
  public void run(String key, Runnable task) {
    synchronized (this) {
      waiting.computeIfAbsent(key, k -> new ArrayDeque<>(1)).add(task);
      if (running == atOnce) {
        return;
      }
      running++;
    }
    try {
      threads.execute(this::work);
    } catch (RejectedExecutionException e) {
      synchronized (this) {
        running--;
      }
      throw e;
    }
  }

  /** Waits for the key's turn and for the task. What the task throws is thrown here. */
  public <T> T call(String key, Supplier<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    run(
        key,
        () -> {
          try {
            result.complete(task.get());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw e;
    }
  }

  private void work() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (Throwable e) { // a thread that is lost here would never be replaced
        LOG.log(Level.WARNING, "A task failed", e);
      }
    }
  }

  /**
   * The task whose turn it is; its key goes to the end of the line. Null ends the thread's work.
   */
  private synchronized @Nullable Runnable next() {
    Iterator<Map.Entry<String, Queue<Runnable>>> first = waiting.entrySet().iterator();
    if (!first.hasNext()) {
      running--;
      return null;
    }
    Map.Entry<String, Queue<Runnable>> turn = first.next();
    String key = turn.getKey();
    Queue<Runnable> tasks = turn.getValue();
    first.remove();
    Runnable task = tasks.remove();
    if (!tasks.isEmpty()) {
      waiting.put(key, tasks);
    }
    return task;
  }
}
