package devfest.studio.images;

/** One value per pixel of a reduced copy. Not thread-safe. */
final class Plane {
  private final float[] values;
  private final Size size;

  Plane(float[] values, Size size) {
    this.values = values;
    this.size = size;
  }

  /** Returns the plane's own array, row by row; only the creator of the plane may change it. */
  float[] values() {
    return values;
  }

  Size size() {
    return size;
  }

  /**
   * Returns a new plane with an approximated Gaussian blur (three box blurs).
   *
   * @param sigma in 1000ths of the longest side
   */
  Plane blurred(double sigma) {
    double pixels = sigma * size.longest() / 1000;
    int radius = (int) Math.round(Math.sqrt(pixels * pixels + 0.25) - 0.5);
    if (radius == 0) {
      return new Plane(values.clone(), size);
    }
    float[] from = values;
    float[] to = new float[values.length];
    float[] spare = new float[values.length];
    for (int pass = 0; pass < 3; pass++) {
      acrossRows(from, spare, radius);
      downColumns(spare, to, radius);
      from = to;
    }
    return new Plane(to, size);
  }

  private void acrossRows(float[] from, float[] to, int radius) {
    int w = size.width();
    float scale = 1f / (2 * radius + 1);
    for (int start = 0; start < from.length; start += w) {
      int last = start + w - 1;
      float sum = 0;
      for (int i = -radius; i <= radius; i++) {
        sum += from[Math.max(start, Math.min(start + i, last))];
      }
      for (int x = start; x <= last; x++) {
        to[x] = sum * scale;
        sum += from[Math.min(x + radius + 1, last)] - from[Math.max(x - radius, start)];
      }
    }
  }

  private void downColumns(float[] from, float[] to, int radius) {
    int w = size.width();
    int last = size.height() - 1;
    float scale = 1f / (2 * radius + 1);
    float[] sums = new float[w];
    for (int i = -radius; i <= radius; i++) {
      int row = w * Math.max(0, Math.min(i, last));
      for (int x = 0; x < w; x++) {
        sums[x] += from[row + x];
      }
    }
    for (int y = 0; y <= last; y++) {
      int enters = w * Math.min(y + radius + 1, last);
      int leaves = w * Math.max(y - radius, 0);
      int row = w * y;
      for (int x = 0; x < w; x++) {
        to[row + x] = sums[x] * scale;
        sums[x] += from[enters + x] - from[leaves + x];
      }
    }
  }
}
