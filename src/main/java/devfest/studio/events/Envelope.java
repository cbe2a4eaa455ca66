package devfest.studio.events;

import devfest.studio.base.Millis;
import jakarta.json.spi.JsonProvider;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object in which events leave the studio: {@code {id, event, timestamp, userId, data}}.
 */
public final class Envelope {

  private static final JsonProvider JSON = JsonProvider.provider();

  private Envelope() {}

  /**
   * The envelope of a frame about the stream itself, such as {@code connected}.
   *
   * @param id null for none
   * @param data one JSON value
   */
  public static String control(@Nullable String id, String type, Instant timestamp, String data) {
    return json(id, type, timestamp, null, data);
  }

  static String json(@Nullable String id, Instant timestamp, Event event) {
    return json(id, event.type(), timestamp, event.shownUserId(), event.data());
  }

  static String tracedJson(String id, Instant timestamp, Event event) {
    String json = json(id, timestamp, event);
    return event.trace() == null
        ? json
        : json.substring(0, json.length() - 1) + ",\"traceparent\":" + quoted(event.trace()) + '}';
  }

  private static String json(
      @Nullable String id, String type, Instant timestamp, @Nullable String userId, String data) {
    return "{\"id\":"
        + quoted(id)
        + ",\"event\":"
        + quoted(type)
        + ",\"timestamp\":\""
        + Millis.format(timestamp)
        + "\",\"userId\":"
        + quoted(userId)
        + ",\"data\":"
        + data
        + "}";
  }

  static String quoted(@Nullable String text) {
    return text == null ? "null" : JSON.createValue(text).toString();
  }
}
