package devfest.studio.sse;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import jakarta.activation.DataSource;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.core.GenericType;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.sse.InboundSseEvent;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.SseEventSink;
import jakarta.ws.rs.sse.SseEventSource;
import jakarta.xml.bind.JAXBElement;
import jakarta.xml.bind.annotation.XmlRootElement;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.xml.namespace.QName;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import org.glassfish.jersey.media.sse.OutboundEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the specification says of server-sent events (Jakarta RESTful Web Services 3.1, chapter 9,
 * and the Javadoc of {@code jakarta.ws.rs.sse}), with frames of ours over real HTTP to the client
 * of the reference implementation. The 33 tests of its TCK (package {@code jaxrs21.ee.sse}) and
 * what holds the same here:
 *
 * <pre>
 * sseeventsink.stringTest               {@link #text}
 * sseeventsink.charTest                 {@link #character}
 * sseeventsink.intTest, doubleTest      {@link #numbers}
 * sseeventsink.bytearrayTest            {@link #bytes}
 * sseeventsink.readerTest               {@link #reader}
 * sseeventsink.inputstreamTest          {@link #inputStream}
 * sseeventsink.fileTest                 {@link #file}
 * sseeventsink.datasourceTest           {@link #dataSource}
 * sseeventsink.transformSourceTest      {@link #source}
 * sseeventsink.jaxbElementTest          {@link #jaxbElement}
 * sseeventsink.multivaluedMapTest       {@link #form}
 * sseeventsink.streamingOutputTest      {@link #streamingOutput}
 * sseeventsink.closeTest                {@link #aClosedSinkRejectsEvents}
 * sseeventsink.sseStageCheckTest        {@link #aStageCompletes}
 * sseeventsource.defaultWaiting1s       {@link #aClientReconnectsAfter503}
 * sseeventsource.wait2Seconds           {@link #aClientReconnectsAfter503}
 * sseeventsource.connectionLost…        {@link #aClientReconnectsAfterItsStreamEnds} (two)
 * sseeventsource.reconnectByEvent…      {@link #theDelayReachesTheClient} (two)
 * sseeventsource.stringTest             {@link #text}
 * sseeventsource.byteArrayTest          {@link #text}
 * sseeventsource.inputStreamTest        {@link #text}
 * sseeventsource.readerTest             {@link #text}
 * sseeventsource.fileTest               {@link #text}
 * sseeventsource.dataSourceTest         {@link #text}
 * sseeventsource.transformSourceTest    {@link #source}
 * sseeventsource.jaxbElementTest        {@link #jaxbElement}
 * sseeventsource.xmlTest                {@link #xmlBean}
 * sseeventsource.multivaluedMapTest     {@link #form}
 * sseeventsource.closeTest              {@link #aDisconnectingClientClosesTheSink}
 * ssebroadcaster.sseBroadcastTest       {@link #allSinksGetAllEventsAndTheEndIsReported}
 * </pre>
 */
class StandardTest {

  private static final String MESSAGE = "some message, é€😀";

  @TempDir Path dir;

  private final Client client = ClientBuilder.newClient();
  private final Queue<Integer> refusals = new ConcurrentLinkedQueue<>();
  private final Queue<Long> arrivals = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private volatile String body = "";

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext(
        "/",
        exchange -> {
          arrivals.add(System.nanoTime());
          Integer wait = refusals.poll();
          if (wait != null && wait >= 0) {
            exchange.getResponseHeaders().set("Retry-After", wait.toString());
            exchange.sendResponseHeaders(503, -1);
          } else {
            EventStream.headers("HTTP/1.0").forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(200, 0);
            if (wait == null) {
              exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
            }
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    client.close();
  }

  private static OutboundEvent.Builder event() {
    return new OutboundEvent.Builder();
  }

  private static OutboundSseEvent event(Object data, MediaType media) {
    return event().data(data).mediaType(media).build();
  }

  /** The event as the client gets it that a stream of ours has sent. */
  private InboundSseEvent received(OutboundSseEvent event) throws IOException {
    Wire wire = new Wire();
    try (EventStream stream = wire.open(Runnable::run)) {
      stream.send(event);
    }
    body = wire.text();
    return received();
  }

  private InboundSseEvent received() {
    Queue<InboundSseEvent> events = new ConcurrentLinkedQueue<>();
    int port = server.getAddress().getPort();
    URI uri = URI.create("http://127.0.0.1:" + port + "/");
    try (SseEventSource source =
        SseEventSource.target(client.target(uri))
            .reconnectingEvery(100, TimeUnit.MILLISECONDS)
            .build()) {
      source.register(events::add);
      source.open();
      await().until(() -> !events.isEmpty());
    }
    return events.remove();
  }

  // ---- data

  @Test
  void text() throws IOException {
    for (MediaType media :
        List.of(MediaType.WILDCARD_TYPE, MediaType.TEXT_PLAIN_TYPE, MediaType.TEXT_HTML_TYPE)) {
      InboundSseEvent event = received(event(MESSAGE, media));
      assertEquals(MESSAGE, event.readData());
      assertEquals(MESSAGE, event.readData(String.class, MediaType.TEXT_PLAIN_TYPE));
      assertEquals(MESSAGE, event.readData(new GenericType<String>() {}));
      assertEquals(MESSAGE, utf8(event.readData(byte[].class)));
      assertEquals(MESSAGE, utf8(event.readData(InputStream.class).readAllBytes()));
      assertEquals(MESSAGE, all(event.readData(Reader.class)));
      assertEquals(MESSAGE, Files.readString(event.readData(File.class).toPath()));
      assertEquals(MESSAGE, utf8(event.readData(DataSource.class).getInputStream().readAllBytes()));
    }
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] message() {
    return MESSAGE.getBytes(StandardCharsets.UTF_8);
  }

  private static String all(Reader reader) throws IOException {
    StringWriter text = new StringWriter();
    reader.transferTo(text);
    return text.toString();
  }

  @Test
  void character() throws IOException {
    assertEquals("s", received(event('s', MediaType.TEXT_PLAIN_TYPE)).readData());
  }

  @Test
  void numbers() throws IOException {
    MediaType text = MediaType.TEXT_PLAIN_TYPE;
    assertEquals(
        Integer.MIN_VALUE, received(event(Integer.MIN_VALUE, text)).readData(Integer.class));
    assertEquals(Double.MAX_VALUE, received(event(Double.MAX_VALUE, text)).readData(Double.class));
    assertEquals(true, received(event(true, text)).readData(Boolean.class));
  }

  @Test
  void bytes() throws IOException {
    assertEquals(MESSAGE, received(event(message(), MediaType.WILDCARD_TYPE)).readData());
  }

  @Test
  void reader() throws IOException {
    assertEquals(
        MESSAGE, received(event(new StringReader(MESSAGE), MediaType.WILDCARD_TYPE)).readData());
  }

  @Test
  void inputStream() throws IOException {
    InputStream in = new ByteArrayInputStream(message());
    assertEquals(MESSAGE, received(event(in, MediaType.WILDCARD_TYPE)).readData());
  }

  @Test
  void file() throws IOException {
    File file = Files.writeString(dir.resolve("f"), MESSAGE).toFile();
    assertEquals(MESSAGE, received(event(file, MediaType.WILDCARD_TYPE)).readData());
  }

  @Test
  void dataSource() throws IOException {
    DataSource source =
        new DataSource() {
          @Override
          public InputStream getInputStream() {
            return new ByteArrayInputStream(message());
          }

          @Override
          public OutputStream getOutputStream() {
            throw new UnsupportedOperationException();
          }

          @Override
          public String getContentType() {
            return "text/plain";
          }

          @Override
          public String getName() {
            return "a message";
          }
        };
    assertEquals(MESSAGE, received(event(source, MediaType.WILDCARD_TYPE)).readData());
  }

  @Test
  void streamingOutput() throws IOException {
    StreamingOutput output = out -> out.write(message());
    assertEquals(MESSAGE, received(event(output, MediaType.WILDCARD_TYPE)).readData());
  }

  @Test
  void source() throws IOException {
    String text = "some message, é€"; // an emoji may be written as a reference
    Source xml = new StreamSource(new StringReader("<a>" + text + "</a>"));
    InboundSseEvent event = received(event(xml, MediaType.TEXT_XML_TYPE));
    assertTrue(event.readData().contains("<a>" + text + "</a>"), event.readData());
    StreamSource read =
        (StreamSource) event.readData(Source.class, MediaType.APPLICATION_ATOM_XML_TYPE);
    assertTrue(utf8(read.getInputStream().readAllBytes()).contains(text));
  }

  @Test
  void jaxbElement() throws IOException {
    JAXBElement<String> element = new JAXBElement<>(new QName("name"), String.class, MESSAGE);
    for (MediaType media : List.of(MediaType.APPLICATION_XML_TYPE, MediaType.TEXT_XML_TYPE)) {
      InboundSseEvent event = received(event(element, media));
      JAXBElement<String> read = event.readData(new GenericType<JAXBElement<String>>() {}, media);
      assertEquals(MESSAGE, read.getValue());
    }
  }

  @XmlRootElement
  static class Pair {
    public String key;
    public String value;
  }

  @Test
  void xmlBean() throws IOException {
    Pair pair = new Pair();
    pair.key = "key";
    pair.value = MESSAGE;
    InboundSseEvent event = received(event(pair, MediaType.TEXT_XML_TYPE));
    assertEquals(MESSAGE, event.readData(Pair.class, MediaType.APPLICATION_XML_TYPE).value);
  }

  @Test
  void form() throws IOException {
    MultivaluedMap<String, String> map = new MultivaluedHashMap<>();
    map.add("key", MESSAGE);
    MediaType media = MediaType.APPLICATION_FORM_URLENCODED_TYPE;
    InboundSseEvent event = received(event(map, media));
    assertEquals(
        MESSAGE,
        event
            .readData(new GenericType<MultivaluedMap<String, String>>() {}, media)
            .getFirst("key"));
  }

  // ---- the other fields

  @Test
  void theDelayReachesTheClient() throws IOException {
    InboundSseEvent event = received(event().data(MESSAGE).reconnectDelay(3_000).build());
    assertTrue(event.isReconnectDelaySet());
    assertEquals(3_000, event.getReconnectDelay());
    assertEquals(MESSAGE, event.readData());
  }

  @Test
  void everyFieldReachesTheClient() throws IOException {
    InboundSseEvent event =
        received(event().id("7").name("a name").comment("one\ntwo").data("three\nfour").build());
    assertEquals("7", event.getId());
    assertEquals("a name", event.getName());
    assertEquals("one\ntwo", event.getComment());
    assertEquals("three\nfour", event.readData());
  }

  // ---- sinks

  @Test
  void aStageCompletes() throws IOException {
    EventStream stream = new Wire().open(Runnable::run);
    assertTrue(stream.send(event().data(MESSAGE).build()).toCompletableFuture().isDone());
  }

  @Test
  void aClosedSinkRejectsEvents() throws IOException {
    List<SseEventSink> sinks = new ArrayList<>();
    sinks.add(new Wire().open(Runnable::run));
    EventStream stream = new Wire().open(Runnable::run);
    sinks.add(Conflation.part(stream, "a", Frame::of));
    sinks.add(Conflation.whole(new Wire().open(Runnable::run), Frame::of));
    for (SseEventSink sink : sinks) {
      assertFalse(sink.isClosed());
      sink.send(event().data(MESSAGE).build());
      sink.close();
      assertTrue(sink.isClosed());
      sink.close();
      assertTrue(sink.isClosed());
      OutboundSseEvent late = event().data("late").build();
      assertThrows(IllegalStateException.class, () -> sink.send(late));
    }
    assertFalse(stream.isClosed(), "a part leaves the stream open");
  }

  @Test
  void aSinkRejectsNull() throws IOException {
    EventStream stream = new Wire().open(Runnable::run);
    assertThrows(NullPointerException.class, () -> stream.send((OutboundSseEvent) null));
  }

  @Test
  void aNameOrIdOfTwoLinesIsRejectedAndTheSinkStaysOpen() throws IOException {
    EventStream stream = new Wire().open(Runnable::run);
    Broadcaster broadcaster = new Broadcaster();
    broadcaster.register(stream);
    for (OutboundSseEvent bad :
        List.of(
            event().name("a\nb").data("x").build(),
            event().id("a\rb").data("x").build(),
            event().id("a\0b").data("x").build())) {
      assertThrows(IllegalArgumentException.class, () -> stream.send(bad));
      assertThrows(IllegalArgumentException.class, () -> broadcaster.broadcast(bad));
    }
    assertFalse(stream.isClosed());
    assertEquals(1, broadcaster.size());
  }

  @Test
  void aDisconnectingClientClosesTheSink() throws IOException {
    Wire wire = new Wire();
    EventStream stream = wire.open(Runnable::run);
    stream.send(event().data(MESSAGE).build());
    wire.cut();
    stream.send(event().data(MESSAGE).build());
    assertTrue(stream.isClosed());
    assertThrows(IllegalStateException.class, () -> stream.send(event().data("x").build()));
  }

  // ---- the client's return

  @Test
  void aClientReconnectsAfter503() {
    body = Frame.event(null, null, MESSAGE).toString();
    refusals.add(2);
    assertEquals(MESSAGE, received().readData());
    long first = arrivals.remove();
    long waited = arrivals.remove() - first;
    assertTrue(waited >= TimeUnit.MILLISECONDS.toNanos(1_900), () -> "after " + waited);
  }

  @Test
  void aClientReconnectsAfterItsStreamEnds() {
    body = Frame.event(null, null, MESSAGE).toString();
    refusals.addAll(List.of(-1, -1, -1)); // streams that end with nothing on them
    assertEquals(MESSAGE, received().readData());
    assertTrue(arrivals.size() >= 4);
  }

  // ---- broadcasters

  @Test
  void allSinksGetAllEventsAndTheEndIsReported() throws Exception {
    Broadcaster broadcaster = new Broadcaster();
    List<SseEventSink> closed = new ArrayList<>();
    broadcaster.onClose(closed::add);
    List<Wire> wires = new ArrayList<>();
    List<SseEventSink> sinks = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Wire wire = new Wire();
      EventStream stream = wire.open(Runnable::run);
      wires.add(wire);
      sinks.add(stream);
      stream.send(event().data("WELCOME").build());
      broadcaster.register(stream);
    }
    for (int i = 0; i < 7; i++) {
      broadcaster
          .broadcast(event().data(MESSAGE + i).build())
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
    }
    broadcaster.close();
    for (Wire wire : wires) {
      body = wire.text();
      assertEquals(8, body.split("\n\n").length);
      assertTrue(body.startsWith("data: WELCOME\n\ndata: " + MESSAGE + "0\n\n"));
    }
    assertTrue(sinks.stream().allMatch(SseEventSink::isClosed));
    assertEquals(5, closed.size());
    assertTrue(closed.containsAll(sinks));
  }

  @Test
  void aClosedBroadcasterRejectsEvents() throws IOException {
    for (boolean cascading : new boolean[] {true, false}) {
      Broadcaster broadcaster = new Broadcaster();
      EventStream stream = new Wire().open(Runnable::run);
      broadcaster.close(cascading);
      broadcaster.close(!cascading);
      broadcaster.close();
      assertThrows(IllegalStateException.class, () -> broadcaster.onClose(sink -> {}));
      assertThrows(IllegalStateException.class, () -> broadcaster.onError((sink, fault) -> {}));
      assertThrows(IllegalStateException.class, () -> broadcaster.register(stream));
      OutboundSseEvent late = event().data("late").build();
      assertThrows(IllegalStateException.class, () -> broadcaster.broadcast(late));
    }
  }

  @Test
  void closingWithoutCascadeLeavesTheSinksOpenAndReportsNoEnd() throws IOException {
    Broadcaster broadcaster = new Broadcaster();
    List<SseEventSink> closed = new ArrayList<>();
    broadcaster.onClose(closed::add);
    Wire wire = new Wire();
    EventStream stream = wire.open(Runnable::run);
    broadcaster.register(stream);
    broadcaster.close(false);
    broadcaster.close(true); // too late
    assertFalse(stream.isClosed());
    stream.send(event().data("still").build());
    assertEquals("data: still\n\n", wire.text());
    stream.close();
    assertEquals(List.of(), closed);
  }

  @Test
  void aBroadcasterRejectsNull() {
    Broadcaster broadcaster = new Broadcaster();
    assertThrows(NullPointerException.class, () -> broadcaster.onClose(null));
    assertThrows(NullPointerException.class, () -> broadcaster.onError(null));
    assertThrows(NullPointerException.class, () -> broadcaster.register(null));
    assertThrows(NullPointerException.class, () -> broadcaster.broadcast(null));
  }

  /** A sink of another implementation that fails. */
  private static final class Foreign implements SseEventSink {
    final List<String> got = new ArrayList<>();
    CompletableFuture<Object> answer = CompletableFuture.completedFuture(null);
    RuntimeException onClose;

    @Override
    public boolean isClosed() {
      return false;
    }

    @Override
    public CompletionStage<?> send(OutboundSseEvent event) {
      got.add((String) event.getData());
      return answer.thenApply(done -> done);
    }

    @Override
    public void close() {
      if (onClose != null) {
        throw onClose;
      }
    }
  }

  @Test
  void singleUseDataReachesEverySink() throws IOException {
    Broadcaster broadcaster = new Broadcaster();
    Wire wire = new Wire();
    Foreign foreign = new Foreign();
    broadcaster.register(foreign);
    broadcaster.register(wire.open(Runnable::run));
    InputStream in = new ByteArrayInputStream(message());
    broadcaster.broadcast(event(in, MediaType.WILDCARD_TYPE));
    assertEquals(List.of(MESSAGE), foreign.got);
    assertEquals("data: " + MESSAGE + "\n\n", wire.text());
  }

  @Test
  void aSinkThatFailsToWriteOrCloseIsReportedWithItsOwnError() {
    Broadcaster broadcaster = new Broadcaster();
    List<Throwable> faults = new ArrayList<>();
    List<SseEventSink> closed = new ArrayList<>();
    broadcaster.onError((sink, fault) -> faults.add(fault));
    broadcaster.onClose(closed::add);
    Foreign writes = new Foreign();
    IOException broken = new IOException("broken");
    writes.answer = CompletableFuture.failedFuture(broken);
    Foreign closes = new Foreign();
    closes.onClose = new IllegalArgumentException("stuck");
    broadcaster.register(writes);
    broadcaster.register(closes);
    broadcaster.broadcast(event().data("x").build());
    broadcaster.close();
    assertEquals(List.of(broken, closes.onClose), faults);
    assertEquals(List.of(writes, closes), closed);
  }
}
