package devfest.studio.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import devfest.studio.base.Millis;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as <a href="https://cloudevents.io">CloudEvents</a> 1.0, each as one line of JSON.
 * Data is copied as text, so its size and depth do not matter. Thread-safe if the source is.
 *
 * @param source the public URL of the studio, without a trailing slash
 */
public record CloudEvents(Supplier<String> source) {

  /** An event of the log has its position as id. */
  public String json(Occurrence occurrence) {
    return json(occurrence, null);
  }

  /** The same with the attribute {@code traceparent} if a trace caused the event. */
  public String tracedJson(Occurrence occurrence) {
    return json(occurrence, occurrence.event().trace());
  }

  private String json(Occurrence occurrence, @Nullable String trace) {
    Event event = occurrence.event();
    StringBuilder json = begin(id(occurrence), event.type(), occurrence.timestamp());
    subject(event).ifPresent(subject -> add(json, "subject", subject.id()));
    if (event.shownUserId() != null) {
      add(json, "userid", event.shownUserId());
    }
    add(json, "channel", event.channel());
    if (trace != null) {
      add(json, "traceparent", trace);
    }
    return end(json, event.data());
  }

  /**
   * An event about a stream or a webhook.
   *
   * @param id no position: a source gives each event an id of its own
   * @param data one JSON value, without raw line breaks
   */
  public String control(String id, String type, Instant timestamp, String data) {
    return end(begin(id, type, timestamp), data);
  }

  /** A transient event has the same id on all nodes, although nothing assigns one. */
  private static String id(Occurrence occurrence) {
    if (occurrence instanceof TransientEvent event) {
      String name = event.key() + ' ' + event.json();
      return event.event().type() + '-' + UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
    }
    return String.valueOf(occurrence.id());
  }

  /** Events about a transformation are also about its photo. */
  private static Optional<Subject> subject(Event event) {
    return subject(event, Kinds.TRANSFORMATION).or(() -> subject(event, Kinds.PHOTO));
  }

  private static Optional<Subject> subject(Event event, String kind) {
    return event.subjects().stream().filter(subject -> subject.kind().equals(kind)).findFirst();
  }

  private StringBuilder begin(String id, String type, Instant timestamp) {
    StringBuilder json = new StringBuilder("{\"specversion\":\"1.0\"");
    add(json, "id", id);
    add(json, "source", source.get());
    add(json, "type", type);
    add(json, "time", Millis.format(timestamp));
    add(json, "datacontenttype", "application/json");
    return json;
  }

  private static void add(StringBuilder json, String attribute, String value) {
    json.append(",\"").append(attribute).append("\":").append(Envelope.quoted(value));
  }

  private static String end(StringBuilder json, String data) {
    return json.append(",\"data\":").append(data).append('}').toString();
  }
}
