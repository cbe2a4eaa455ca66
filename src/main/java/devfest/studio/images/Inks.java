package devfest.studio.images;

import java.awt.image.Raster;
import java.util.Optional;

/**
 * Converts CMYK and YCCK. JPEG files store inverted inks: 255 is no ink. Browsers assume this with
 * or without Adobe's marker. Without a profile, they multiply the light that the colour and the
 * black inks leave. A profile is applied to all four inks; only Chromium mixes black into the other
 * inks before it applies the profile.
 *
 * @param luma whether the first three samples are the YCbCr of the inks (YCCK)
 */
record Inks(boolean luma) {

  void toBgr(Raster stored, Optional<ColourSpace> space, Upright target) {
    int width = stored.getWidth();
    Colours colours = space.map(s -> s.colours(Colours.LEVELS)).orElse(Inks::withoutProfile);
    int[] row = new int[4 * width];
    for (int y = 0; y < stored.getHeight(); y++) {
      stored.getPixels(stored.getMinX(), stored.getMinY() + y, width, 1, row);
      for (int i = 0; i < row.length; i += 4) {
        amounts(row, i);
      }
      colours.toSrgb(row, width, target.rows(), target.at(y));
      target.done(y);
    }
  }

  /** Converts stored samples to amounts of ink; 255 is full ink. */
  private void amounts(int[] row, int i) {
    if (luma) {
      float light = row[i];
      float cb = row[i + 1] - 128;
      float cr = row[i + 2] - 128;
      // JFIF's YCbCr yields the RGB that is the complement of the stored inks.
      row[i] = clip(light + 1.402f * cr);
      row[i + 1] = clip(light - 0.344136f * cb - 0.714136f * cr);
      row[i + 2] = clip(light + 1.772f * cb);
    } else {
      row[i] = 255 - row[i];
      row[i + 1] = 255 - row[i + 1];
      row[i + 2] = 255 - row[i + 2];
    }
    row[i + 3] = 255 - row[i + 3];
  }

  private static int clip(float value) {
    return (int) (Math.max(0, Math.min(255, value)) + 0.5f);
  }

  private static void withoutProfile(int[] inks, int pixels, byte[] bgr, int at) {
    int o = at;
    for (int i = 0; i < 4 * pixels; i += 4) {
      int light = 255 - inks[i + 3];
      for (int ink = 2; ink >= 0; ink--) {
        bgr[o++] = (byte) (((255 - inks[i + ink]) * light + 127) / 255);
      }
    }
  }
}
