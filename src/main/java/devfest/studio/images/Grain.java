package devfest.studio.images;

import java.util.Random;

/**
 * Adds film grain: strongest in the midtones, proportional to the picture's size, deterministic.
 */
final class Grain implements Operation {
  /** Side of the noise tile in pixels; a power of two, so that coordinates wrap with a mask. */
  private static final int SIDE = 512;

  /**
   * Longest side up to which a grain has one pixel; larger pictures have proportionally larger
   * grains.
   */
  private static final float FINEST_LONGEST_SIDE = 1800;

  private static final float[] TILE = tile();

  private final float[] amplitude = new float[256];

  private Grain(double strength) {
    for (int luma = 0; luma < 256; luma++) {
      double light = luma / 255.0;
      amplitude[luma] = (float) (255 * strength * (0.25 + 3 * light * (1 - light)));
    }
  }

  /** Argument: standard deviation in the midtones, 0 to 0.5 of the full range. */
  static Operation grain(Arguments arguments) {
    return new Grain(arguments.expect(1).number(0, 0, 0.5));
  }

  @Override
  public Filter on(View view) {
    float step = Math.min(1, FINEST_LONGEST_SIDE / view.size().longest());
    // In a small picture the grain is fainter, as in a reduced copy of a large one.
    float strength = Math.min(1, Math.max(0.4f, view.size().longest() / FINEST_LONGEST_SIDE));
    float[] line = new float[SIDE + 1];
    int width = view.width();
    return (bgr, offset, y) -> {
      mixLines(y * step, line);
      int i = offset;
      for (int x = 0; x < width; x++, i += 3) {
        float at = x * step;
        int whole = (int) at;
        int column = whole & (SIDE - 1);
        float noise = line[column] + (at - whole) * (line[column + 1] - line[column]);
        int change = (int) (noise * strength * amplitude[Luma.of(bgr, i)] + 1024.5f) - 1024;
        bgr[i] = Luma.clip((bgr[i] & 0xFF) + change);
        bgr[i + 1] = Luma.clip((bgr[i + 1] & 0xFF) + change);
        bgr[i + 2] = Luma.clip((bgr[i + 2] & 0xFF) + change);
      }
    };
  }

  private static void mixLines(float at, float[] line) {
    int whole = (int) at;
    float share = at - whole;
    int upper = SIDE * (whole & (SIDE - 1));
    int lower = SIDE * (whole + 1 & (SIDE - 1));
    for (int x = 0; x < SIDE; x++) {
      line[x] = TILE[upper + x] + share * (TILE[lower + x] - TILE[upper + x]);
    }
    line[SIDE] = line[0];
  }

  /** Returns seamless noise with a standard deviation of 1. */
  private static float[] tile() {
    Random random = new Random(1839);
    float[] tile = new float[SIDE * SIDE];
    for (int i = 0; i < tile.length; i++) {
      tile[i] = (float) Math.max(-2.5, Math.min(2.5, random.nextGaussian()));
    }
    return tile;
  }
}
