package devfest.studio.cluster;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A message between nodes, sent as one line of JSON. Immutable.
 *
 * @param kind selects the {@link Receiver}
 * @param key identifies the state that the message reports: a newer message of the same kind and
 *     key replaces one that has not been sent yet
 */
public record Message(String kind, String key, JsonObject data) {

  /** PostgreSQL limits the payload of a notification to less than 8,000 bytes. */
  public static final int MAX_BYTES = 7_900;

  /** Cached, because each static method of {@code Json} looks up the provider. */
  public static final JsonProvider JSON = JsonProvider.provider();

  /** Nodes ignore messages of other versions. */
  private static final int VERSION = 1;

  /** A message without data. */
  public static Message of(String kind) {
    return new Message(kind, "", JsonValue.EMPTY_JSON_OBJECT);
  }

  /** A message of another node. */
  record Received(String node, String kind, JsonObject data) {}

  /** The message as one line; empty if it is too large to send. */
  Optional<String> line(String node) {
    String line =
        JSON.createObjectBuilder()
            .add("v", VERSION)
            .add("node", node)
            .add("kind", kind)
            .add("data", data)
            .build()
            .toString();
    return bytes(line) <= MAX_BYTES ? Optional.of(line) : Optional.empty();
  }

  /** The size of a line. */
  static int bytes(String line) {
    return line.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Parses a line; empty if it is malformed or of another version. */
  static Optional<Received> parse(String line) {
    try (JsonReader reader = JSON.createReader(new StringReader(line))) {
      JsonObject message = reader.readObject();
      if (message.getInt("v") != VERSION) {
        return Optional.empty();
      }
      return Optional.of(
          new Received(
              message.getString("node"), message.getString("kind"), message.getJsonObject("data")));
    } catch (JsonException | NullPointerException | ClassCastException e) {
      return Optional.empty();
    }
  }
}
