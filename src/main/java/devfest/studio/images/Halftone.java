package devfest.studio.images;

/** Draws the dots of a halftone print, larger in dark areas. */
final class Halftone implements Operation {
  private final int dots;
  private final double strength;

  private Halftone(int dots, double strength) {
    this.dots = dots;
    this.strength = strength;
  }

  /** Arguments: number of dots along the longest side; darkness of the dots (0 to 1). */
  static Operation halftone(Arguments arguments) {
    arguments.expect(2);
    return new Halftone(arguments.integer(0, 10, 1000), arguments.number(1, 0, 1));
  }

  @Override
  public Filter on(View view) {
    double cell = Math.max(3, (double) view.size().longest() / dots);
    float[] across = wave(view.size().width(), cell);
    float[] down = wave(view.size().height(), cell);
    float sharpness = (float) Math.max(1.2, cell / 3);
    float ink = (float) (256 * strength);
    return (bgr, offset, y) -> {
      float wave = down[y] * 0.5f;
      int i = offset;
      for (int x = 0; x < across.length; x++, i += 3) {
        // Dots appear below a light grey and merge in black.
        float dark = 0.32f - Luma.of(bgr, i) * (1 / 255f);
        float cover = (dark + across[x] * wave) * sharpness + 0.5f;
        int keep = 256 - (int) (ink * Math.max(0, Math.min(1, cover)));
        bgr[i] = (byte) (((bgr[i] & 0xFF) * keep) >> 8);
        bgr[i + 1] = (byte) (((bgr[i + 1] & 0xFF) * keep) >> 8);
        bgr[i + 2] = (byte) (((bgr[i + 2] & 0xFF) * keep) >> 8);
      }
    };
  }

  /** Returns a wave; the product of two is a screen of dots rotated by 45 degrees. */
  private static float[] wave(int length, double cell) {
    float[] wave = new float[length];
    for (int i = 0; i < length; i++) {
      wave[i] = (float) Math.cos(Math.PI * Math.sqrt(2) * i / cell);
    }
    return wave;
  }
}
