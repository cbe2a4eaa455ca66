package devfest.studio.images;

/** Draws the picture in pencil: pixels that are darker than their surroundings become lines. */
final class Pencil implements Operation {
  private final double radius;
  private final float shading;

  private Pencil(double radius, double shading) {
    this.radius = radius;
    this.shading = (float) shading;
  }

  /** Arguments: radius in 1000ths of the longest side; amount of shading (0 to 1). */
  static Operation pencil(Arguments arguments) {
    arguments.expect(2);
    return new Pencil(arguments.number(0, 0.5, 50), arguments.number(1, 0, 1));
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
        float luma = Luma.of(bgr, i);
        float line = Math.min(1, (luma + 12) / (row[x] + 12));
        float tone = 1 - shading * (1 - luma * (1 / 255f));
        byte grey = (byte) (int) (255 * line * line * tone + 0.5f);
        bgr[i] = grey;
        bgr[i + 1] = grey;
        bgr[i + 2] = grey;
      }
    };
  }
}
