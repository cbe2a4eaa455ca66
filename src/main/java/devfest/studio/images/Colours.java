package devfest.studio.images;

/** Converts the samples of a picture to sRGB. Immutable. */
interface Colours {
  /** Number of levels of samples of up to eight bits. */
  int LEVELS = 256;

  /**
   * Number of levels of 16-bit samples, which are reduced to 12 bits: finer than the 8-bit result.
   */
  int FINE_LEVELS = 4096;

  /** Number of pixels to convert at once: the buffers stay in the cache. */
  int BLOCK = 4096;

  /**
   * Converts a run of pixels.
   *
   * @param samples the samples of consecutive pixels, each from 0 to the number of levels − 1
   * @param bgr receives three bytes per pixel: blue, green, red
   * @param at the index of the first byte in {@code bgr}
   */
  void toSrgb(int[] samples, int pixels, byte[] bgr, int at);

  /**
   * Converts 8-bit pixels in place.
   *
   * @param from the index of the first byte
   * @param to the index after the last byte
   */
  default void toSrgb(byte[] bgr, int from, int to) {
    int[] samples = new int[Math.min(3 * BLOCK, to - from)];
    for (int at = from; at < to; at += 3 * BLOCK) {
      int length = Math.min(3 * BLOCK, to - at);
      for (int i = 0; i < length; i += 3) {
        samples[i] = bgr[at + i + 2] & 0xFF;
        samples[i + 1] = bgr[at + i + 1] & 0xFF;
        samples[i + 2] = bgr[at + i] & 0xFF;
      }
      toSrgb(samples, length / 3, bgr, at);
    }
  }
}
