package devfest.studio.images;

/**
 * Paints brush strokes (Kuwahara filter): each pixel gets the mean of the square with the lowest
 * variance, out of the four squares that have the pixel as a corner. This keeps edges and smooths
 * everything else.
 */
final class Brush implements Operation {
  /** Blur of the strokes in 1000ths of the longest side, so that the enlargement shows no steps. */
  private static final double SOFTNESS = 0.75;

  private final double radius;

  private Brush(double radius) {
    this.radius = radius;
  }

  /** Argument: width of the brush in 1000ths of the longest side. */
  static Operation brush(Arguments arguments) {
    return new Brush(arguments.expect(1).number(0, 1, 12));
  }

  @Override
  public boolean usesNeighbours() {
    return true;
  }

  @Override
  public Filter on(View view) {
    Plane[] painted = paint(view.small());
    Enlargement[] rows = new Enlargement[3];
    for (int channel = 0; channel < 3; channel++) {
      rows[channel] = new Enlargement(painted[channel].blurred(SOFTNESS), view.size());
    }
    int width = view.width();
    return (bgr, offset, y) -> {
      for (int channel = 0; channel < 3; channel++) {
        float[] row = rows[channel].row(y);
        for (int x = 0, i = offset + channel; x < width; x++, i += 3) {
          bgr[i] = (byte) (int) (row[x] + 0.5f);
        }
      }
    };
  }

  private Plane[] paint(Copy small) {
    Size size = small.size();
    int r = (int) Math.max(1, Math.round(radius * size.longest() / 1000));
    AreaSums sums = new AreaSums(small);
    Plane[] planes = {small.channel(0), small.channel(1), small.channel(2)};
    for (int y = 0; y < size.height(); y++) {
      for (int x = 0; x < size.width(); x++) {
        int best = 0;
        float least = Float.MAX_VALUE;
        for (int corner = 0; corner < 4; corner++) {
          sums.select(x - (corner & 1) * r, y - (corner >> 1) * r, r);
          float variance = sums.variance();
          if (variance < least) {
            least = variance;
            best = corner;
          }
        }
        sums.select(x - (best & 1) * r, y - (best >> 1) * r, r);
        int i = y * size.width() + x;
        for (int channel = 0; channel < 3; channel++) {
          planes[channel].values()[i] = sums.mean(channel);
        }
      }
    }
    return planes;
  }
}
