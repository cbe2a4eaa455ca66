package devfest.studio.images;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the orientation, the only EXIF tag that affects the pixels. */
final class Exif {
  private static final int ORIENTATION = 0x0112;
  private static final int SHORT = 3;
  private static final int INTEL = 0x4949;
  private static final int MOTOROLA = 0x4D4D;

  private Exif() {}

  /**
   * Returns the orientation, 1 to 8, from the TIFF structure of an EXIF block. Returns 1 (upright)
   * if the tag is absent or the block is malformed: a picture is not refused because of its
   * metadata.
   */
  static int orientation(byte[] data, int from, int to) {
    if (to - from < 8) {
      return 1;
    }
    ByteBuffer tiff = ByteBuffer.wrap(data, from, to - from).slice();
    int order = tiff.getShort(0);
    if (order != INTEL && order != MOTOROLA) {
      return 1;
    }
    tiff.order(order == INTEL ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = tiff.getInt(4) & 0xFFFFFFFFL;
    if (directory + 2 > tiff.limit()) {
      return 1;
    }
    int entries = tiff.getShort((int) directory) & 0xFFFF;
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + 12L * i;
      if (entry + 12 > tiff.limit()) {
        return 1;
      }
      int at = (int) entry;
      if ((tiff.getShort(at) & 0xFFFF) == ORIENTATION
          && tiff.getShort(at + 2) == SHORT
          && tiff.getInt(at + 4) == 1) {
        int value = tiff.getShort(at + 8);
        return value >= 1 && value <= 8 ? value : 1;
      }
    }
    return 1;
  }
}
