package devfest.studio.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationTest {

  private static List<Publication> read(String body) {
    return read(body.getBytes(StandardCharsets.UTF_8), Publication.Defaults.EVENT);
  }

  private static List<Publication> read(byte[] body, Publication.Defaults defaults) {
    return Publication.read("pub", body, defaults, Set.of("message", "own")::contains);
  }

  private static int statusOf(String body) {
    return assertThrows(Problem.class, () -> read(body)).status();
  }

  @Test
  void anObjectIsOneEventAndPrivateByDefault() {
    Event event = read("{\"event\":\"a\",\"data\":{\"b\":1}}").get(0).event();
    assertEquals("a", event.type());
    assertEquals("{\"b\":1}", event.data());
    assertEquals(Visibility.PRIVATE, event.visibility());
    assertNull(event.userId());
  }

  @Test
  void anArrayKeepsItsOrder() {
    List<Event> events =
        read("[{\"event\":\"a\",\"data\":1},{\"event\":\"b\",\"data\":null}]").stream()
            .map(Publication::event)
            .toList();
    assertEquals(List.of("a", "b"), events.stream().map(Event::type).toList());
    assertEquals("null", events.get(1).data());
  }

  @ParameterizedTest
  @ValueSource(strings = {"12345678901234567890.5", "\"é\\n\\u0000\"", "[]", "true", "1E400"})
  void anyJsonValueIsKeptUnchanged(String data) {
    assertEquals(
        jakarta.json.Json.createReader(new java.io.StringReader(data)).readValue(),
        jakarta.json.Json.createReader(
                new java.io.StringReader(
                    read("{\"event\":\"a\",\"data\":" + data + "}").get(0).event().data()))
            .readValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "message", "own", "1a", "", "a b", "a\\nb",
      })
  void reservedAndMalformedNamesAreRejected(String name) {
    assertEquals(400, statusOf("{\"event\":\"" + name + "\",\"data\":1}"));
  }

  @Test
  void aBroadcastMayHaveTheReservedNameOfUnnamedEvents() {
    for (String body :
        List.of(
            "{\"data\":1}", "{\"event\":\"\",\"data\":1}", "{\"event\":\"message\",\"data\":1}")) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      assertEquals(
          "message", read(bytes, Publication.Defaults.BROADCAST).get(0).event().type(), body);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[]",
        "[1]",
        "{}",
        "{\"event\":\"a\"}",
        "{\"event\":1,\"data\":1}",
        "{\"event\":\"a\",\"data\":1,\"visibility\":\"all\"}",
        "{\"event\":\"a\",\"data\":1,\"userId\":7}",
        "{\"event\":\"a\",\"data\":1} x",
      })
  void malformedJsonIsRejected(String body) {
    assertEquals(400, statusOf(body));
  }

  @Test
  void invalidUtf8IsRejected() {
    byte[] body = "{\"event\":\"a\",\"data\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(
        400, assertThrows(Problem.class, () -> read(body, Publication.Defaults.EVENT)).status());
  }

  @Test
  void aLoneSurrogateIsKeptUnchanged() {
    Event event = read("{\"event\":\"a\",\"data\":\"\\ud800 \\ud83d\\ude00\"}").get(0).event();
    assertEquals("\"\\ud800 \ud83d\ude00\"", event.data());
  }

  @Test
  void deeplyNestedJsonIsRejected() {
    assertEquals(
        400, statusOf("{\"event\":\"a\",\"data\":" + "[".repeat(9_000) + "]".repeat(9_000) + "}"));
  }

  @Test
  void anExcessivePublicationIsRejectedAsTooLarge() {
    assertEquals(413, statusOf("{\"event\":\"a\",\"data\":\"" + "x".repeat(65_535) + "\"}"));
    assertEquals(
        413,
        statusOf(
            "[" + "{\"event\":\"a\",\"data\":1},".repeat(1_000) + "{\"event\":\"a\",\"data\":1}]"));
  }
}
