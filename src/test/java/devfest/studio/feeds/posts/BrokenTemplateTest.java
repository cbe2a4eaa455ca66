package devfest.studio.feeds.posts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokenTemplateTest {

  @TempDir Path dir;

  private BrokenTemplate broken(String content) throws IOException {
    Templates templates = new Templates(Files.writeString(dir.resolve("own"), content).toString());
    return assertThrows(
        BrokenTemplate.class, () -> templates.fill("release.title", Map.of("known", "x")));
  }

  @Test
  void aMissingTemplateIsNamed() throws Exception {
    assertEquals(
        "The template release.title does not exist.", broken("release.body=x").getMessage());
  }

  @Test
  void aTemplateWithoutTextForTheFactsIsNamed() throws Exception {
    for (String empty : new String[] {"", " {unknown} ", "[[{known} {unknown}]]"}) {
      assertEquals(
          "The template release.title produces no text.",
          broken("release.title=" + empty).getMessage());
    }
  }

  @Test
  void anUnreadableFileIsReportedWithItsCauseButWithoutItsPath() throws Exception {
    BrokenTemplate malformed = broken("release.title=\\u12");
    assertEquals("The file in studio.posts.templates cannot be read.", malformed.getMessage());
    assertInstanceOf(IllegalArgumentException.class, malformed.getCause());

    Templates missing = new Templates(dir.resolve("missing").toString());
    BrokenTemplate absent =
        assertThrows(BrokenTemplate.class, () -> missing.fill("release.title", Map.of()));
    assertEquals("The file in studio.posts.templates cannot be read.", absent.getMessage());
    assertInstanceOf(IOException.class, absent.getCause());
  }
}
