package devfest.studio.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.ws.rs.sse.OutboundSseEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.glassfish.jersey.media.sse.OutboundEvent;
import org.junit.jupiter.api.Test;

class ConflationTest {

  private final Wire wire = new Wire();
  private final Broadcaster broadcaster = new Broadcaster();

  private static OutboundSseEvent event(String name, String data) {
    return new OutboundEvent.Builder().name(name).data(data).build();
  }

  @Test
  void aSlowClientGetsOnlyTheNewestOfEachName() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    broadcaster.register(Conflation.part(stream, "a", Frame::of));
    wire.block();
    broadcaster.broadcast(event("first", "blocks"));
    List<CompletableFuture<?>> sent = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sent.add(broadcaster.broadcast(event("count", "" + i)).toCompletableFuture());
      sent.add(broadcaster.broadcast(event("other", "" + i)).toCompletableFuture());
    }
    wire.unblock();
    assertEquals(
        "event: first\ndata: blocks\n\nevent: count\ndata: 99\n\nevent: other\ndata: 99\n\n",
        wire.text());
    assertTrue(sent.stream().allMatch(CompletableFuture::isDone));
  }

  @Test
  void statesOfDifferentSendersDoNotReplaceEachOther() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    Conflation a = Conflation.part(stream, "a", Frame::of);
    Conflation b = Conflation.part(stream, "b", Frame::of);
    wire.block();
    a.send(event("count", "blocks"));
    a.send(event("count", "1"));
    b.send(event("count", "2"));
    wire.unblock();
    assertTrue(wire.text().endsWith("data: 1\n\nevent: count\ndata: 2\n\n"), wire.text());
  }

  @Test
  void aLargeStateIsSentAfterALargePredecessor() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    broadcaster.register(Conflation.part(stream, "a", Frame::of));
    wire.block();
    String large = "x".repeat(EventStream.MAX_PENDING_BYTES);
    broadcaster.broadcast(event("one", large));
    broadcaster.broadcast(event("two", large));
    broadcaster.broadcast(event("three", "end"));
    wire.unblock();
    assertTrue(wire.text().endsWith("event: three\ndata: end\n\n"));
  }

  @Test
  void anEndedStreamLeavesTheBroadcaster() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    List<Object> left = new ArrayList<>();
    broadcaster.onClose(left::add);
    Conflation reader = Conflation.part(stream, "a", Frame::of);
    broadcaster.register(reader);
    stream.close();
    assertEquals(List.of(reader), left);
  }

  @Test
  void aPartIsRemovedWithoutEndingItsStream() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    List<Object> left = new ArrayList<>();
    broadcaster.onClose(left::add);
    Conflation part = Conflation.part(stream, "a", Frame::of);
    broadcaster.register(part);
    part.close();
    assertEquals(List.of(part), left);
    broadcaster.broadcast(event("count", "1"));
    stream.send(Frame.event(null, null, "goes on"));
    assertEquals("data: goes on\n\n", wire.text());
  }

  @Test
  void aStreamEndsAfterTheLastFrameOfItsState() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    broadcaster.register(Conflation.whole(stream, Frame::of));
    wire.block();
    broadcaster.broadcast(event("first", "blocks"));
    broadcaster.broadcast(new TextEvent("7", "finished", "2:1"));
    broadcaster.close();
    wire.unblock();
    assertTrue(wire.text().endsWith("id: 7\nevent: finished\ndata: 2:1\n\n"), wire.text());
    assertTrue(stream.hasEnded());
  }

  @Test
  void aStateFollowsTheEventsThatCausedIt() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    Conflation state = Conflation.part(stream, "a", Frame::of).afterSource();
    state.send(event("count", "early"));
    stream.send(Frame.event(null, null, "greeting"));
    assertEquals("data: greeting\n\n", wire.text(), "nothing was read yet that it could follow");

    Queue<Frame> source = new ArrayDeque<>();
    stream.from(source::poll);
    assertTrue(wire.text().endsWith("data: early\n\n"));

    wire.block();
    stream.send(Frame.event(null, null, "blocks"));
    state.send(event("count", "2"));
    source.add(Frame.event("1", null, "one"));
    source.add(Frame.event("2", null, "two"));
    wire.unblock();
    assertTrue(wire.text().endsWith("data: two\n\nevent: count\ndata: 2\n\n"), wire.text());

    wire.block();
    stream.send(Frame.event(null, null, "blocks"));
    state.send(event("count", "3"));
    Conflation.part(stream, "b", Frame::of).send(event("other", "first"));
    source.add(Frame.event("3", null, "three"));
    wire.unblock();
    assertTrue(
        wire.text()
            .endsWith(
                "event: other\ndata: first\n\nid: 3\ndata: three\n\nevent: count\ndata: 3\n\n"),
        "a state of other things is not held back");
  }
}
