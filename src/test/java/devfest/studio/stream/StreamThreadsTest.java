package devfest.studio.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamThreadsTest {

  private final StreamThreads threads = new StreamThreads(Thread::new);

  @AfterEach
  void stop() throws InterruptedException {
    threads.stopClock();
    assertTrue(threads.stop(5_000));
  }

  private static String nameOf(Executor executor) throws Exception {
    return CompletableFuture.supplyAsync(() -> Thread.currentThread().getName(), executor)
        .get(10, TimeUnit.SECONDS);
  }

  @Test
  void eachKindOfThreadHasItsName() throws Exception {
    assertEquals("streams writer", nameOf(threads.writer()));
    assertEquals("streams socket writer", nameOf(threads.socketWriter()));
    assertEquals("streams closer", nameOf(threads.closer()));
    assertEquals("streams reader", nameOf(threads.reader()));
    assertEquals("streams worker", nameOf(threads.worker()));
  }

  @Test
  void aTimedTaskRunsOnAWorkerThread() throws Exception {
    CompletableFuture<String> name = new CompletableFuture<>();
    threads.later(1_000_000, () -> name.complete(Thread.currentThread().getName()));
    assertEquals("streams worker", name.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aRepeatedTaskRunsUntilTheClockStops() throws Exception {
    CountDownLatch three = new CountDownLatch(3);
    AtomicInteger runs = new AtomicInteger();
    threads.every(
        1,
        () -> {
          runs.incrementAndGet();
          three.countDown();
        });
    assertTrue(three.await(10, TimeUnit.SECONDS));
    threads.stopClock();
    Thread.sleep(20); // a task that has begun may still count
    int before = runs.get();
    Thread.sleep(50);
    assertEquals(before, runs.get());
  }

  @Test
  void aWriterThatDoesNotEndIsReportedAndLaterTasksAreDropped() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    StreamThreads busy = new StreamThreads(Thread::new);
    busy.writer()
        .execute(
            () -> {
              try {
                release.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    busy.stopClock();
    assertFalse(busy.stop(50));
    busy.later(0, () -> {});
    busy.later(1, () -> {});
    release.countDown();
    assertTrue(busy.stop(5_000));
  }
}
