package devfest.studio.publish;

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
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event that a publisher sends. Parsed and checked by hand, since its data is any JSON value.
 *
 * @param key by which a repetition is recognised
 */
record Publication(Event event, Optional<Key> key) {

  /** Held, since each call of the static {@code Json} looks for a provider anew. */
  private static final JsonProvider JSON = JsonProvider.provider();

  private static final int MAX_EVENT_BYTES = 64 * 1024;
  private static final int MAX_EVENTS = 1_000;
  private static final int MAX_USER = 255;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");
  private static final Pattern HALF_A_PAIR = Pattern.compile("\\p{Cs}");
  private static final Set<String> RESERVED =
      Set.of("error", "open", "message", "connected", "heartbeat", "erased");
  private static final List<String> RESERVED_PREFIXES =
      List.of("photo.", "transformation.", "stream.", "post.");

  /**
   * The defaults for members that an event leaves out.
   *
   * @param name null when an event must have a name; otherwise a name that is allowed though it is
   *     reserved
   */
  record Defaults(@Nullable String name, Visibility visibility) {

    static final Defaults USUAL = new Defaults(null, Visibility.PRIVATE);

    /** A broadcast is public and needs no name. */
    static final Defaults BROADCAST = new Defaults(Event.UNNAMED, Visibility.PUBLIC);
  }

  Optional<String> id() {
    return key.map(Key::id);
  }

  /**
   * Reads one event, or an array of them.
   *
   * @throws Problem 400 or 413 when anything is wrong with any of them
   */
  static List<Publication> read(String user, byte[] body, Defaults defaults) {
    JsonValue json = parse(text(body));
    List<? extends JsonValue> values =
        json.getValueType() == JsonValue.ValueType.ARRAY ? json.asJsonArray() : List.of(json);
    if (values.isEmpty()) {
      throw Problem.badRequest("At least one event is needed");
    }
    if (values.size() > MAX_EVENTS) {
      throw tooLarge("At most " + MAX_EVENTS + " events a request");
    }
    List<Publication> events = new ArrayList<>(values.size());
    for (JsonValue value : values) {
      if (value.getValueType() != JsonValue.ValueType.OBJECT) {
        throw Problem.badRequest("An event is an object: {event, data, userId?, visibility?}");
      }
      JsonObject object = value.asJsonObject();
      byte[] same = object.toString().getBytes(StandardCharsets.UTF_8);
      events.add(
          new Publication(
              event(object, defaults),
              Key.of(user, "event", text(object, "idempotencyKey"), same)));
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
      throw Problem.badRequest("The body is not UTF-8", e);
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
      // Not the exceptions of JSON-P alone: what is nested too deeply ends in others.
      throw Problem.badRequest("The body is not one JSON value", e);
    }
    throw Problem.badRequest("The body is not one JSON value");
  }

  private static Event event(JsonObject json, Defaults defaults) {
    String name = text(json, "event");
    if (name == null || (name.isEmpty() && defaults.name() != null)) {
      name = defaults.name();
    } else if (isReserved(name) && !name.equals(defaults.name())) {
      throw Problem.badRequest("event '" + name + "' is reserved");
    }
    if (name == null || !NAME.matcher(name).matches()) {
      throw Problem.badRequest("event is a name that matches " + NAME.pattern());
    }
    if (!json.containsKey("data")) {
      throw Problem.badRequest("data is needed; it may be any JSON value");
    }
    String data = encodable(json.get("data").toString());
    if (data.getBytes(StandardCharsets.UTF_8).length > MAX_EVENT_BYTES) {
      throw tooLarge("The data of an event has at most " + MAX_EVENT_BYTES + " bytes");
    }
    String user = text(json, "userId");
    if (user != null && (user.isEmpty() || user.length() > MAX_USER)) {
      throw Problem.badRequest("userId has 1 to " + MAX_USER + " characters");
    }
    String channel = text(json, "channel");
    if (channel != null && !Filter.CHANNEL.matcher(channel).matches()) {
      throw Problem.badRequest("channel is a name that matches " + Filter.CHANNEL.pattern());
    }
    return Event.of(name)
        .visibility(visibility(text(json, "visibility"), defaults))
        .userId(user)
        .channel(channel == null ? Event.STUDIO_CHANNEL : channel)
        .data(data)
        .build();
  }

  /** Escapes half of a surrogate pair, which UTF-8 cannot encode. */
  private static String encodable(String json) {
    return HALF_A_PAIR
        .matcher(json)
        .replaceAll(half -> "\\\\u%04x".formatted((int) half.group().charAt(0)));
  }

  private static boolean isReserved(String name) {
    return RESERVED.contains(name) || RESERVED_PREFIXES.stream().anyMatch(name::startsWith);
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
    if (value instanceof JsonString string
        && string.getString().chars().noneMatch(Character::isISOControl)) {
      return string.getString();
    }
    throw Problem.badRequest(field + " is a text without control characters");
  }
}
