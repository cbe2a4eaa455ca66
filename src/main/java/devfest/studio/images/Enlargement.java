package devfest.studio.images;

/** Enlarges a plane of a reduced copy to full size, row by row (bilinear). Not thread-safe. */
final class Enlargement {
  private final Plane plane;
  private final int height;
  private final int[] left;
  private final float[] share;
  private final float[] line;
  private final float[] row;

  Enlargement(Plane plane, Size size) {
    this.plane = plane;
    height = size.height();
    left = new int[size.width()];
    share = new float[size.width()];
    row = new float[size.width()];
    line = new float[plane.size().width() + 1];
    for (int x = 0; x < row.length; x++) {
      float at = position(x, row.length, plane.size().width());
      left[x] = (int) at;
      share[x] = at - left[x];
    }
  }

  /** Returns the values of a row in a buffer that the next call overwrites. */
  float[] row(int y) {
    int w = plane.size().width();
    float at = position(y, height, plane.size().height());
    int upper = (int) at;
    float lowerShare = at - upper;
    int above = w * upper;
    int below = w * Math.min(upper + 1, plane.size().height() - 1);
    float[] values = plane.values();
    for (int x = 0; x < w; x++) {
      line[x] = values[above + x] + lowerShare * (values[below + x] - values[above + x]);
    }
    line[w] = line[w - 1];
    for (int x = 0; x < row.length; x++) {
      float value = line[left[x]];
      row[x] = value + share[x] * (line[left[x] + 1] - value);
    }
    return row;
  }

  /** Maps the centre of a pixel at full size to coordinates of the reduced copy. */
  private static float position(int index, int full, int small) {
    float at = (index + 0.5f) * small / full - 0.5f;
    return Math.max(0, Math.min(at, small - 1));
  }
}
