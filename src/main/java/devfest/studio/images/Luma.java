package devfest.studio.images;

/** The luma of pixels, with the weights of Rec. 601 in 256ths. */
final class Luma {
  private Luma() {}

  /** Returns the luma, 0 to 255, of the pixel whose blue is at the index. */
  static int of(byte[] bgr, int i) {
    return (29 * (bgr[i] & 0xFF) + 150 * (bgr[i + 1] & 0xFF) + 77 * (bgr[i + 2] & 0xFF)) >> 8;
  }

  static byte clip(int value) {
    return (byte) (value < 0 ? 0 : Math.min(value, 255));
  }
}
