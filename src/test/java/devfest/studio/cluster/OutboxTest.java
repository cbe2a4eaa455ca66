package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private final Outbox outbox = new Outbox(20);
  private final List<String> batches = new CopyOnWriteArrayList<>();
  private volatile boolean failing;

  /** The line that is added after a failure, if any. */
  private volatile String meanwhile;

  private final Outbox.Channel channel =
      new Outbox.Channel() {
        @Override
        public void send(String lines) throws IOException {
          if (failing) {
            throw new IOException("no connection");
          }
          batches.add(lines);
        }

        @Override
        public void failed(Exception failure) {
          batches.add("failed");
          failing = false;
          if (meanwhile != null) {
            outbox.put("head ", meanwhile);
          }
        }
      };

  @AfterEach
  void close() {
    outbox.close();
  }

  private void run() {
    new Thread(() -> outbox.run(channel)).start();
  }

  private void awaitBatches(String... expected) {
    Awaitility.await().untilAsserted(() -> assertEquals(List.of(expected), batches));
  }

  @Test
  void aNewerLineReplacesAWaitingOneOfTheSameKey() {
    outbox.put("head", "old");
    outbox.put("other", "x");
    outbox.put("head", "new");
    run();
    awaitBatches("new\nx");
  }

  @Test
  void linesThatDoNotFitIntoOneBatchAreSentInTheNext() {
    outbox.put("a", "1234567890");
    outbox.put("b", "ééééé"); // 10 bytes
    outbox.put("c", "1");
    run();
    awaitBatches("1234567890", "ééééé\n1");
  }

  @Test
  void aBatchThatFailsIsSentAgainUnlessItWasReplaced() {
    failing = true;
    outbox.put("a", "1");
    outbox.put("b", "2");
    run();
    awaitBatches("failed", "1\n2");
  }

  @Test
  void otherLinesPrecedeSlotsAndAreNotDroppedForThem() {
    outbox.put("head ", "head");
    for (int i = 0; i < Outbox.MAX_LINES + 1; i++) {
      outbox.put("slots " + i, "s");
    }
    outbox.put("session ", "session");
    assertEquals(1, outbox.dropped());
    run();
    Awaitility.await().until(() -> batches.size() > 1);
    assertEquals("head\nsession", batches.get(0));
  }

  @Test
  void slotsThatCouldNotBeSentStayBehindOtherLines() {
    failing = true;
    meanwhile = "head";
    outbox.put("slots 1", "s1");
    run();
    awaitBatches("failed", "head", "s1");
  }

  @Test
  void theOldestLinesAreDroppedAndCountedWhenTooManyWait() {
    for (int i = 0; i < Outbox.MAX_LINES + 3; i++) {
      outbox.put("key " + i, Integer.toString(i));
    }
    assertEquals(3, outbox.dropped());
    run();
    Awaitility.await()
        .untilAsserted(
            () -> {
              String all = String.join("\n", batches);
              assertEquals(Outbox.MAX_LINES, all.lines().count());
              assertEquals("3", all.lines().findFirst().orElseThrow());
            });
  }
}
