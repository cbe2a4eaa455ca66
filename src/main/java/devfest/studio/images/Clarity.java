package devfest.studio.images;

/** Raises local contrast: structure with a large radius, sharpness with a small one. */
final class Clarity implements Operation {
  private final float strength;
  private final double radius;

  private Clarity(double strength, double radius) {
    this.strength = (float) strength;
    this.radius = radius;
  }

  /** Arguments: strength from -1 (softens) to 3; radius in 1000ths of the longest side. */
  static Operation clarity(Arguments arguments) {
    arguments.expect(2);
    return new Clarity(arguments.number(0, -1, 3), arguments.number(1, 0.5, 100));
  }

  @Override
  public boolean usesNeighbours() {
    return true;
  }

  @Override
  public Filter on(View view) {
    Enlargement around = new Enlargement(view.small().luma().blurred(radius), view.size());
    int width = view.width();
    return (bgr, offset, y) -> {
      float[] row = around.row(y);
      int i = offset;
      for (int x = 0; x < width; x++, i += 3) {
        int luma = Luma.of(bgr, i);
        float difference = luma - row[x];
        // Limits the effect at strong edges, which would get halos. Black and white do not change.
        float room = luma * (255 - luma) * (4 / 65025f);
        float lift = strength * room * difference / (1 + Math.abs(difference) * (1 / 60f));
        int change = (int) (lift + 1024.5f) - 1024;
        bgr[i] = Luma.clip((bgr[i] & 0xFF) + change);
        bgr[i + 1] = Luma.clip((bgr[i + 1] & 0xFF) + change);
        bgr[i + 2] = Luma.clip((bgr[i + 2] & 0xFF) + change);
      }
    };
  }
}
