package devfest.studio.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every picture of the gallery looks as in Chromium. */
class GalleryTest {
  private static final Map<String, byte[]> PICTURES = Gallery.pictures();
  private static final Map<String, String> CHROMIUM = new HashMap<>();

  @BeforeAll
  static void readWhatChromiumShows() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                GalleryTest.class.getResourceAsStream("/pictures/chromium.txt"),
                StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int end = line.indexOf(": ");
        if (!line.startsWith("#") && end > 0) {
          for (String name : line.substring(0, end).split(" ")) {
            CHROMIUM.put(name, line.substring(end + 2));
          }
        }
      }
    }
  }

  @Test
  void everyPictureOfTheGalleryIsChecked() {
    assertEquals(PICTURES.keySet(), CHROMIUM.keySet());
  }

  static Stream<String> names() {
    return PICTURES.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void looksAsInChromium(String name) throws IOException {
    String ours = Gallery.seen(PICTURES.get(name));
    String theirs = CHROMIUM.get(name);
    // Codecs and their arithmetic may be off a little.
    assertTrue(
        Gallery.difference(ours, theirs) <= 3, () -> "Chromium: " + theirs + "\nours:     " + ours);
  }
}
