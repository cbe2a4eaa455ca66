package devfest.studio.images;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * Reads ICC profiles of versions 2 and 4: grey curves, RGB with curves and a matrix or with tables,
 * and inks with tables. A malformed or unsupported profile is ignored, as in browsers: a picture is
 * not refused because of its profile.
 */
final class IccProfile {
  /** In bytes; longer profiles are ignored. Profiles of printing presses have up to 3 MB. */
  static final int MAX_LENGTH = 1 << 22;

  private static final int HEADER = 128;
  private static final int ACSP = 0x61637370;
  private static final int GRAY = 0x47524159;
  private static final int RGB = 0x52474220;
  private static final int CMYK = 0x434D594B;
  private static final int XYZ = 0x58595A20;
  private static final int LAB = 0x4C616220;

  private final ByteBuffer icc;

  private IccProfile(ByteBuffer icc) {
    this.icc = icc;
  }

  /**
   * Returns the colour space of a profile; empty if the profile cannot be used.
   *
   * @param channels the channels of the picture: 1, 3 or 4. A grey picture may also have an RGB
   *     profile.
   */
  static Optional<ColourSpace> read(byte[] bytes, int channels) {
    if (bytes.length < HEADER + 4 || bytes.length > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      return new IccProfile(ByteBuffer.wrap(bytes))
          .read()
          .filter(
              space -> space.channels() == channels || (channels == 1 && space.channels() == 3));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Optional<ColourSpace> read() {
    checkTags();
    int space = icc.getInt(16);
    int pcs = icc.getInt(20);
    if (icc.getInt(36) != ACSP || (pcs != XYZ && pcs != LAB)) {
      return Optional.empty();
    }
    if (space == GRAY) {
      return pcs == XYZ
          ? Optional.of(ColourSpace.grey(Tone.read(icc, required("kTRC"))))
          : Optional.empty();
    }
    if (space != RGB && space != CMYK) {
      return Optional.empty();
    }
    int code = find("cicp");
    if (code != 0 && space == RGB) {
      Optional<ColourSpace> named = VideoColour.of(icc, code + 8);
      if (named.isPresent()) {
        return named;
      }
    }
    int table = find("A2B0") != 0 ? find("A2B0") : find("A2B1");
    if (table != 0) {
      int channels = space == RGB ? 3 : 4;
      return Optional.of(ColourSpace.of(channels, IccTable.read(icc, table, channels, pcs == LAB)));
    }
    return space == RGB && pcs == XYZ ? Optional.of(shaper()) : Optional.empty();
  }

  private ColourSpace shaper() {
    String[] names = {"r", "g", "b"};
    DoubleUnaryOperator[] curves = new DoubleUnaryOperator[3];
    double[][] columns = new double[3][3];
    for (int i = 0; i < 3; i++) {
      curves[i] = Tone.read(icc, required(names[i] + "TRC"));
      int colorant = required(names[i] + "XYZ");
      for (int axis = 0; axis < 3; axis++) {
        columns[axis][i] = icc.getInt(colorant + 8 + 4 * axis) / 65536.0;
      }
    }
    return ColourSpace.rgb(curves, columns);
  }

  /** Checks that all tags are within the profile, and that the profile is complete. */
  private void checkTags() {
    long size = icc.getInt(0) & 0xFFFFFFFFL;
    long count = icc.getInt(HEADER) & 0xFFFFFFFFL;
    if (size > icc.limit() || HEADER + 4 + 12 * count > size) {
      throw new IllegalArgumentException("The profile is truncated");
    }
    for (int i = 0; i < count; i++) {
      long offset = icc.getInt(HEADER + 8 + 12 * i) & 0xFFFFFFFFL;
      long length = icc.getInt(HEADER + 12 + 12 * i) & 0xFFFFFFFFL;
      if (offset + length > size || length < 4) {
        throw new IllegalArgumentException("A tag is truncated");
      }
    }
  }

  private int required(String name) {
    int offset = find(name);
    if (offset == 0) {
      throw new IllegalArgumentException("No tag " + name);
    }
    return offset;
  }

  /** Returns the offset of a tag's data; 0 if the profile has no such tag. */
  private int find(String name) {
    int wanted = name.charAt(0) << 24 | name.charAt(1) << 16 | name.charAt(2) << 8 | name.charAt(3);
    int count = icc.getInt(HEADER);
    for (int i = 0; i < count; i++) {
      int entry = HEADER + 4 + 12 * i;
      if (icc.getInt(entry) == wanted) {
        return icc.getInt(entry + 4);
      }
    }
    return 0;
  }
}
