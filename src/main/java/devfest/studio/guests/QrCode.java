package devfest.studio.guests;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;

/** Draws QR codes (ISO/IEC 18004). */
public final class QrCode {

  /** Modules of white around the code, as the standard requires. */
  private static final int QUIET = 4;

  private QrCode() {}

  /**
   * Returns an SVG document of a code that survives the loss of 15 %.
   *
   * @param text at most a few hundred characters
   */
  public static String svg(String text) {
    ByteMatrix code;
    try {
      code = Encoder.encode(text, ErrorCorrectionLevel.M).getMatrix();
    } catch (WriterException e) {
      throw new IllegalArgumentException("The text does not fit a QR code", e);
    }
    int size = code.getWidth() + 2 * QUIET;
    StringBuilder dark = new StringBuilder();
    for (int y = 0; y < code.getHeight(); y++) {
      for (int x = 0; x < code.getWidth(); x++) {
        int begin = x;
        while (x < code.getWidth() && code.get(x, y) == 1) {
          x++;
        }
        if (x > begin) {
          dark.append("M%d %dh%dv1h-%dz".formatted(begin + QUIET, y + QUIET, x - begin, x - begin));
        }
      }
    }
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">\
        <path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>"""
        .formatted(size, size, size, size, dark);
  }
}
