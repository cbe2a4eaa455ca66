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
 * turns: a caller with a hundred tasks delays the task of another caller by one task, not by a
 * hundred. Safe for use from many threads.
 */
public final class Turns {

  private static final Logger LOG = System.getLogger(Turns.class.getName());

  private final Executor threads;
  private final int parallelism;

  /** The non-empty queues, in the order of their keys' turns. */
  private final Map<String, Queue<Runnable>> waiting = new LinkedHashMap<>();

  @GuardedBy("this")
  private int running;

  /**
   * @param threads runs the tasks, which may block
   * @param parallelism maximum number of tasks that run at the same time
   */
  public Turns(Executor threads, int parallelism) {
    this.threads = threads;
    this.parallelism = parallelism;
  }

  /** Runs the task when it is the key's turn. An exception of the task is logged. */
  public void run(String key, Runnable task) {
    synchronized (this) {
      waiting.computeIfAbsent(key, k -> new ArrayDeque<>(1)).add(task);
      if (running == parallelism) {
        return;
      }
      running++;
    }
    try {
      threads.execute(this::runTasks);
    } catch (RejectedExecutionException e) {
      synchronized (this) {
        running--;
      }
      throw e;
    }
  }

  /**
   * Runs the task when it is the key's turn and waits for its result.
   *
   * @throws RuntimeException the exception that the task threw
   */
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

  private void runTasks() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (Throwable e) { // the thread must survive, as nothing replaces it
        LOG.log(Level.WARNING, "A task failed", e);
      }
    }
  }

  /**
   * Removes and returns the task whose turn it is, and moves its key to the end of the queue. Null
   * if no task is left, which stops the thread.
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
