package devfest.studio.images;

/** Draws the picture with characters on black; bright areas get denser characters. */
final class Glyphs implements Operation {
  /** Size of a character cell in dots, with a gap of one dot. */
  private static final int WIDE = 6;

  private static final int TALL = 8;

  /** Characters of 5 × 7 dots from sparse to dense; one int per row, the leftmost dot is bit 4. */
  private static final int[][] FONT = {
    {0, 0, 0, 0, 0, 0, 0},
    {0, 0, 0, 0, 0, 0x0C, 0x0C}, // .
    {0, 0x0C, 0x0C, 0, 0x0C, 0x0C, 0}, // :
    {0, 0, 0, 0x1F, 0, 0, 0}, // -
    {0, 0x04, 0x04, 0x1F, 0x04, 0x04, 0}, // +
    {0, 0, 0x1F, 0, 0x1F, 0, 0}, // =
    {0x1E, 0x01, 0x01, 0x0E, 0x04, 0, 0x04}, // ?
    {0x07, 0x08, 0x08, 0x10, 0x08, 0x08, 0x07}, // {
    {0x0E, 0x11, 0x10, 0x10, 0x10, 0x11, 0x0E}, // C
    {0x0E, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0E}, // 0
    {0x0A, 0x0A, 0x1F, 0x0A, 0x1F, 0x0A, 0x0A}, // #
    {0x0E, 0x11, 0x17, 0x15, 0x17, 0x10, 0x0F}, // @
    {0x11, 0x1B, 0x15, 0x1F, 0x15, 0x1B, 0x1F}, // M
  };

  private final int columns;

  private Glyphs(int columns) {
    this.columns = columns;
  }

  /** Argument: number of characters along the longest side. */
  static Operation glyphs(Arguments arguments) {
    return new Glyphs(arguments.expect(1).integer(0, 10, 400));
  }

  @Override
  public boolean usesNeighbours() {
    return true;
  }

  @Override
  public Filter on(View view) {
    Cells cells = new Cells(view, columns, (double) TALL / WIDE);
    int[] across = dots(view.size().width(), cells.width(), WIDE);
    int[] down = dots(view.size().height(), cells.height(), TALL);
    return (bgr, offset, y) -> {
      cells.select(y);
      int line = down[y];
      int i = offset;
      for (int x = 0; x < across.length; x++, i += 3) {
        int cell = cells.at(x);
        int luma = cells.luma(cell);
        int[] glyph = FONT[(luma * FONT.length) >> 8];
        boolean inked = line < glyph.length && ((glyph[line] << across[x]) & 0x20) != 0;
        for (int channel = 0; channel < 3; channel++) {
          // Brightened, because most of the cell stays black.
          int value = cells.channel(cell, channel);
          bgr[i + channel] = (byte) (inked ? 255 - (255 - value) * 5 / 8 : value / 8);
        }
      }
    };
  }

  /** Returns for each pixel the index of the dot in its character cell. */
  private static int[] dots(int length, double cell, int dots) {
    int[] at = new int[length];
    for (int i = 0; i < length; i++) {
      double share = (i + 0.5) / cell;
      at[i] = (int) ((share - Math.floor(share)) * dots);
    }
    return at;
  }
}
