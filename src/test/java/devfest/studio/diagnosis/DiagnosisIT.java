package devfest.studio.diagnosis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream by which the page /diagnose finds what is in the way. */
class DiagnosisIT extends SharedServerTest {

  private static final String STREAM = V1 + "/diagnose/stream?";

  private URI stream(String options) {
    return Client.anonymous(base()).uri(STREAM + options);
  }

  /** Reads a stream to its end, and returns the ids of its frames. */
  private static List<Integer> numbers(SseReader reader, int last)
      throws InterruptedException, IOException {
    try (reader) {
      assertEquals(200, reader.status());
      List<Integer> numbers = new ArrayList<>();
      while (numbers.isEmpty() || numbers.get(numbers.size() - 1) < last) {
        SseReader.Frame frame = reader.next("mark");
        numbers.add(Integer.valueOf(frame.id()));
      }
      reader.awaitCleanEnd();
      return numbers;
    }
  }

  private static List<Integer> range(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }

  @Test
  void framesAreNumberedAndTheStreamEndsAfterTheLast() throws Exception {
    assertEquals(range(1, 5), numbers(SseReader.open(stream("count=5&every=100")), 5));
  }

  @Test
  void aFrameSaysHowLongAfterTheFirstItWasSent() throws Exception {
    try (SseReader reader = SseReader.open(stream("count=3&every=200"))) {
      assertEquals("{\"number\":1,\"elapsed\":0}", reader.next("mark").data());
      int ignored = reader.next("mark").data().length();
      String third = reader.next("mark").data();
      int elapsed = Integer.parseInt(third.replaceAll(".*:|}", ""));
      assertEquals(400, elapsed, 390, third);
    }
  }

  @Test
  void aCutStreamContinuesAfterThePositionOfTheClient() throws Exception {
    URI options = stream("count=6&every=100&cut=2");
    assertEquals(range(1, 2), numbers(SseReader.open(options), 2));
    assertEquals(range(3, 6), numbers(SseReader.open(options, "Last-Event-ID: 2"), 6));
    URI inQuery = stream("count=6&every=100&cut=2&lastEventId=4");
    assertEquals(range(5, 6), numbers(SseReader.open(inQuery), 6));
  }

  @Test
  void aClientThatHasAllFramesIsToldNotToReconnect() {
    Client.Reply reply = Client.anonymous(base()).get(STREAM + "count=6&lastEventId=6");
    assertEquals(204, reply.status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "count=0",
        "count=21",
        "every=99",
        "every=20001",
        "every=x",
        "count=16&every=10000",
        "count=8&every=18751",
        "cut=0",
        "count=2&cut=3",
        "lastEventId=-1",
        "lastEventId=21",
        "count=9999999999"
      })
  void anOptionThatIsNotANumberInItsRangeIsRefused(String options) {
    assertEquals(400, Client.anonymous(base()).get(STREAM + options).status());
  }

  @Test
  void aStreamThatLastsTooLongIsRefusedWithAReason() {
    Client.Reply reply = Client.anonymous(base()).get(STREAM + "count=20&every=20000");
    assertEquals(400, reply.status());
    assertEquals("count times every must be at most 150000.", reply.json().getString("detail"));
  }

  @Test
  void anAddressWithTooManyTestsWaitsWhileItsOtherStreamsOpen() throws Exception {
    List<SseReader> tests = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        SseReader test = SseReader.open(stream("count=8&every=15000"));
        tests.add(test);
        assertEquals(200, test.status());
      }
      Client.Reply refused = Client.anonymous(base()).get(STREAM + "count=1");
      assertEquals(429, refused.status());
      assertEquals("10", refused.header("Retry-After"));
      try (SseReader events = SseReader.open(Client.anonymous(base()).uri(V1 + "/events/stream"))) {
        assertEquals(200, events.status());
      }
    } finally {
      for (SseReader test : tests) {
        test.close();
      }
    }
    await().until(() -> Client.anonymous(base()).get(STREAM + "count=1").status() == 200);
  }
}
