package devfest.studio.images;

/** Makes bright parts glow into their surroundings. */
final class Glow implements Operation {
  private final double threshold;
  private final float strength;
  private final double radius;

  private Glow(double threshold, double strength, double radius) {
    this.threshold = threshold;
    this.strength = (float) strength;
    this.radius = radius;
  }

  /** Arguments: threshold (0 to 254); strength (0 to 2); radius in 1000ths of the longest side. */
  static Operation glow(Arguments arguments) {
    arguments.expect(3);
    return new Glow(
        arguments.number(0, 0, 254), arguments.number(1, 0, 2), arguments.number(2, 1, 100));
  }

  @Override
  public boolean usesNeighbours() {
    return true;
  }

  @Override
  public Filter on(View view) {
    Enlargement[] light = new Enlargement[3];
    for (int channel = 0; channel < 3; channel++) {
      light[channel] = new Enlargement(light(view.small(), channel), view.size());
    }
    int width = view.width();
    return (bgr, offset, y) -> {
      for (int channel = 0; channel < 3; channel++) {
        float[] row = light[channel].row(y);
        int i = offset + channel;
        for (int x = 0; x < width; x++, i += 3) {
          float value = bgr[i] & 0xFF;
          bgr[i] = (byte) (int) (value + (255 - value) * row[x] + 0.5f);
        }
      }
    };
  }

  /** Returns how far a channel is raised towards white, 0 to 1. */
  private Plane light(Copy small, int channel) {
    Plane plane = small.channel(channel);
    float[] values = plane.values();
    float scale = (float) (1 / (255 - threshold));
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.max(0, values[i] - threshold) * scale;
    }
    Plane blurred = plane.blurred(radius);
    float[] light = blurred.values();
    for (int i = 0; i < light.length; i++) {
      light[i] = Math.max(0, Math.min(1, strength * light[i]));
    }
    return blurred;
  }
}
