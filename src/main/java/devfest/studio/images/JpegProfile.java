package devfest.studio.images;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * A colour profile in the parts that a JPEG is able to hold, in any order. A profile of which a
 * part is missing or there twice is none. Not safe for several threads.
 */
final class JpegProfile {
  private final Map<Integer, byte[]> parts = new HashMap<>();
  private int count;
  private boolean broken;

  /**
   * @param number the part's, from 1
   * @param of how many parts there are
   */
  void add(int number, int of, byte[] part) {
    if (parts.isEmpty()) {
      count = of;
    } else if (count == 1 && of == 1) {
      return; // the whole once more
    }
    broken |= number < 1 || number > of || of != count || parts.put(number, part) != null;
  }

  /** Empty when there is no profile. */
  byte[] bytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    if (!broken && parts.size() == count) {
      for (int i = 1; i <= count && whole.size() <= IccProfile.MAX_LENGTH; i++) {
        whole.writeBytes(parts.get(i));
      }
    }
    return whole.toByteArray();
  }
}
