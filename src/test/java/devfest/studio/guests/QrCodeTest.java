package devfest.studio.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QrCodeTest {

  /** Pixels for each module. */
  private static final int SCALE = 4;

  private static final Pattern SIZE = Pattern.compile("viewBox=\"0 0 (\\d+) (\\d+)\"");
  private static final Pattern RUN = Pattern.compile("M(\\d+) (\\d+)h(\\d+)v1h-(\\d+)z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://studio.example/join#pass=0123456789abcdefghij-_",
        "http://localhost:8080/a-context-path/join#pass=ZZZZZZZZZZZZZZZZZZZZZZ"
      })
  void aReaderFindsTheTextInTheDrawing(String text) throws Exception {
    String svg = QrCode.svg(text);
    Matcher size = SIZE.matcher(svg);
    assertTrue(size.find());
    int width = Integer.parseInt(size.group(1)) * SCALE;
    int[] pixels = new int[width * width];
    Arrays.fill(pixels, 0xffffff);
    Matcher run = RUN.matcher(svg);
    while (run.find()) {
      int x = Integer.parseInt(run.group(1)) * SCALE;
      int y = Integer.parseInt(run.group(2)) * SCALE;
      for (int dy = 0; dy < SCALE; dy++) {
        int row = (y + dy) * width + x;
        Arrays.fill(pixels, row, row + Integer.parseInt(run.group(3)) * SCALE, 0);
      }
    }
    RGBLuminanceSource picture = new RGBLuminanceSource(width, width, pixels);
    String found =
        new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(picture))).getText();
    assertEquals(text, found);
  }

  @Test
  void theDrawingIsSmall() {
    int length = QrCode.svg("https://studio.example/join#pass=0123456789abcdefghij-_").length();
    assertTrue(length < 10_000, () -> length + " characters");
  }
}
