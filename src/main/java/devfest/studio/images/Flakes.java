package devfest.studio.images;

import java.util.Random;

/** Scatters discs over the picture: snow, bokeh, confetti, stars. Deterministic. */
final class Flakes implements Operation {
  /** Any fixed value makes the pattern reproducible. */
  private static final int SEED = 24;

  private final int count;
  private final double size;
  private final double softness;
  private final float strength;
  private final int[] colours;

  private Flakes(int count, double size, double softness, double strength, int[] colours) {
    this.count = count;
    this.size = size;
    this.softness = softness;
    this.strength = (float) strength;
    this.colours = colours;
  }

  /**
   * Arguments: number of discs; largest radius in 1000ths of the longest side; softness of the
   * edges (0 to 1); strength (0 to 1); colours, used in turn.
   */
  static Operation flakes(Arguments arguments) {
    if (arguments.count() < 5) {
      throw new IllegalArgumentException("flakes need four numbers and a colour");
    }
    int[] colours = new int[arguments.count() - 4];
    for (int i = 0; i < colours.length; i++) {
      colours[i] = arguments.colour(4 + i);
    }
    return new Flakes(
        arguments.integer(0, 1, 2000),
        arguments.number(1, 0.5, 200),
        arguments.number(2, 0, 1),
        arguments.number(3, 0, 1),
        colours);
  }

  private record Flake(float x, float y, float radius, float edge, float strength, int colour) {}

  @Override
  public Filter on(View view) {
    Flake[] flakes = scatter(view.size());
    int width = view.width();
    return (bgr, offset, y) -> {
      for (Flake flake : flakes) {
        float dy = y + 0.5f - flake.y();
        float outer = flake.radius() + flake.edge();
        if (Math.abs(dy) < outer) {
          float half = (float) Math.sqrt(outer * outer - dy * dy);
          int from = (int) Math.max(0, flake.x() - half);
          int to = (int) Math.min(width - 1f, flake.x() + half);
          for (int x = from, i = offset + 3 * from; x <= to; x++, i += 3) {
            float dx = x + 0.5f - flake.x();
            float distance = (float) Math.sqrt(dx * dx + dy * dy);
            float cover = Math.min(1, (outer - distance) / (2 * flake.edge()));
            mix(bgr, i, flake.colour(), Math.max(0, cover) * flake.strength());
          }
        }
      }
    };
  }

  private static void mix(byte[] bgr, int i, int colour, float share) {
    for (int channel = 0; channel < 3; channel++) {
      int before = bgr[i + channel] & 0xFF;
      int wanted = colour >> (8 * channel) & 0xFF;
      bgr[i + channel] = (byte) (int) (before + share * (wanted - before) + 0.5f);
    }
  }

  private Flake[] scatter(Size picture) {
    Random random = new Random(SEED);
    Flake[] flakes = new Flake[count];
    for (int i = 0; i < count; i++) {
      double near = random.nextDouble();
      double radius = Math.max(0.5, size * picture.longest() / 1000 * (0.15 + 0.85 * near * near));
      flakes[i] =
          new Flake(
              (float) (random.nextDouble() * picture.width()),
              (float) (random.nextDouble() * picture.height()),
              (float) radius,
              (float) Math.max(0.5, radius * softness),
              strength * (float) (0.4 + 0.6 * random.nextDouble()),
              colours[i % colours.length]);
    }
    return flakes;
  }
}
