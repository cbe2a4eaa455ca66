package devfest.studio.sse;

import jakarta.activation.DataSource;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.ext.ContextResolver;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Providers;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.SseEvent;
import jakarta.xml.bind.JAXBContext;
import jakarta.xml.bind.JAXBElement;
import jakarta.xml.bind.JAXBException;
import jakarta.xml.bind.annotation.XmlRootElement;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.xml.XMLConstants;
import javax.xml.transform.Source;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.stream.StreamResult;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the data of events as text in the way that Jakarta REST specifies: with the {@link
 * MessageBodyWriter} that is selected by the type, generic type and media type of the data. Safe
 * for use from many threads.
 */
public final class Encoder {

  /**
   * Independent of any application: supports the standard entity types of Jakarta REST (§ 4.2.4),
   * and encodes all other types as JSON.
   */
  public static final Encoder STANDARD = new Encoder(null, null);

  private static final Annotation[] NO_ANNOTATIONS = {};

  private final @Nullable Providers providers;
  private final @Nullable Jsonb json;

  private Encoder(@Nullable Providers providers, @Nullable Jsonb json) {
    this.providers = providers;
    this.json = json;
  }

  /**
   * Uses the application's writers. Types without a writer are encoded as in {@link #STANDARD},
   * with JSON from the application's {@code ContextResolver<Jsonb>}.
   *
   * @param providers the application's, injected with {@code @Context}
   */
  public static Encoder of(Providers providers) {
    ContextResolver<Jsonb> resolver =
        providers.getContextResolver(Jsonb.class, MediaType.APPLICATION_JSON_TYPE);
    return new Encoder(
        Objects.requireNonNull(providers),
        resolver == null ? null : resolver.getContext(Jsonb.class));
  }

  /** The same as {@link #STANDARD}, with the application's JSON-B configuration. */
  public static Encoder of(Jsonb json) {
    return new Encoder(null, Objects.requireNonNull(json));
  }

  /**
   * Returns the event with its data as text.
   *
   * @throws IOException if the data cannot be read or written
   * @throws RuntimeException if a writer throws it
   */
  public TextEvent encode(OutboundSseEvent event) throws IOException {
    if (event instanceof TextEvent text) {
      return text;
    }
    return new TextEvent(
        event.getId(),
        event.getName(),
        event.getData() == null ? null : text(event),
        event.getComment(),
        event.isReconnectDelaySet() ? event.getReconnectDelay() : SseEvent.RECONNECT_NOT_SET);
  }

  private String text(OutboundSseEvent event) throws IOException {
    Object data = event.getData();
    Class<?> type = event.getType() == null ? data.getClass() : event.getType();
    Type generic = event.getGenericType() == null ? type : event.getGenericType();
    MediaType media =
        event.getMediaType() == null ? MediaType.TEXT_PLAIN_TYPE : event.getMediaType();
    MessageBodyWriter<Object> writer = writer(type, generic, media);
    if (writer == null) {
      return standard(data, generic, media);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writer.writeTo(data, type, generic, NO_ANNOTATIONS, media, new MultivaluedHashMap<>(), bytes);
    return bytes.toString(charset(media));
  }

  @SuppressWarnings("unchecked") // the writer declares that it supports the type
  private @Nullable MessageBodyWriter<Object> writer(Class<?> type, Type generic, MediaType media) {
    return providers == null
        ? null
        : (MessageBodyWriter<Object>)
            providers.getMessageBodyWriter(type, generic, NO_ANNOTATIONS, media);
  }

  /** The standard entity providers of Jakarta REST § 4.2.4, and JSON. */
  private String standard(Object data, Type generic, MediaType media) throws IOException {
    if (data instanceof String text) {
      return text;
    }
    if (data instanceof byte[] bytes) {
      return new String(bytes, charset(media));
    }
    if (data instanceof InputStream in) {
      return read(in, media);
    }
    if (data instanceof Reader reader) {
      try (reader) {
        StringWriter text = new StringWriter();
        reader.transferTo(text);
        return text.toString();
      }
    }
    if (data instanceof File file) {
      return new String(Files.readAllBytes(file.toPath()), charset(media));
    }
    if (data instanceof StreamingOutput output) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      output.write(bytes);
      return bytes.toString(charset(media));
    }
    if (data instanceof Source source) {
      return xml(source);
    }
    if (data instanceof MultivaluedMap<?, ?> map
        && media.isCompatible(MediaType.APPLICATION_FORM_URLENCODED_TYPE)
        && !media.isWildcardType()) {
      return form(map);
    }
    if (Activation.PRESENT && Activation.is(data)) {
      return read(Activation.content(data), media);
    }
    if (Binding.PRESENT && Binding.is(data, isXml(media))) {
      return Binding.xml(data);
    }
    if (isSimple(data) && !isJson(media)) {
      return data.toString();
    }
    return (json == null ? DefaultJson.JSON : json).toJson(data, generic);
  }

