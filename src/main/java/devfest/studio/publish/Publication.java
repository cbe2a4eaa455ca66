package devfest.studio.publish;

import devfest.studio.base.Text;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.Visibility;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import devfest.studio.idempotency.Key;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event of a publisher, as it was received.
 *
 * @param key the idempotency key of the event; empty if it has none
 */
record Publication(Event event, Optional<Key> key) {

  /** Cached, because each static method of {@code Json} looks up the provider. */
  private static final JsonProvider JSON = JsonProvider.provider();

  /** Keeps frames small, because a slow client can have many of them pending. */
  private static final int MAX_EVENT_BYTES = 64 * 1024;

  /** Bounds the duration of a commit, for which all other appends wait. */
  private static final int MAX_EVENTS = 1_000;

  /** The length of the column. */
  private static final int MAX_USER = 255;

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");
  private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

  /**
   * The defaults for members that an event leaves out.
   *
   * @param name the default name, which is allowed although it is reserved; null if an event must
   *     have a name
   */
  record Defaults(@Nullable String name, Visibility visibility) {

    static final Defaults EVENT = new Defaults(null, Visibility.PRIVATE);

    /** A broadcast is public and needs no name. */
    static final Defaults BROADCAST = new Defaults(Event.UNNAMED, Visibility.PUBLIC);
  }

  Optional<String> id() {
    return key.map(Key::id);
  }

  /**
   * Reads one event, or an array of events.
   *
   * @param user the publisher, to whom the idempotency keys belong
   * @param reserved whether the studio reserves an event name
   * @throws Problem 400 or 413 if any of the events is invalid
   */
  static List<Publication> read(
      String user, byte[] body, Defaults defaults, Predicate<String> reserved) {
    JsonValue json = parse(text(body));
    List<? extends JsonValue> values =
        json.getValueType() == JsonValue.ValueType.ARRAY ? json.asJsonArray() : List.of(json);
    if (values.isEmpty()) {
      throw Problem.badRequest("A request must have at least one event.");
    }
    if (values.size() > MAX_EVENTS) {
      throw tooLarge("A request has at most " + MAX_EVENTS + " events.");
    }
    List<Publication> events = new ArrayList<>(values.size());
    for (JsonValue value : values) {
      if (value.getValueType() != JsonValue.ValueType.OBJECT) {
        throw Problem.badRequest(
            "An event must be an object: {event, data, userId?, visibility?, channel?,"
                + " idempotencyKey?}.");
      }
      JsonObject object = value.asJsonObject();
      byte[] content = object.toString().getBytes(StandardCharsets.UTF_8);
      events.add(
          new Publication(
              event(object, defaults, reserved),
              Key.of(user, "event", text(object, "idempotencyKey"), content)));
    }
    return events;
  }

  static Problem tooLarge(String message) {
    return new Problem(Code.TOO_LARGE, message);
  }

  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw Problem.badRequest("The body must be encoded in UTF-8.", e);
    }
  }

  private static JsonValue parse(String body) {
    try (JsonParser parser = JSON.createParser(new StringReader(body))) {
      parser.next();
      JsonValue value = parser.getValue();
      if (!parser.hasNext()) {
        return value;
      }
    } catch (RuntimeException e) {
      // Also exceptions other than those of JSON-P, which deep nesting causes.
      throw Problem.badRequest("The body must be one JSON value.", e);
    }
    throw Problem.badRequest("The body must be one JSON value.");
  }

  private static Event event(JsonObject json, Defaults defaults, Predicate<String> reserved) {
    String name = text(json, "event");
    if (name == null || (name.isEmpty() && defaults.name() != null)) {
      name = defaults.name();
    } else if (reserved.test(name) && !name.equals(defaults.name())) {
      throw Problem.badRequest("The event name '" + name + "' is reserved.");
    }
    if (name == null || !NAME.matcher(name).matches()) {
      throw Problem.badRequest("event must be a name that matches " + NAME.pattern() + ".");
    }
    if (!json.containsKey("data")) {
      throw Problem.badRequest("data is required. It may be any JSON value.");
    }
    String data = encodable(json.get("data").toString());
    if (data.getBytes(StandardCharsets.UTF_8).length > MAX_EVENT_BYTES) {
      throw tooLarge("The data of an event has at most " + MAX_EVENT_BYTES + " bytes.");
    }
    String user = text(json, "userId");
    if (user != null && (user.isEmpty() || user.length() > MAX_USER)) {
      throw Problem.badRequest("userId must have 1 to " + MAX_USER + " characters.");
    }
    String channel = text(json, "channel");
    if (channel != null && !Filter.CHANNEL.matcher(channel).matches()) {
      throw Problem.badRequest(
          "channel must be a name that matches " + Filter.CHANNEL.pattern() + ".");
    }
    return Event.of(name)
        .visibility(visibility(text(json, "visibility"), defaults))
        .userId(user)
        .channel(channel == null ? Event.STUDIO_CHANNEL : channel)
        .data(data)
        .build();
  }

  /** Escapes lone surrogates, which UTF-8 cannot encode. */
  private static String encodable(String json) {
    return LONE_SURROGATE
        .matcher(json)
        .replaceAll(surrogate -> "\\\\u%04x".formatted((int) surrogate.group().charAt(0)));
  }

  private static Visibility visibility(@Nullable String text, Defaults defaults) {
    try {
      return text == null ? defaults.visibility() : Visibility.of(text);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable String text(JsonObject json, String field) {
    JsonValue value = json.get(field);
    if (value == null || value == JsonValue.NULL) {
      return null;
    }
    if (value instanceof JsonString string && Text.isName(string.getString())) {
      return string.getString();
    }
    throw Problem.badRequest(
        field + " must be a string without control characters and invisible characters.");
  }
}
