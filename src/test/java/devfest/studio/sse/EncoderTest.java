package devfest.studio.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.activation.DataSource;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.ws.rs.core.GenericType;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.ext.ContextResolver;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Providers;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.xml.bind.JAXBElement;
import jakarta.xml.bind.annotation.XmlRootElement;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.xml.namespace.QName;
import javax.xml.transform.stream.StreamSource;
import org.glassfish.jersey.media.sse.OutboundEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data of every kind that Jakarta REST § 4.2.4 names, and the application's own writers. */
class EncoderTest {

  private static final String TEXT = "é€😀";
  private static final MediaType LATIN = MediaType.TEXT_PLAIN_TYPE.withCharset("ISO-8859-1");

  @TempDir Path dir;

  private static OutboundSseEvent event(Object data, MediaType media) {
    return new OutboundEvent.Builder().data(data).mediaType(media).build();
  }

  private static String standard(Object data, MediaType media) throws IOException {
    return Encoder.STANDARD.encode(event(data, media)).data();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void textAndBytesAreSentUnchanged() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), TEXT);
    StreamingOutput output = out -> out.write(utf8(TEXT));
    for (MediaType media : List.of(MediaType.WILDCARD_TYPE, MediaType.TEXT_PLAIN_TYPE)) {
      assertEquals(TEXT, standard(TEXT, media));
      assertEquals(TEXT, standard(utf8(TEXT), media));
      assertEquals(TEXT, standard(new StringReader(TEXT), media));
      assertEquals(TEXT, standard(new ByteArrayInputStream(utf8(TEXT)), media));
      assertEquals(TEXT, standard(file.toFile(), media));
      assertEquals(TEXT, standard(new Source(TEXT), media));
      assertEquals(TEXT, standard(output, media));
    }
  }

  private record Source(String text) implements DataSource {
    @Override
    public InputStream getInputStream() {
      return new ByteArrayInputStream(utf8(text));
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
      return "source";
    }
  }

  @Test
  void bytesAreReadInTheCharsetOfTheirMediaType() throws IOException {
    byte[] latin = "é".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals("é", standard(latin, LATIN));
    assertEquals("é", standard(new ByteArrayInputStream(latin), LATIN));
    assertEquals("é", standard("é", LATIN));
  }

  @Test
  void inputsAreClosedAfterReading() throws IOException {
    boolean[] closed = {false, false};
    InputStream in =
        new ByteArrayInputStream(utf8("x")) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    StringReader reader =
        new StringReader("x") {
          @Override
          public void close() {
            closed[1] = true;
          }
        };
    assertEquals("x", standard(in, MediaType.WILDCARD_TYPE));
    assertEquals("x", standard(reader, MediaType.WILDCARD_TYPE));
    assertTrue(closed[0] && closed[1], Arrays.toString(closed));
  }

  @ParameterizedTest
  @CsvSource({"text/plain,c", "application/json,\"c\""})
  void aCharacterIsTextOrJson(String media, String expected) throws IOException {
    assertEquals(expected, standard('c', MediaType.valueOf(media)));
  }

  @ParameterizedTest
  @CsvSource({"text/plain", "application/json", "*/*"})
  void numbersAndBooleansAreWrittenAsText(String media) throws IOException {
    assertEquals("-2147483648", standard(Integer.MIN_VALUE, MediaType.valueOf(media)));
    assertEquals("1.5", standard(1.5, MediaType.valueOf(media)));
    assertEquals("true", standard(true, MediaType.valueOf(media)));
  }

  @Test
  void aFormIsUrlEncoded() throws IOException {
    MultivaluedMap<String, String> map = new MultivaluedHashMap<>();
    map.add("a b", "c&d");
    map.add("a b", "é");
    assertEquals("a+b=c%26d&a+b=%C3%A9", standard(map, MediaType.APPLICATION_FORM_URLENCODED_TYPE));
    assertEquals("{\"a b\":[\"c&d\",\"é\"]}", standard(map, MediaType.APPLICATION_JSON_TYPE));
  }

  @XmlRootElement(name = "pair")
  public static class Pair {
    public String key = "k";
  }

  @Test
  void xmlIsWrittenForItsMediaType() throws IOException {
    JAXBElement<String> element = new JAXBElement<>(new QName("name"), String.class, "a<b");
    assertTrue(standard(element, MediaType.APPLICATION_XML_TYPE).endsWith("<name>a&lt;b</name>"));
    assertTrue(
        standard(new Pair(), MediaType.valueOf("application/atom+xml"))
            .endsWith("<pair><key>k</key></pair>"));
    assertEquals("{\"key\":\"k\"}", standard(new Pair(), MediaType.APPLICATION_JSON_TYPE));
    assertTrue(
        standard(new StreamSource(new StringReader("<a>b</a>")), MediaType.TEXT_XML_TYPE)
            .endsWith("<a>b</a>"));
  }

  public record Person(String name, Integer age) {}

  @Test
  void anythingElseIsWrittenAsJson() throws IOException {
    for (MediaType media : List.of(MediaType.TEXT_PLAIN_TYPE, MediaType.APPLICATION_JSON_TYPE)) {
      assertEquals("{\"name\":\"ann\"}", standard(new Person("ann", null), media));
    }
    OutboundSseEvent list =
        new OutboundEvent.Builder()
            .data(new GenericType<List<Person>>() {}, List.of(new Person("ann", 7)))
            .mediaType(MediaType.APPLICATION_JSON_TYPE)
            .build();
    assertEquals("[{\"age\":7,\"name\":\"ann\"}]", Encoder.STANDARD.encode(list).data());
  }

  @Test
  void theApplicationsJsonbIsUsed() throws IOException {
    Jsonb json = JsonbBuilder.create(new JsonbConfig().withNullValues(true));
    OutboundSseEvent event = event(new Person("ann", null), MediaType.APPLICATION_JSON_TYPE);
    String expected = json.toJson(new Person("ann", null));
    assertEquals("{\"age\":null,\"name\":\"ann\"}", expected);
    assertEquals(expected, Encoder.of(json).encode(event).data());
    assertEquals(expected, Encoder.of(new Application(json, null)).encode(event).data());
  }

  /** Writes persons in capitals, but only for one media type. */
  private static final class Loud implements MessageBodyWriter<Person> {
    @Override
    public boolean isWriteable(
        Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
      return type == Person.class && media.getSubtype().equals("x-loud");
    }

    @Override
    public void writeTo(
        Person person,
        Class<?> type,
        Type generic,
        Annotation[] annotations,
        MediaType media,
        MultivaluedMap<String, Object> headers,
        OutputStream out)
        throws IOException {
      if (person.name().isEmpty()) {
        throw new IOException("no name");
      }
      String charset = media.getParameters().getOrDefault("charset", "UTF-8");
      out.write(person.name().toUpperCase(java.util.Locale.ROOT).getBytes(charset));
    }
  }

  /** The providers of an application, as a server has them. */
  private record Application(Jsonb json, MessageBodyWriter<?> writer) implements Providers {
    @Override
    @SuppressWarnings("unchecked")
    public <T> MessageBodyWriter<T> getMessageBodyWriter(
        Class<T> type, Type generic, Annotation[] annotations, MediaType media) {
      boolean writes =
          writer != null
              && ((MessageBodyWriter<T>) writer).isWriteable(type, generic, annotations, media);
      return writes ? (MessageBodyWriter<T>) writer : null;
    }

    @Override
    public <T> MessageBodyReader<T> getMessageBodyReader(
        Class<T> type, Type generic, Annotation[] annotations, MediaType media) {
      return null;
    }

    @Override
    public <T extends Throwable> ExceptionMapper<T> getExceptionMapper(Class<T> type) {
      return null;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> ContextResolver<T> getContextResolver(Class<T> type, MediaType media) {
      return json == null ? null : any -> (T) json;
    }
  }

  private static final MediaType LOUD = MediaType.valueOf("text/x-loud");

  @Test
  void theApplicationsWriterIsChosenByTypeAndMediaType() throws IOException {
    Encoder encoder = Encoder.of(new Application(null, new Loud()));
    Person ann = new Person("ané", 7);
    assertEquals("ANÉ", encoder.encode(event(ann, LOUD)).data());
    assertEquals("ANÉ", encoder.encode(event(ann, LOUD.withCharset("ISO-8859-1"))).data());
    assertEquals(
        "{\"age\":7,\"name\":\"ané\"}",
        encoder.encode(event(ann, MediaType.APPLICATION_JSON_TYPE)).data());
    assertEquals("7", encoder.encode(event(7, LOUD)).data());
  }

  @Test
  void aWriterThatFailsFailsTheStageAndKeepsTheStream() throws IOException {
    Wire wire = new Wire();
    EventStream stream = wire.open(Runnable::run, Encoder.of(new Application(null, new Loud())));
    assertTrue(
        stream
            .send(event(new Person("", 7), LOUD))
            .toCompletableFuture()
            .isCompletedExceptionally());
    assertTrue(stream.send(event(new Person("ann", 7), LOUD)).toCompletableFuture().isDone());
    assertEquals("data: ANN\n\n", wire.text());

    Broadcaster broadcaster = new Broadcaster(Encoder.of(new Application(null, new Loud())));
    broadcaster.register(stream);
    assertTrue(
        broadcaster
            .broadcast(event(new Person("", 7), LOUD))
            .toCompletableFuture()
            .isCompletedExceptionally());
    assertEquals(1, broadcaster.size());
    assertFalse(stream.isClosed());
    broadcaster.broadcast(event(new Person("bob", 7), LOUD));
    assertTrue(wire.text().endsWith("data: BOB\n\n"));
  }

  @Test
  void theOtherFieldsOfAnEventAreKept() throws IOException {
    OutboundSseEvent event =
        new OutboundEvent.Builder()
            .id("7")
            .name("n")
            .comment("c")
            .reconnectDelay(3)
            .data(Map.of("a", 1))
            .build();
    TextEvent text = Encoder.STANDARD.encode(event);
    assertEquals(new TextEvent("7", "n", "{\"a\":1}", "c", 3), text);
    assertSame(text, Encoder.STANDARD.encode(text));
  }

  @Test
  void aTextEventNeedsAText() {
    assertThrows(NullPointerException.class, () -> new TextEvent("1", "n", null));
  }
}
