package devfest.studio.images;

/** Draws a border of one colour, like that of an instant print or a letterboxed film. */
final class Border implements Operation {
  private final int colour;
  private final double top;
  private final double side;
  private final double bottom;

  private Border(int colour, double top, double side, double bottom) {
    this.colour = colour;
    this.top = top;
    this.side = side;
    this.bottom = bottom;
  }

  /**
   * Arguments: colour; widths of the top, the left and right, and the bottom border, relative to
   * the picture's height or width.
   */
  static Operation border(Arguments arguments) {
    arguments.expect(4);
    return new Border(
        arguments.colour(0),
        arguments.number(1, 0, 0.4),
        arguments.number(2, 0, 0.4),
        arguments.number(3, 0, 0.4));
  }

  @Override
  public Filter on(View view) {
    int width = view.width();
    int height = view.size().height();
    int upper = (int) Math.round(top * height);
    int lower = height - (int) Math.round(bottom * height);
    int edge = (int) Math.round(side * width);
    return (bgr, offset, y) -> {
      if (y < upper || y >= lower) {
        fill(bgr, offset, width);
      } else {
        fill(bgr, offset, edge);
        fill(bgr, offset + 3 * (width - edge), edge);
      }
    };
  }

  private void fill(byte[] bgr, int from, int pixels) {
    for (int i = from; i < from + 3 * pixels; i += 3) {
      bgr[i] = (byte) colour;
      bgr[i + 1] = (byte) (colour >> 8);
      bgr[i + 2] = (byte) (colour >> 16);
    }
  }
}
