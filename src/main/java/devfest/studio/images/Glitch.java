package devfest.studio.images;

import java.util.Random;

/** Shifts bands of rows horizontally and separates their colours, like a damaged video. */
final class Glitch implements Operation {
  /** Any fixed value makes the pattern reproducible. */
  private static final int SEED = 404;

  /** The proportion of bands that are shifted. */
  private static final double SLIPPING = 0.4;

  private final double strength;

  private Glitch(double strength) {
    this.strength = strength;
  }

  /** Argument: maximum shift of a band in 1000ths of the longest side. */
  static Operation glitch(Arguments arguments) {
    return new Glitch(arguments.expect(1).number(0, 0, 200));
  }

  @Override
  public Filter on(View view) {
    int width = view.width();
    int height = view.size().height();
    int[] slips = new int[height];
    int[] splits = new int[height];
    Random random = new Random(SEED);
    double reach = strength * view.size().longest() / 1000;
    for (double top = 0; top < height; ) {
      double bottom = top + height * (0.004 + 0.07 * random.nextDouble() * random.nextDouble());
      boolean slipping = random.nextDouble() < SLIPPING;
      double slip = reach * (2 * random.nextDouble() - 1);
      double split = reach * (0.1 + 0.25 * random.nextDouble());
      for (int y = (int) top; y < Math.min(bottom, height); y++) {
        slips[y] = slipping ? (int) Math.round(slip) : 0;
        splits[y] = (int) Math.round(slipping ? split : reach * 0.05);
      }
      top = bottom;
    }
    byte[] before = new byte[3 * width];
    return (bgr, offset, y) -> {
      System.arraycopy(bgr, offset, before, 0, before.length);
      int green = Math.floorMod(slips[y], width);
      int blue = Math.floorMod(slips[y] + splits[y], width);
      int red = Math.floorMod(slips[y] - splits[y], width);
      for (int i = offset; i < offset + 3 * width; i += 3) {
        bgr[i] = before[3 * blue];
        bgr[i + 1] = before[3 * green + 1];
        bgr[i + 2] = before[3 * red + 2];
        blue = blue + 1 == width ? 0 : blue + 1;
        green = green + 1 == width ? 0 : green + 1;
        red = red + 1 == width ? 0 : red + 1;
      }
    };
  }
}
