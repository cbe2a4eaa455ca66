package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ClusterTest {

  /** Records the messages of one kind. */
  private static final class Recorder implements Receiver {
    private final String kind;
    private final List<String> messages = new ArrayList<>();
    private boolean failing;

    Recorder(String kind) {
      this.kind = kind;
    }

    @Override
    public String kind() {
      return kind;
    }

    @Override
    public void received(String node, JsonObject data) {
      if (failing) {
        throw new IllegalStateException("the receiver fails");
      }
      messages.add(data.toString());
    }

    @Override
    public void connected() {
      messages.add("connected");
    }
  }

  private final Bus bus = new Bus();
  private final Recorder chatAtA = new Recorder("chat");
  private final Recorder chatAtB = new Recorder("chat");
  private final Recorder newsAtB = new Recorder("news");
  private final Cluster a = Bus.node("a", List.of(chatAtA));
  private final Cluster b = Bus.node("b", List.of(chatAtB, newsAtB));

  private static Message message(String kind, String text) {
    return new Message(kind, "", Message.JSON.createObjectBuilder().add("text", text).build());
  }

  private void connect() {
    bus.connect(a);
    bus.connect(b);
    for (Recorder recorder : List.of(chatAtA, chatAtB, newsAtB)) {
      assertEquals(List.of("connected"), recorder.messages);
      recorder.messages.clear();
    }
  }

  @Test
  void aMessageReachesTheReceiverOfItsKindOnOtherNodesOnly() {
    connect();
    a.send(message("chat", "hello"));
    assertEquals(List.of("{\"text\":\"hello\"}"), chatAtB.messages);
    assertEquals(List.of(), chatAtA.messages);
    assertEquals(List.of(), newsAtB.messages);
    assertEquals(1, a.sent());
    assertEquals(1, b.received());
  }

  @Test
  void unknownKindsOtherVersionsAndMalformedLinesAreIgnored() {
    connect();
    b.send(message("news", "a has no receiver"));
    Signal other = bus.signal();
    other.send("", "{\"v\":2,\"node\":\"x\",\"kind\":\"chat\",\"data\":{}}");
    other.send("", "{\"v\":1,\"kind\":\"chat\",\"data\":{}}");
    other.send("", "not JSON");
    other.send("", "[]");
    other.send("", "{\"v\":1,\"node\":\"x\",\"kind\":\"chat\",\"data\":{\"ok\":1}}");
    assertEquals(List.of("{\"ok\":1}"), chatAtB.messages);
  }

  @Test
  void aMessageThatIsTooLargeIsNotSent() {
    connect();
    a.send(message("chat", "é".repeat(Message.MAX_BYTES / 2)));
    assertEquals(List.of(), chatAtB.messages);
  }

  @Test
  void aReceiverThatFailsDoesNotStopOthers() {
    connect();
    chatAtB.failing = true;
    a.send(message("chat", "fails"));
    a.send(message("news", "arrives"));
    assertEquals(List.of("{\"text\":\"arrives\"}"), newsAtB.messages);
  }

  @Test
  void aSingleNodeSendsNothing() {
    a.start(Executors.defaultThreadFactory(), new NoSignal());
    assertTrue(a.isAlone());
    assertTrue(a.isConnected());
    a.send(message("chat", "hello"));
    assertEquals(0, a.sent());
  }

  @Test
  void aNodeWithoutNameHasARandomOne() {
    assertEquals("a", a.name());
    assertFalse(a.node().equals(b.node()));
  }
}
