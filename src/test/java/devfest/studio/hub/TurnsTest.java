package devfest.studio.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private final Queue<Runnable> thread = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();

  private void runAll() {
    for (Runnable next = thread.poll(); next != null; next = thread.poll()) {
      next.run();
    }
  }

  @Test
  void aKeyWithManyTasksDelaysAnotherKeyByOneTask() {
    Turns turns = new Turns(thread::add, 1);
    for (String task : List.of("a1", "a2", "a3", "a4")) {
      turns.run("a", () -> done.add(task));
    }
    turns.run("b", () -> done.add("b1"));
    turns.run("c", () -> done.add("c1"));
    turns.run("b", () -> done.add("b2"));
    runAll();
    assertEquals(List.of("a1", "b1", "c1", "a2", "b2", "a3", "a4"), done);
  }

  @Test
  void concurrencyIsLimitedAndEveryTaskRuns() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    Turns turns = new Turns(threads, 2);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger all = new AtomicInteger();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String key = "k" + i % 5;
      Thread caller =
          new Thread(
              () -> {
                for (int n = 0; n < 500; n++) {
                  int ignored =
                      turns.call(
                          key,
                          () -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            all.incrementAndGet();
                            return running.decrementAndGet();
                          });
                }
              });
      callers.add(caller);
      caller.start();
    }
    for (Thread caller : callers) {
      caller.join(TimeUnit.SECONDS.toMillis(60));
    }
    threads.shutdown();
    assertEquals(10_000, all.get());
    assertTrue(most.get() <= 2, most::toString);
  }

  @Test
  void anExceptionOfATaskReachesOnlyItsCaller() {
    Turns turns = new Turns(Runnable::run, 1);
    RuntimeException fault = new IllegalStateException("no");
    assertEquals(
        fault,
        assertThrows(
            IllegalStateException.class,
            () ->
                turns.call(
                    "a",
                    () -> {
                      throw fault;
                    })));
    assertEquals("yes", turns.call("a", () -> "yes"));
  }
}
