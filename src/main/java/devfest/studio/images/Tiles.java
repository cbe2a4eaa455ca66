package devfest.studio.images;

/** Rebuilds the picture from tiles of one colour each: pixels, mosaics, LED walls. */
final class Tiles implements Operation {
  private final int count;
  private final float size;
  private final float roundness;
  private final int ground;

  private Tiles(int count, double size, double roundness, int ground) {
    this.count = count;
    this.size = (float) size;
    this.roundness = (float) roundness;
    this.ground = ground;
  }

  /**
   * Arguments: number of tiles along the longest side; size of a tile relative to its cell (0.1 to
   * 1); roundness (0 square, 1 disc); colour between the tiles.
   */
  static Operation tiles(Arguments arguments) {
    arguments.expect(4);
    return new Tiles(
        arguments.integer(0, 4, 500),
        arguments.number(1, 0.1, 1),
        arguments.number(2, 0, 1),
        arguments.colour(3));
  }

  @Override
  public boolean usesNeighbours() {
    return true;
  }

  @Override
  public Filter on(View view) {
    Cells cells = new Cells(view, count, 1);
    float[] across = fromCentre(view.size().width(), cells.width());
    float[] down = fromCentre(view.size().height(), cells.height());
    float sharpness = (float) Math.max(1, cells.width());
    // A tile that fills its cell has no edge.
    float reach = size == 1 ? 2 : size / 2;
    return (bgr, offset, y) -> {
      cells.select(y);
      int i = offset;
      for (int x = 0; x < across.length; x++, i += 3) {
        float dx = across[x];
        float dy = down[y];
        float square = Math.max(dx, dy);
        float round = (float) Math.sqrt(dx * dx + dy * dy);
        float distance = square + roundness * (round - square);
        float cover = Math.max(0, Math.min(1, (reach - distance) * sharpness + 0.5f));
        int cell = cells.at(x);
        for (int channel = 0; channel < 3; channel++) {
          int between = ground >> (8 * channel) & 0xFF;
          int colour = cells.channel(cell, channel);
          bgr[i + channel] = (byte) (int) (between + cover * (colour - between) + 0.5f);
        }
      }
    };
  }

  /** Returns the distance of each pixel from the centre of its cell, 0 to 0.5. */
  private static float[] fromCentre(int length, double cell) {
    float[] distances = new float[length];
    for (int i = 0; i < length; i++) {
      double at = (i + 0.5) / cell;
      distances[i] = (float) Math.abs(at - Math.floor(at) - 0.5);
    }
    return distances;
  }
}
