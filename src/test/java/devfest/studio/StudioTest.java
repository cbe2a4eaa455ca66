package devfest.studio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;

/** A test with users of a running studio, and calls that several tests need. */
public abstract class StudioTest {

  protected static final String V1 = "/api/v1";

  protected Client ann;
  protected Client bob;
  protected Client publisher;
  protected Client root;
  protected Client nobody;

  /** The address of the studio under test. */
  protected abstract URI base();

  /** New users for each test, so that tests can share a server. */
  @BeforeEach
  void clients() {
    String suffix = UUID.randomUUID().toString();
    ann = Client.of(base(), "ann-" + suffix);
    bob = Client.of(base(), "bob-" + suffix);
    publisher = Client.of(base(), "pub-" + suffix, "publisher");
    root = Client.of(base(), "root-" + suffix, "admin");
    nobody = Client.anonymous(base());
  }

  protected static JsonObject json(String text) {
    return TestJson.json(text);
  }

  protected static JsonObject json(SseReader.Frame frame) {
    return json(frame.data());
  }

  protected static double number(JsonObject state, String name) {
    return state.getJsonNumber(name).doubleValue();
  }

  protected Client.Reply mention(Client by, Client user, String text) {
    return by.post(
        V1 + "/users/" + user.user() + "/mention",
        Json.createObjectBuilder().add("text", text).build().toString());
  }

  protected String game() {
    Client.Reply reply = publisher.post(V1 + "/games", "{\"home\":\"Red\",\"away\":\"Blue\"}");
    assertEquals(201, reply.status());
    assertTrue(reply.header("Location").endsWith(reply.data().getString("gameId")));
    return reply.data().getString("gameId");
  }

  protected Client.Reply score(String game, int home, int away, String type) {
    return publisher.post(
        "/api/games/" + game + "/score",
        "{\"home_score\":%d,\"away_score\":%d%s}"
            .formatted(home, away, type == null ? "" : ",\"event_type\":\"" + type + "\""));
  }

  protected JsonObject drive(String what, String body) {
    Client.Reply reply = publisher.post(V1 + "/timer/" + what, body);
    assertEquals(200, reply.status());
    return reply.data();
  }

  protected static Client.Reply say(Client by, String room, String text) {
    return by.post(
        V1 + "/chat/messages",
        Json.createObjectBuilder().add("text", text).add("room", room).build().toString());
  }

  protected static String room() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  protected double metric(String name) {
    String text = new String(root.get(V1 + "/metrics").bytes(), UTF_8);
    Matcher line =
        Pattern.compile("^" + Pattern.quote(name) + " (\\S+)$", Pattern.MULTILINE).matcher(text);
    assertTrue(line.find(), () -> name + " is not in\n" + text);
    return Double.parseDouble(line.group(1));
  }

  /** The next message of a channel, on a stream of several. */
  protected static JsonObject nextOf(SseReader reader, String channel) throws InterruptedException {
    return json(
        reader.next(
            frame ->
                frame.event() == null
                    && frame.data() != null
                    && frame.data().startsWith("{\"channel\":\"" + channel + "\"")));
  }
}
