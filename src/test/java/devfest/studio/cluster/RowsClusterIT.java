package devfest.studio.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.Model;
import devfest.studio.Server;
import devfest.studio.SseReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that send each other no messages: what holds on both nodes is decided by rows. */
class RowsClusterIT {

  private static final String V1 = "/api/v1";
  private static final String STREAM = V1 + "/events/stream";

  @TempDir private static Path dir;

  private static Model model;
  private static Pair pair;

  @BeforeAll
  static void start() throws IOException {
    model = new Model();
    pair =
        Pair.start(
            dir,
            "studio.assistant.base-url=" + model.baseUrl(),
            "studio.assistant.timeout=PT30S",
            "studio.cluster.signal=none");
  }

  @AfterAll
  static void stop() throws IOException {
    pair.close();
    model.close();
  }

  private static Client atA(String user) {
    return Client.of(pair.a().base(), user);
  }

  @Test
  void aSessionThatEndsAtOneNodeEndsItsStreamsAtTheOther() throws Exception {
    Client ann = atA("ann");
    String set = ann.post(V1 + "/session", "").header("Set-Cookie");
    String cookie = set.substring(0, set.indexOf(';'));
    Client other = Client.anonymous(pair.b().base());
    try (SseReader stream = SseReader.open(other.uri(STREAM), "Cookie: " + cookie);
        SseReader byToken = pair.atB(ann).stream("")) {
      stream.next("connected");
      byToken.next("connected");
      Client nobody = Client.anonymous(pair.a().base());
      long start = System.nanoTime();
      assertEquals(
          204,
          nobody.send(nobody.request(V1 + "/session").header("Cookie", cookie).DELETE()).status());
      assertTrue(stream.next("stream.closed").data().contains("revoked"));
      long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
      assertTrue(millis < 5_000, millis + " ms");
      stream.awaitCleanEnd();
      for (Client node : List.of(nobody, other)) {
        assertEquals(401, node.send(node.request(STREAM).header("Cookie", cookie).GET()).status());
      }
      byToken.next(frame -> String.valueOf(frame.comment()).contains("heartbeat"));
    }
    assertEquals(200, pair.atB(ann).get(V1 + "/quota").status(), "the token itself is valid");
    String again = ann.post(V1 + "/session", "").header("Set-Cookie");
    try (SseReader stream =
        SseReader.open(other.uri(STREAM), "Cookie: " + again.substring(0, again.indexOf(';')))) {
      stream.next("connected");
    }
  }

  @Test
  void messagesAtBothNodesTogetherPassTheLimitOfOne() {
    Client ann = atA("ann-" + System.nanoTime());
    List<Client> nodes = List.of(ann, pair.atB(ann));
    long taken =
        IntStream.range(0, 20)
            .parallel()
            .mapToObj(i -> nodes.get(i % 2).post(V1 + "/chat/messages", "{\"text\":\"x\"}"))
            .filter(reply -> reply.status() == 201)
            .count();
    assertEquals(10, taken);
  }

  @Test
  void aUserHasOneAnswerAtATimeOverBothNodes() throws Exception {
    Client ann = atA("ann-" + System.nanoTime());
    Client annAtB = pair.atB(ann);
    String path = V1 + "/assistant/stream?q=";
    try (SseReader answer = ann.follow(path + "endless")) {
      answer.next("token");
      assertEquals(429, annAtB.get(path + "short").status());
      answer.cut();
    }
    await().untilAsserted(() -> assertEquals(200, annAtB.get(path + "short").status()));
    for (int i = 0; i < 5; i++) {
      assertEquals(200, ann.get(path + "short").status());
      assertEquals(200, annAtB.get(path + "short").status(), "at once after the last answer");
    }
  }

  @Test
  void aUserAtBothNodesJoinsAndLeavesOnceAndAKilledNodesUsersLeave() throws Exception {
    Client ann = atA("ann");
    Client bob = Client.of(pair.a().base(), "bob");
    String path = V1 + "/chat/stream?room=rows";
    Server third = pair.startNode("c");
    try (SseReader readerA = Client.anonymous(pair.a().base()).follow(path);
        SseReader readerB = Client.anonymous(pair.b().base()).follow(path)) {
      Client bobAtC = Client.anonymous(third.base()).withToken(bob.token());
      SseReader bobs = bobAtC.follow(path);
      bobs.next("user-joined");
      SseReader first = ann.follow(path);
      assertTrue(readerA.next("user-joined").data().contains("ann"));
      SseReader second = pair.atB(ann).follow(path);
      SseReader bobsSecond = pair.atB(bob).follow(path);
      first.cut();
      bobsSecond.cut();
      assertEquals(List.of(), presence(readerA, Duration.ofSeconds(9)));
      assertEquals(List.of(), presence(readerB, Duration.ofMillis(100)));
      second.cut();
      assertTrue(readerB.next("user-left").data().contains("ann"));
      third.kill();
      long start = System.nanoTime();
      List<String> left = new ArrayList<>();
      await()
          .until(
              () -> {
                left.addAll(presence(readerA, Duration.ofMillis(100)));
                left.addAll(presence(readerB, Duration.ofMillis(100)));
                return !left.isEmpty();
              });
      long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
      assertTrue(seconds <= 30, seconds + " s");
      left.addAll(presence(readerA, Duration.ofSeconds(1)));
      left.addAll(presence(readerB, Duration.ofMillis(100)));
      assertEquals(1, left.size(), left::toString);
      assertTrue(left.get(0).startsWith("user-left") && left.get(0).contains("bob"));
    } finally {
      third.close();
    }
  }

  private static List<String> presence(SseReader reader, Duration time)
      throws InterruptedException {
    List<String> shown = new ArrayList<>();
    for (SseReader.Frame frame : reader.during(time)) {
      if (frame.event() != null && frame.event().startsWith("user-")) {
        shown.add(frame.event() + ' ' + frame.data());
      }
    }
    return shown;
  }
}
