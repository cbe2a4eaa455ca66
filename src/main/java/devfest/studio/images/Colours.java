package devfest.studio.images;

/** Turns the samples of a picture into sRGB. Immutable, for many threads. */
interface Colours {
  /** Samples of up to eight bits have this many levels. */
  int LEVELS = 256;

  /** Samples of sixteen bits are taken with twelve: finer than the eight that come out. */
  int FINE_LEVELS = 4096;

  /** Pixels that are converted at once. */
  int BLOCK = 4096;

  /**
   * Converts a run of pixels.
   *
   * @param samples of the pixels, one after the other, each from 0 up to the number of levels
   * @param bgr gets three bytes a pixel: blue, green, red
   * @param at where in it they begin
   */
  void toSrgb(int[] samples, int pixels, byte[] bgr, int at);

  /** Converts pixels of eight bits in place. */
  default void toSrgb(byte[] bgr) {
    int[] samples = new int[3 * BLOCK];
    for (int from = 0; from < bgr.length; from += 3 * BLOCK) {
      int length = Math.min(3 * BLOCK, bgr.length - from);
      for (int i = 0; i < length; i += 3) {
        samples[i] = bgr[from + i + 2] & 0xFF;
        samples[i + 1] = bgr[from + i + 1] & 0xFF;
        samples[i + 2] = bgr[from + i] & 0xFF;
      }
      toSrgb(samples, length / 3, bgr, from);
    }
  }
}
