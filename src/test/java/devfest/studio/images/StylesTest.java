package devfest.studio.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StylesTest {
  private static final Styles STYLES = Styles.builtIn();

  static Stream<Style> styles() {
    return STYLES.all().stream();
  }

  @Test
  void eachOfFiveCategoriesHasManyStyles() {
    assertTrue(STYLES.all().size() >= 24);
    for (String category : List.of("professional", "artistic", "tech", "creative", "thematic")) {
      assertTrue(styles().filter(style -> style.category().equals(category)).count() >= 4);
    }
    assertTrue(STYLES.find("vintage").isPresent());
    assertTrue(STYLES.find("modern").isPresent());
    assertTrue(STYLES.find("unheard-of").isEmpty());
  }

  @ParameterizedTest
  @MethodSource("styles")
  void everyStyleHasTextsInEnglishAndFrench(Style style) {
    assertNotEquals(style.description(), style.description(Locale.FRANCE));
    assertEquals(style.description(), style.description(Locale.GERMAN));
    assertEquals(style.name(), style.name(Locale.UK));
    assertTrue(style.name().length() > 2 && style.name(Locale.FRENCH).length() > 2);
  }

  @Test
  void textsKeepTheirAccents() {
    assertEquals("Rétro", STYLES.find("vintage").orElseThrow().name(Locale.FRENCH));
  }

  @Test
  void stylesDifferFromTheSourceAndFromEachOther() {
    List<BufferedImage> pictures = new ArrayList<>(List.of(STYLES.sample()));
    styles().forEach(style -> pictures.add(style.apply(STYLES.sample(), Progress.NONE)));
    for (int i = 0; i < pictures.size(); i++) {
      for (int k = 0; k < i; k++) {
        double difference = Pictures.difference(pictures.get(i), pictures.get(k));
        assertTrue(difference > 5, i + " and " + k + " differ by " + difference);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("styles")
  void theSourceIsUnchangedAndTheResultIsReproducible(Style style) {
    BufferedImage source = STYLES.sample();
    byte[] before = Bgr.pixels(source).clone();
    BufferedImage first = style.apply(source, Progress.NONE);
    BufferedImage second = style.apply(source, Progress.NONE);
    assertArrayEquals(before, Bgr.pixels(source));
    assertArrayEquals(Bgr.pixels(first), Bgr.pixels(second));
    assertEquals(source.getWidth(), first.getWidth());
    assertEquals(source.getHeight(), first.getHeight());
    assertEquals(BufferedImage.TYPE_3BYTE_BGR, first.getType());
  }

  @ParameterizedTest
  @MethodSource("styles")
  void unusualSizesWork(Style style) {
    for (int[] size : new int[][] {{1, 1}, {1, 500}, {3000, 2}, {2, 3}, {7, 1900}}) {
      BufferedImage source = Pictures.quarters(size[0], size[1], BufferedImage.TYPE_3BYTE_BGR);
      BufferedImage result = style.apply(source, Progress.NONE);
      assertEquals(size[0], result.getWidth());
      assertEquals(size[1], result.getHeight());
    }
  }

  @ParameterizedTest
  @MethodSource("styles")
  void progressRisesFromZeroToOneInManySteps(Style style) {
    List<Double> heard = new ArrayList<>();
    style.apply(Pictures.quarters(900, 600, BufferedImage.TYPE_3BYTE_BGR), heard::add);
    assertTrue(heard.size() >= 20);
    assertEquals(heard.stream().sorted().toList(), heard);
    assertEquals(0, heard.get(0));
    assertEquals(1, heard.get(heard.size() - 1), 0.02);
  }

  @ParameterizedTest
  @MethodSource("styles")
  void anExceptionOfTheProgressListenerStopsTheWork(Style style) {
    CancellationException cancelled = new CancellationException();
    int[] calls = {0};
    Progress progress =
        fraction -> {
          calls[0]++;
          if (fraction > 0.4) {
            throw cancelled;
          }
        };
    BufferedImage source = Pictures.quarters(640, 640, BufferedImage.TYPE_3BYTE_BGR);
    assertSame(
        cancelled, assertThrows(CancellationException.class, () -> style.apply(source, progress)));
    assertTrue(calls[0] < 40, "called " + calls[0] + " times");
  }

  @Test
  void aPreviewLooksLikeTheLargePicture() {
    BufferedImage large = Pictures.quarters(2400, 1600, BufferedImage.TYPE_3BYTE_BGR);
    Thumbnailer preview = new Thumbnailer(480);
    for (Style style : STYLES.all()) {
      BufferedImage shrunk = preview.thumbnail(style.apply(large, Progress.NONE));
      BufferedImage direct = style.apply(preview.thumbnail(large), Progress.NONE);
      // Lines and dots may fall elsewhere: it is the look that counts.
      Thumbnailer glance = new Thumbnailer(120);
      double difference = Pictures.difference(glance.thumbnail(shrunk), glance.thumbnail(direct));
      assertTrue(difference < 12, style.id() + " differs by " + difference);
    }
  }

  @Test
  void professionalStylesKeepSkinWarmAndUnclipped() {
    BufferedImage skin = new BufferedImage(300, 200, BufferedImage.TYPE_3BYTE_BGR);
    int[] tones = {0x3B2219, 0x8D5A42, 0xD9A183, 0xF6D9C4};
    for (int tone : tones) {
      for (int i = 0; i < 300 * 200; i++) {
        skin.setRGB(i % 300, i / 300, tone);
      }
      int middle = STYLES.find("modern").orElseThrow().apply(skin, Progress.NONE).getRGB(150, 100);
      int red = middle >> 16 & 0xFF;
      int green = middle >> 8 & 0xFF;
      int blue = middle & 0xFF;
      assertTrue(red > green && green > blue && red < 255 && blue > 5);
      assertEquals(tone >> 16, red, 34);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"keynote", "winter", "dream", "miniature"})
  void aBrightStyleKeepsTheCloudsOfABrightSky(String style) throws Exception {
    for (String photo : List.of("landscape", "portrait")) {
      double before = blownOut(photo(photo));
      double after = blownOut(styled(style, photo(photo)));
      assertTrue(after <= 1.25 * before, photo + ": " + before + " % became " + after + " %");
    }
  }

  /** How many of a hundred pixels have a channel at its end. */
  private static double blownOut(BufferedImage image) {
    byte[] pixels = Bgr.pixels(image);
    int found = 0;
    for (int i = 0; i < pixels.length; i += 3) {
      int most = Math.max(pixels[i] & 0xFF, Math.max(pixels[i + 1] & 0xFF, pixels[i + 2] & 0xFF));
      found += most >= 254 ? 1 : 0;
    }
    return 300.0 * found / pixels.length;
  }

  @Test
  void infraredTurnsLeavesPaleAndRoseAndDarkensABlueSky() {
    for (int leaf : new int[] {0x5A6432, 0x96A05A}) {
      int[] rgb = middle("infrared", leaf);
      assertTrue(rgb[0] > rgb[1] && rgb[2] >= rgb[1] - 3, "rose");
      assertTrue(rgb[0] - rgb[1] < 60 && rgb[1] > (leaf >> 8 & 0xFF) + 20, "and pale");
    }
    assertTrue(middle("infrared", 0x283C6E)[2] < 0x6E);
  }

  private static int[] middle(String style, int colour) {
    BufferedImage plain = new BufferedImage(300, 200, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 300 * 200; i++) {
      plain.setRGB(i % 300, i / 300, colour);
    }
    int middle = styled(style, plain).getRGB(150, 100);
    return new int[] {middle >> 16 & 0xFF, middle >> 8 & 0xFF, middle & 0xFF};
  }

  @Test
  void aPosterOfANightSkyHasNoPatches() throws Exception {
    BufferedImage poster = styled("poster", photo("low-light"));
    int edges = 0;
    int sky = poster.getHeight() / 2;
    for (int y = 0; y < sky; y++) {
      for (int x = 1; x < poster.getWidth(); x++) {
        edges += (poster.getRGB(x, y) ^ poster.getRGB(x - 1, y)) == 0 ? 0 : 1;
      }
    }
    assertTrue(edges < sky * poster.getWidth() / 50, edges + " edges");
  }

  private static BufferedImage styled(String style, BufferedImage image) {
    return STYLES.find(style).orElseThrow().apply(image, Progress.NONE);
  }

  private static BufferedImage photo(String name) throws Exception {
    return new Decoder(50_000_000)
        .decode(Files.readAllBytes(Path.of("src/test/photos", name + ".jpg")));
  }

  @Test
  void theSampleHasShadowsAndHighlightsAndIsCopiedForEachCall() {
    BufferedImage sample = STYLES.sample();
    assertEquals(480, sample.getWidth());
    assertEquals(320, sample.getHeight());
    assertArrayEquals(Bgr.pixels(sample), Bgr.pixels(STYLES.sample()));
    int darkest = 255;
    int brightest = 0;
    for (byte value : Bgr.pixels(sample)) {
      darkest = Math.min(darkest, value & 0xFF);
      brightest = Math.max(brightest, value & 0xFF);
    }
    assertTrue(darkest < 20 && brightest > 235);
  }
}
