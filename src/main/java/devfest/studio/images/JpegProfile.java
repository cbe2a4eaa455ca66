package devfest.studio.images;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Assembles a colour profile from the parts into which a JPEG splits it, in any order. A profile
 * with missing or duplicate parts is ignored. Not thread-safe.
 */
final class JpegProfile {
  private final Map<Integer, byte[]> parts = new HashMap<>();
  private int count;
  private boolean broken;

  /**
   * @param number the number of the part, from 1
   * @param of the number of parts
   */
  void add(int number, int of, byte[] part) {
    if (parts.isEmpty()) {
      count = of;
    } else if (count == 1 && of == 1) {
      return; // a repeated complete profile
    }
    broken |= number < 1 || number > of || of != count || parts.put(number, part) != null;
  }

  /** Returns the profile; an empty array if there is no usable one. */
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
