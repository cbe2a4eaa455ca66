package devfest.studio.images;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Determines the colour space of a PNG. The order of precedence is cICP, iCCP, sRGB, then gAMA with
 * cHRM. The first chunk of each type is used; unusable chunks are ignored. Not thread-safe.
 */
final class PngColours {
  private static final int CICP = 0x63494350;
  private static final int ICCP = 0x69434350;
  private static final int SRGB = 0x73524742;
  private static final int GAMA = 0x67414D41;
  private static final int CHRM = 0x6348524D;

  /** Maximum length of a profile's name with its end, in bytes (PNG § 11.3.2.3). */
  private static final int MAX_NAME = 80;

  /** Tolerance for gamma: many programs write approximate values for sRGB. */
  private static final double NEAR = 0.05;

  private static final double SRGB_GAMMA = 2.2;

  private final byte[] data;
  private final ByteBuffer file;
  private int cicp = -1;
  private byte @Nullable [] profile;
  private boolean srgb;
  private double gamma = -1;
  private double @Nullable [] chromaticities;

  PngColours(byte[] data) {
    this.data = data;
    file = ByteBuffer.wrap(data);
  }

  /** Evaluates a chunk before the pixels; body and end are offsets in the file. */
  void note(int type, int body, int end, boolean afterPalette) {
    int length = end - body;
    if (type == CICP && length == 4 && cicp < 0 && !afterPalette) {
      cicp = body;
    } else if (type == ICCP && profile == null) {
      profile = inflated(body, end);
    } else if (type == SRGB) {
      srgb = true;
    } else if (type == GAMA && length == 4 && gamma < 0) {
      gamma = file.getInt(body) / 100_000.0;
    } else if (type == CHRM && length == 32 && chromaticities == null) {
      chromaticities = new double[8];
      for (int i = 0; i < 8; i++) {
        chromaticities[i] = file.getInt(body + 4 * i) / 100_000.0;
      }
    }
  }

  /** Returns the colour space; empty for sRGB, which is also the default. */
  Optional<ColourSpace> space(boolean grey) {
    Optional<ColourSpace> space = cicp < 0 ? Optional.empty() : VideoColour.of(file, cicp);
    if (space.isEmpty() && profile != null) {
      space = IccProfile.read(profile, grey ? 1 : 3);
    }
    if (space.isEmpty() && !srgb && gamma > 0) {
      space = fromGamma();
    }
    return space.filter(s -> !s.isSrgb());
  }

  private Optional<ColourSpace> fromGamma() {
    if (chromaticities == null) {
      boolean near = Math.abs(gamma * SRGB_GAMMA - 1) <= NEAR;
      return near ? Optional.empty() : Optional.of(VideoColour.of(1 / gamma));
    }
    try {
      return Optional.of(VideoColour.of(1 / gamma, chromaticities));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Inflates a profile; an empty array if it is malformed or longer than {@link
   * IccProfile#MAX_LENGTH}.
   */
  private byte[] inflated(int body, int end) {
    int name = body;
    while (name < end && name - body < MAX_NAME && data[name] != 0) {
      name++;
    }
    if (name + 2 >= end || data[name] != 0) {
      return new byte[0];
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(data, name + 2, end - name - 2);
      byte[] out = new byte[4096];
      int length = 0;
      while (!inflater.finished()) {
        if (length == out.length) {
          if (length > IccProfile.MAX_LENGTH) {
            return new byte[0];
          }
          out = Arrays.copyOf(out, 2 * length);
        }
        int n = inflater.inflate(out, length, out.length - length);
        if (n == 0 && !inflater.finished()) {
          return new byte[0];
        }
        length += n;
      }
      return Arrays.copyOf(out, length);
    } catch (DataFormatException e) {
      return new byte[0];
    } finally {
      inflater.end();
    }
  }
}
