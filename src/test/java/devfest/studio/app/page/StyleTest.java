package devfest.studio.app.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The colours of texts that a scan in the browser meets only by chance, as of a passing badge. */
class StyleTest {

  private static final Path STYLE = Path.of("src/main/webapp/dashboard/style.css");
  private static final double LEAST = 4.5;

  private static final Pattern RULE = Pattern.compile("([^{}]+)\\{([^{}]*)}");
  private static final Pattern TEXT = Pattern.compile("(?<![-\\w])color:\\s*(#\\w+)");
  private static final Pattern BACKGROUND = Pattern.compile("background(?:-color)?:([^;]+)");
  private static final Pattern COLOUR = Pattern.compile("#(?:[0-9a-f]{6}|[0-9a-f]{3})(?!\\w)");

  /** WCAG 2.2, 1.4.3. */
  @Test
  void aTextOnAColourOfItsOwnRuleHasEnoughContrast() throws IOException {
    int compared = 0;
    List<String> faint = new ArrayList<>();
    for (MatchResult rule : RULE.matcher(Files.readString(STYLE)).results().toList()) {
      Matcher text = TEXT.matcher(rule.group(2));
      Matcher background = BACKGROUND.matcher(rule.group(2));
      if (!text.find() || !background.find()) {
        continue;
      }
      for (MatchResult behind : COLOUR.matcher(background.group(1)).results().toList()) {
        compared++;
        double contrast = contrast(luminance(text.group(1)), luminance(behind.group()));
        if (contrast < LEAST) {
          faint.add("%s: %.2f".formatted(rule.group(1).strip(), contrast));
        }
      }
    }
    assertEquals(List.of(), faint);
    assertFalse(compared < 5, "only " + compared + " rules were found");
  }

  private static double contrast(double one, double other) {
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  }

  /** The relative luminance of a colour as {@code #rgb} or {@code #rrggbb}. */
  private static double luminance(String colour) {
    String digits = colour.substring(1);
    if (digits.length() == 3) {
      digits = digits.replaceAll("(.)", "$1$1");
    }
    int rgb = Integer.parseInt(digits, 16);
    return 0.2126 * linear(rgb >> 16)
        + 0.7152 * linear(rgb >> 8 & 255)
        + 0.0722 * linear(rgb & 255);
  }

  private static double linear(int value) {
    double share = value / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }
}
