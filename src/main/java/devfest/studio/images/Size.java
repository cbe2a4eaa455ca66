package devfest.studio.images;

/** Width and height in pixels, both at least 1. */
record Size(int width, int height) {
  int longest() {
    return Math.max(width, height);
  }

  /** Returns this size, reduced if a side is longer than the given one; sides are at least 1. */
  Size within(int longestSide) {
    if (longest() <= longestSide) {
      return this;
    }
    double scale = (double) longestSide / longest();
    return new Size(
        (int) Math.max(1, Math.round(width * scale)),
        (int) Math.max(1, Math.round(height * scale)));
  }
}
