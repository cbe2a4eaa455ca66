package devfest.studio.app.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import devfest.studio.app.http.Front;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SecondThreadTest {

  private final ExecutorService pool = Executors.newSingleThreadExecutor();
  private final List<Thread> threads = new ArrayList<>();

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  /** Fails on the test's thread, as a check does that meets the contexts of another request. */
  private Front failing(Front.Verdict otherwise) {
    return head -> {
      threads.add(Thread.currentThread());
      if (threads.size() == 1) {
        throw new IllegalStateException("the request object is used no more");
      }
      return otherwise;
    };
  }

  @Test
  void aCheckThatFailsIsRepeatedOnAnotherThread() {
    Front.Verdict verdict = Front.Verdict.unavailable();
    assertSame(verdict, new SecondThread(failing(verdict), pool).admit(null));
    assertEquals(2, threads.stream().distinct().count());
  }

  @Test
  void aCheckThatSucceedsRunsOnceOnTheSameThread() {
    Front.Verdict verdict = Front.Verdict.unavailable();
    Front front =
        head -> {
          threads.add(Thread.currentThread());
          return verdict;
        };
    assertSame(verdict, new SecondThread(front, pool).admit(null));
    assertEquals(List.of(Thread.currentThread()), threads);
  }

  @Test
  void aSecondFailureIsReported() {
    Front broken =
        head -> {
          throw new IllegalStateException("broken");
        };
    assertThrows(CompletionException.class, () -> new SecondThread(broken, pool).admit(null));
  }
}
