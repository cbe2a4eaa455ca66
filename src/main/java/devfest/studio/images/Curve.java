package devfest.studio.images;

import java.util.Optional;

/** Applies a tone curve to each channel. */
final class Curve implements Operation {
  /** For blue, green and red; not rounded, so that fused curves round only once. */
  private final float[][] curves;

  private final byte[][] tables = new byte[3][256];

  private Curve(float[]... curves) {
    this.curves = curves;
    for (int channel = 0; channel < 3; channel++) {
      for (int v = 0; v < 256; v++) {
        tables[channel][v] = Luma.clip(Math.round(curves[channel][v]));
      }
    }
  }

  /** Arguments: points of a curve for all channels. */
  static Operation curve(Arguments arguments) {
    float[] curve = through(arguments);
    return new Curve(curve, curve, curve);
  }

  static Operation red(Arguments arguments) {
    return new Curve(same(), same(), through(arguments));
  }

  static Operation blue(Arguments arguments) {
    return new Curve(through(arguments), same(), same());
  }

  @Override
  public Filter on(View view) {
    byte[] blue = tables[0];
    byte[] green = tables[1];
    byte[] red = tables[2];
    int length = 3 * view.width();
    return (bgr, offset, y) -> {
      for (int i = offset; i < offset + length; i += 3) {
        bgr[i] = blue[bgr[i] & 0xFF];
        bgr[i + 1] = green[bgr[i + 1] & 0xFF];
        bgr[i + 2] = red[bgr[i + 2] & 0xFF];
      }
    };
  }

  @Override
  public Optional<Operation> fusedWith(Operation next) {
    if (!(next instanceof Curve second)) {
      return Optional.empty();
    }
    float[][] chain = new float[3][256];
    for (int channel = 0; channel < 3; channel++) {
      for (int v = 0; v < 256; v++) {
        float value = Math.max(0, Math.min(255, curves[channel][v]));
        int low = (int) Math.min(value, 254);
        float[] curve = second.curves[channel];
        chain[channel][v] = curve[low] + (value - low) * (curve[low + 1] - curve[low]);
      }
    }
    return Optional.of(new Curve(chain));
  }

  private static float[] same() {
    float[] curve = new float[256];
    for (int v = 0; v < 256; v++) {
      curve[v] = v;
    }
    return curve;
  }

  /** Returns a smooth curve through the points that does not overshoot (monotone cubic Hermite). */
  private static float[] through(Arguments arguments) {
    double[][] points = arguments.points();
    int n = points.length;
    double[] slopes = new double[n - 1];
    for (int i = 0; i < n - 1; i++) {
      slopes[i] = (points[i + 1][1] - points[i][1]) / (points[i + 1][0] - points[i][0]);
    }
    double[] tangents = new double[n];
    tangents[0] = slopes[0];
    tangents[n - 1] = slopes[n - 2];
    for (int i = 1; i < n - 1; i++) {
      double before = slopes[i - 1];
      double after = slopes[i];
      tangents[i] = before * after <= 0 ? 0 : 2 * before * after / (before + after);
    }
    float[] curve = new float[256];
    int segment = 0;
    for (int v = 0; v < 256; v++) {
      while (segment < n - 2 && v > points[segment + 1][0]) {
        segment++;
      }
      curve[v] = (float) hermite(points, tangents, segment, v);
    }
    return curve;
  }

  private static double hermite(double[][] points, double[] tangents, int i, double v) {
    double width = points[i + 1][0] - points[i][0];
    double t = Math.max(0, Math.min(1, (v - points[i][0]) / width));
    double rest = 1 - t;
    return (1 + 2 * t) * rest * rest * points[i][1]
        + t * rest * rest * width * tangents[i]
        + t * t * (3 - 2 * t) * points[i + 1][1]
        - t * t * rest * width * tangents[i + 1];
  }
}
