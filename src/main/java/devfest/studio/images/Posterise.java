package devfest.studio.images;

/** Reduces the picture to a few levels of brightness and keeps the hues. */
final class Posterise implements Operation {
  /** Fractional bits of the gains. */
  private static final int BITS = 12;

  /** Width of the ramp between two levels, relative to a level. */
  private static final double SOFTNESS = 0.12;

  /** The factor of all channels for each luma. */
  private final int[] gains = new int[256];

  private Posterise(int levels) {
    for (int luma = 0; luma < 256; luma++) {
      double at = luma / 255.0 * levels;
      double step = Math.floor(at);
      // A narrow ramp instead of a step keeps edges smooth.
      double ramp = Math.max(0, (at - step - 1 + SOFTNESS) / SOFTNESS);
      double level = 255 * Math.min(1, (step + ramp + 0.35) / (levels - 0.3));
      gains[luma] = (int) Math.round((1 << BITS) * level / Math.max(luma, 12));
    }
  }

  /** Argument: number of levels, 2 to 32. */
  static Operation posterise(Arguments arguments) {
    return new Posterise(arguments.expect(1).integer(0, 2, 32));
  }

  @Override
  public Filter on(View view) {
    int length = 3 * view.width();
    return (bgr, offset, y) -> {
      for (int i = offset; i < offset + length; i += 3) {
        int gain = gains[Luma.of(bgr, i)];
        bgr[i] = Luma.clip(((bgr[i] & 0xFF) * gain) >> BITS);
        bgr[i + 1] = Luma.clip(((bgr[i + 1] & 0xFF) * gain) >> BITS);
        bgr[i + 2] = Luma.clip(((bgr[i + 2] & 0xFF) * gain) >> BITS);
      }
    };
  }
}