  private static boolean isSimple(Object data) {
    return data instanceof Number || data instanceof Boolean || data instanceof Character;
  }

  private static boolean isJson(MediaType media) {
    return media.getSubtype().equals("json") || media.getSubtype().endsWith("+json");
  }

  private static boolean isXml(MediaType media) {
    return media.getSubtype().equals("xml") || media.getSubtype().endsWith("+xml");
  }

  private static Charset charset(MediaType media) {
    String name = media.getParameters().get(MediaType.CHARSET_PARAMETER);
    return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
  }

  private static String read(InputStream in, MediaType media) throws IOException {
    try (in) {
      return new String(in.readAllBytes(), charset(media));
    }
  }

  private static String form(MultivaluedMap<?, ?> map) {
    return map.entrySet().stream()
        .flatMap(entry -> pairs(entry).stream())
        .collect(Collectors.joining("&"));
  }

  private static List<String> pairs(Map.Entry<?, ? extends List<?>> entry) {
    return entry.getValue().stream()
        .map(value -> encoded(entry.getKey()) + (value == null ? "" : '=' + encoded(value)))
        .toList();
  }

  private static String encoded(Object text) {
    return URLEncoder.encode(text.toString(), StandardCharsets.UTF_8);
  }

  private static String xml(Source source) throws IOException {
    try {
      TransformerFactory factory = TransformerFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      StringWriter text = new StringWriter();
      factory.newTransformer().transform(source, new StreamResult(text));
      return text.toString();
    } catch (TransformerException e) {
      throw new IOException("The XML cannot be written.", e);
    }
  }

  private static boolean isPresent(String type) {
    try {
      Class.forName(type, false, Encoder.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** Loaded on first use: JSON-B is optional. */
  private static final class DefaultJson {
    static final Jsonb JSON = JsonbBuilder.create();
  }

  /** Jakarta Activation, which is optional. */
  private static final class Activation {
    static final boolean PRESENT = isPresent("jakarta.activation.DataSource");

    static boolean is(Object data) {
      return data instanceof DataSource;
    }

    static InputStream content(Object data) throws IOException {
      return ((DataSource) data).getInputStream();
    }
  }

  /** Jakarta XML Binding, which is optional. */
  private static final class Binding {
    static final boolean PRESENT = isPresent("jakarta.xml.bind.JAXBContext");

    static boolean is(Object data, boolean asXml) {
      return data instanceof JAXBElement
          || (asXml && data.getClass().isAnnotationPresent(XmlRootElement.class));
    }

    static String xml(Object data) throws IOException {
      Class<?> type =
          data instanceof JAXBElement<?> element ? element.getDeclaredType() : data.getClass();
      try {
        StringWriter text = new StringWriter();
        JAXBContext.newInstance(type).createMarshaller().marshal(data, text);
        return text.toString();
      } catch (JAXBException e) {
        throw new IOException("The XML cannot be written.", e);
      }
    }
  }
}
