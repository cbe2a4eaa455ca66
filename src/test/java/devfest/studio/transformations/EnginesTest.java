package devfest.studio.transformations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import devfest.studio.images.Styles;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class EnginesTest {

  private final Engines engines = new Engines(List.<StyleEngine>of(new LocalEngine()));

  /** One style of an engine. */
  static Styles styles(String engine) {
    Properties lines = new Properties();
    lines.setProperty("styles", "plain");
    lines.setProperty("plain.category", "creative");
    lines.setProperty("plain.engine", engine);
    for (String language : new String[] {"en", "fr"}) {
      lines.setProperty("plain.name." + language, "Plain");
      lines.setProperty("plain.description." + language, "Nothing special.");
    }
    return Styles.of(lines);
  }

  @Test
  void builtInStylesNeedOnlyTheBuiltInEngine() {
    engines.check(Styles.builtIn());
  }

  @Test
  void aStyleWhoseEngineIsAbsentIsReportedInOneLine() {
    assertEquals(
        "The style 'plain' needs the engine 'remote'. Available engines: local",
        assertThrows(IllegalStateException.class, () -> engines.check(styles("remote")))
            .getMessage());
  }
}
