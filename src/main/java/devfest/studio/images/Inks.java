package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;

/**
 * Four inks on white paper as the eye sees them. The paper shows sixteen colours, one for each
 * overprint of solid inks, and a picture is their mean weighted by the area each covers (the model
 * of Neugebauer, with the usual sRGB values of offset printing). No profile is needed, so none can
 * be broken.
 *
 * @param luma whether the first three samples are YCbCr of the inks (YCCK)
 * @param inverted whether 255 means no ink, as Adobe's programs store it
 */
record Inks(boolean luma, boolean inverted) {
  /** Red, green and blue of the overprints: bit 0 cyan, bit 1 magenta, bit 2 yellow. */
  private static final int[][] OVERPRINTS = {
    {255, 255, 255}, {0, 174, 239}, {236, 0, 140}, {46, 49, 146},
    {255, 242, 0}, {0, 166, 81}, {237, 28, 36}, {54, 53, 52}
  };

  /** What solid black leaves of an overprint, and its own colour. */
  private static final float BLACK_KEEPS = 0.02f;

  private static final int[] BLACK = {35, 31, 32};

  BufferedImage toBgr(Raster stored) {
    int width = stored.getWidth();
    BufferedImage image = Bgr.create(width, stored.getHeight());
    byte[] pixels = Bgr.pixels(image);
    int[] row = new int[4 * width];
    float[] ink = new float[4];
    float[] rgb = new float[3];
    int o = 0;
    for (int y = 0; y < stored.getHeight(); y++) {
      stored.getPixels(stored.getMinX(), stored.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        amounts(row, 4 * x, ink);
        print(ink, rgb);
        pixels[o++] = (byte) (int) (rgb[2] + 0.5f);
        pixels[o++] = (byte) (int) (rgb[1] + 0.5f);
        pixels[o++] = (byte) (int) (rgb[0] + 0.5f);
      }
    }
    return image;
  }

  private void amounts(int[] samples, int i, float[] ink) {
    float c = samples[i];
    float m = samples[i + 1];
    float y = samples[i + 2];
    if (luma) {
      float cb = m - 128;
      float cr = y - 128;
      float light = c;
      // JFIF's YCbCr gives RGB, which is the complement of what the three inks are stored as.
      c = 255 - clip(light + 1.402f * cr);
      m = 255 - clip(light - 0.344136f * cb - 0.714136f * cr);
      y = 255 - clip(light + 1.772f * cb);
    }
    ink[0] = amount(c);
    ink[1] = amount(m);
    ink[2] = amount(y);
    ink[3] = amount(samples[i + 3]);
  }

  private float amount(float sample) {
    return inverted ? 1 - sample / 255 : sample / 255;
  }

  private static float clip(float value) {
    return Math.max(0, Math.min(255, value));
  }

  private static void print(float[] ink, float[] rgb) {
    float k = ink[3];
    for (int channel = 0; channel < 3; channel++) {
      rgb[channel] = 0;
    }
    for (int overprint = 0; overprint < OVERPRINTS.length; overprint++) {
      float area =
          ((overprint & 1) != 0 ? ink[0] : 1 - ink[0])
              * ((overprint & 2) != 0 ? ink[1] : 1 - ink[1])
              * ((overprint & 4) != 0 ? ink[2] : 1 - ink[2]);
      for (int channel = 0; channel < 3; channel++) {
        rgb[channel] += area * OVERPRINTS[overprint][channel];
      }
    }
    for (int channel = 0; channel < 3; channel++) {
      float light = rgb[channel];
      rgb[channel] = light * (1 - k) + k * (BLACK[channel] * (1 - BLACK_KEEPS) * light / 255);
    }
  }
}
