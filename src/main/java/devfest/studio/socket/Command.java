package devfest.studio.socket;

import devfest.studio.http.Problem;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

/**
 * A command of a client: {@code {"type": "follow" or "leave", "channels": […]}} or {@code {"type":
 * "ping"}}.
 *
 * @param channels empty for a ping
 */
record Command(Type type, List<String> channels) {

  enum Type {
    FOLLOW,
    LEAVE,
    PING
  }

  private static final JsonProvider JSON = JsonProvider.provider();

  /**
   * Reads a message. Unknown members are ignored.
   *
   * @throws Problem 400 if it is not a command
   */
  static Command parse(String message) {
    JsonObject object = object(message);
    String type = object.get("type") instanceof JsonString text ? text.getString() : "";
    return switch (type) {
      case "follow" -> new Command(Type.FOLLOW, channels(object));
      case "leave" -> new Command(Type.LEAVE, channels(object));
      case "ping" -> new Command(Type.PING, List.of());
      default -> throw Problem.badRequest("'type' must be 'follow', 'leave' or 'ping'.");
    };
  }

  private static JsonObject object(String message) {
    try (JsonReader reader = JSON.createReader(new StringReader(message))) {
      if (reader.readValue() instanceof JsonObject object) {
        return object;
      }
    } catch (RuntimeException e) { // also if the message is nested too deeply
      throw Problem.badRequest("A message must be a JSON object.", e);
    }
    throw Problem.badRequest("A message must be a JSON object.");
  }

  private static List<String> channels(JsonObject object) {
    List<String> names = new ArrayList<>();
    if (object.get("channels") instanceof JsonArray array) {
      for (JsonValue name : array) {
        if (!(name instanceof JsonString text)) {
          throw notNames();
        }
        names.add(text.getString());
      }
      return List.copyOf(names);
    }
    throw notNames();
  }

  private static Problem notNames() {
    return Problem.badRequest("'channels' must be a list of channel names.");
  }
}
