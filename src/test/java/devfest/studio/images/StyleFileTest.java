package devfest.studio.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StyleFileTest {
  @Test
  void readsAStyle() {
    Style style = StyleFile.parse(lines("curve(0 0, 255 255), saturation(0.5)")).get(0);
    assertEquals("plain", style.id());
    assertEquals("Plain", style.name());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sparkle(1)",
        "grain",
        "grain()",
        "grain(much)",
        "grain(NaN)",
        "grain(7)",
        "grain(0.1, 0.2)",
        "grain(0.1) vignette(0.1)",
        "grain(0.1),",
        "grain(0.1), ,vignette(0.1)",
        "grain((0.1))",
        "curve(0 0)",
        "curve(0 0, 300 255)",
        "curve(100 0, 50 255)",
        "curve(0, 255)",
        "posterise(2.5)",
        "gradient(1, #ffffff)",
        "gradient(1, red, #ffffff)"
      })
  void aWrongOperationIsReportedWithItsStyle(String operations) {
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> StyleFile.parse(lines(operations)));
    assertTrue(e.getMessage().contains("plain"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"styles", "plain.category", "plain.name.fr", "plain.description.en"})
  void aMissingLineIsReported(String key) {
    Properties lines = lines("grain(0.1)");
    lines.remove(key);
    assertThrows(IllegalStateException.class, () -> StyleFile.parse(lines));
  }

  @Test
  void aLineOfAnUnlistedStyleIsReported() {
    Properties lines = lines("grain(0.1)");
    lines.setProperty("plain.nmae.en", "Plain");
    assertThrows(IllegalStateException.class, () -> StyleFile.parse(lines));
  }

  @Test
  void anUnknownCategoryIsReported() {
    Properties lines = lines("grain(0.1)");
    lines.setProperty("plain.category", "misc");
    assertThrows(IllegalStateException.class, () -> StyleFile.parse(lines));
  }

  @Test
  void inverseCurvesAndMatricesCancelOut() {
    BufferedImage source = Styles.builtIn().sample();
    String chain =
        "curve(0 0, 255 255), saturation(1), curve(0 255, 255 0), curve(0 255, 255 0),"
            + " saturation(2), saturation(0.5)";
    Style style = StyleFile.parse(lines(chain)).get(0);
    assertArrayEquals(Bgr.pixels(source), Bgr.pixels(style.apply(source, Progress.NONE)));
  }

  @Test
  void aStyleWithItsOwnEngineNeedsNoOperations() {
    assertEquals(Style.LOCAL, Styles.of(lines("grain(0.1)")).all().get(0).engine());
    Properties lines = lines("grain(0.1)");
    lines.remove("plain.operations");
    lines.setProperty("plain.engine", "remote");
    assertEquals("remote", Styles.of(lines).all().get(0).engine());
  }

  private static Properties lines(String operations) {
    Properties lines = new Properties();
    lines.setProperty("styles", "plain");
    lines.setProperty("plain.category", "creative");
    for (String language : new String[] {"en", "fr"}) {
      lines.setProperty("plain.name." + language, "Plain");
      lines.setProperty("plain.description." + language, "Nothing special.");
    }
    lines.setProperty("plain.operations", operations);
    return lines;
  }
}
