package devfest.studio.images;

/**
 * Engraves the picture like a banknote: wider lines in dark areas, crossed lines in the darkest.
 */
final class Engraving implements Operation {
  /** Entries of the wave table; a power of two, so that indices wrap with a mask. */
  private static final int STEPS = 1024;

  private static final float[] WAVE = wave();

  private final int lines;

  private Engraving(int lines) {
    this.lines = lines;
  }

  /** Argument: number of lines along the longest side. */
  static Operation engrave(Arguments arguments) {
    return new Engraving(arguments.expect(1).integer(0, 20, 600));
  }

  @Override
  public Filter on(View view) {
    double cell = Math.max(3, (double) view.size().longest() / lines);
    float step = (float) (STEPS / cell);
    float sharpness = (float) Math.max(1, cell / 2.4);
    int width = view.width();
    // Slightly curved lines look hand-cut.
    double sway = 2 * Math.PI / (cell * 26);
    float[] swaying = new float[width];
    for (int x = 0; x < width; x++) {
      swaying[x] = (float) (STEPS * 0.8 * Math.sin(x * sway));
    }
    return (bgr, offset, y) -> {
      float along = y * step;
      int i = offset;
      for (int x = 0; x < width; x++, i += 3) {
        float dark = 1 - Luma.of(bgr, i) * (1 / 255f);
        float first = WAVE[(int) (along + x * step * 0.35f + swaying[x] + STEPS) & (STEPS - 1)];
        float ink = cover(dark - 0.5f, first, sharpness);
        if (dark > 0.5f) {
          float second = WAVE[(int) (along * 0.5f + (width - x) * step * 0.8f) & (STEPS - 1)];
          ink = Math.max(ink, cover(dark - 0.95f, second, sharpness));
        }
        byte grey = (byte) (int) (255 * (1 - ink) + 0.5f);
        bgr[i] = grey;
        bgr[i + 1] = grey;
        bgr[i + 2] = grey;
      }
    };
  }

  private static float cover(float dark, float wave, float sharpness) {
    return Math.max(0, Math.min(1, (1.1f * dark + 0.5f * wave) * sharpness + 0.5f));
  }

  private static float[] wave() {
    float[] wave = new float[STEPS];
    for (int i = 0; i < STEPS; i++) {
      wave[i] = (float) Math.cos(2 * Math.PI * i / STEPS);
    }
    return wave;
  }
}
