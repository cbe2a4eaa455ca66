package devfest.studio.feeds.posts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {

  private static final Map<String, String> MERGED =
      Map.of(
          "repository.full_name", "a/b",
          "pull_request.title", "Mend it",
          "pull_request.number", "7",
          "pull_request.user.login", "ann",
          "pull_request.html_url", "https://example.org/7");

  @TempDir Path dir;

  private static Map<String, String> without(String fact) {
    Map<String, String> facts = new HashMap<>(MERGED);
    facts.remove(fact);
    return facts;
  }

  @Test
  void anAuthorIsThankedIfKnown() {
    Templates english = new Templates("en");
    assertEquals(
        "Merged, with thanks to ann: Mend it (#7)\n\nhttps://example.org/7",
        english.fill("pull_request.body", MERGED));
    assertEquals(
        "Merged: Mend it (#7)\n\nhttps://example.org/7",
        english.fill("pull_request.body", without("pull_request.user.login")));
    assertEquals(
        "Fusionné\u00a0: Mend it (nº 7)\n\nhttps://example.org/7",
        new Templates("fr").fill("pull_request.body", without("pull_request.user.login")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "fr"})
  void missingFactsLeaveNoGap(String language) {
    Templates templates = new Templates(language);
    Map<String, String> release = Map.of("repository.full_name", "a/b", "release.tag_name", "1");
    for (String missing : MERGED.keySet()) {
      String body = templates.fill("pull_request.body", without(missing));
      for (String gap : new String[] {"(#)", "(nº )", "to :", "à\u00a0:", "\n\n\n", "{", "["}) {
        assertFalse(body.contains(gap), body);
      }
    }
    Map<String, String> bodyless = new HashMap<>(release);
    bodyless.put("release.name", "One");
    bodyless.put("release.html_url", "https://example.org");
    assertEquals("One\n\nhttps://example.org", templates.fill("release.body", bodyless));
  }

  @Test
  void singleBracketsAreWordsLikeAnyOther() throws Exception {
    Path own = Files.writeString(dir.resolve("own"), "a=[{x}]({y})[[ by {z}, 1]] {{z}}\n");
    Templates templates = new Templates(own.toString());
    assertEquals("[X](Y) {}", templates.fill("a", Map.of("x", "X", "y", "Y")));
    assertEquals("[X](Y) by Z, 1 {Z}", templates.fill("a", Map.of("x", "X", "y", "Y", "z", "Z")));
  }
}
