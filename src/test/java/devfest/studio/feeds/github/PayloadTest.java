package devfest.studio.feeds.github;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.http.Problem;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {

  private static Map<String, String> read(String json) {
    return Payload.read(json.getBytes(StandardCharsets.UTF_8), false);
  }

  private static JsonObject deliveries() {
    try (JsonReader reader =
        Json.createReader(PayloadTest.class.getResourceAsStream("/github/deliveries.json"))) {
      return reader.readObject();
    }
  }

  @Test
  void theFactsOfAReleaseAreFoundByTheirPath() {
    Map<String, String> facts = read(deliveries().get("release").toString());
    assertEquals("published", facts.get("action"));
    assertEquals("Codertocat/Hello-World", facts.get("repository.full_name"));
    assertEquals("0.0.1", facts.get("release.tag_name"));
    assertEquals("false", facts.get("release.draft"));
    assertEquals("octocat", facts.get("sender.login"));
    assertFalse(facts.containsKey("release.author.login"), "of no use to a post");
  }

  @Test
  void aPushHasTheNumberOfItsCommits() {
    assertEquals("2", read(deliveries().get("push").toString()).get("commits"));
  }

  @Test
  void everyDocumentedKindIsReadAsJsonAndAsAForm() {
    JsonObject all = deliveries();
    assertTrue(all.size() >= 15);
    all.forEach(
        (event, payload) -> {
          Map<String, String> facts = read(payload.toString());
          String form = "payload=" + URLEncoder.encode(payload.toString(), StandardCharsets.UTF_8);
          assertEquals(facts, Payload.read(form.getBytes(StandardCharsets.UTF_8), true), event);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "1", "null", "{", "{\"a\":}", "{} {}", "{\"a\":1", "no"})
  void aPayloadThatIsNotAnObjectIsRejected(String body) {
    assertEquals(400, assertThrows(Problem.class, () -> read(body)).status());
  }

  @Test
  void aFormWithoutAPayloadIsRejected() {
    byte[] form = "other=1".getBytes(StandardCharsets.UTF_8);
    assertEquals(400, assertThrows(Problem.class, () -> Payload.read(form, true)).status());
    byte[] bad = "payload=%zz".getBytes(StandardCharsets.UTF_8);
    assertEquals(400, assertThrows(Problem.class, () -> Payload.read(bad, true)).status());
  }

  @Test
  void deepAndLongPayloadsAreReadCheaply() {
    String deep = "[".repeat(900) + "]".repeat(900);
    String text = "x".repeat(5_000_000);
    Map<String, String> facts =
        read("{\"a\":" + deep + ",\"release\":{\"body\":\"" + text + "\",\"tag_name\":\"1\"}}");
    assertEquals("1", facts.get("release.tag_name"));
    assertEquals(600, facts.get("release.body").length());
  }

  @Test
  void controlCharactersAreRemoved() {
    assertEquals("a b\nc", read("{\"action\":\"a\\u0000\\u0007b\\nc\"}").get("action"));
  }

  @Test
  void everyLineEndingBecomesALineFeed() {
    assertEquals("a\nb\n\nc", read("{\"action\":\"a\\r\\nb\\r\\n\\rc\"}").get("action"));
  }

  @Test
  void anEmojiIsNeverSplit() {
    for (String emoji : new String[] {"😀", "👨‍👩‍👧‍👦"}) {
      for (int before = 600 - emoji.length(); before <= 601; before++) {
        String text = "x".repeat(before) + emoji + "y".repeat(3_000);
        String fact = read("{\"action\":\"" + text + "\"}").get("action");
        int whole = before + emoji.length();
        String expected =
            whole <= 600 ? text.substring(0, whole) : "x".repeat(Math.min(before, 600));
        assertEquals(expected, fact);
      }
    }
  }

  @Test
  void nullIsNotAFact() {
    Map<String, String> facts =
        read("{\"pull_request\":{\"user\":null,\"title\":null},\"sender\":{\"login\":null}}");
    assertEquals(Map.of(), facts);
  }
}
