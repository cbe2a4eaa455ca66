package devfest.studio.images;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * One pass over the markers of a JPEG file, from the first byte to the EOI marker. Every step moves
 * forward, so the pass terminates. Data after EOI (a phone's motion photo, a depth map) is dropped.
 *
 * <p>Like viewers, it ignores stray bytes between segments, meaningless markers and a missing EOI;
 * the codec detects missing pixels. It is strict where safety requires it: after a truncated
 * segment or a second frame, the codec could use sizes that were not checked, and each scan costs
 * as much as decoding the whole picture.
 */
final class JpegWalk {
  /**
   * A progressive photo has 10 to 20 scans. Hundreds would take seconds that cannot be interrupted.
   */
  private static final int MAX_SCANS = 64;

  private static final int MAX_COMPONENTS = 4;
  private static final int OUR_ADOBE_LENGTH = 16;
  private static final int JFIF_LENGTH = 14;

  private static final int TEM = 0x01;
  private static final int RST0 = 0xD0;
  private static final int RST7 = 0xD7;
  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int DHT = 0xC4;
  private static final int JPG = 0xC8;
  private static final int DAC = 0xCC;
  private static final int DNL = 0xDC;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP2 = 0xE2;
  private static final int APP14 = 0xEE;
  private static final int APP15 = 0xEF;
  private static final int COM = 0xFE;

  private final byte[] data;
  private final PixelLimit limit;
  private final Cleaned tablesAndScans;
  private final JpegProfile profile = new JpegProfile();
  private int position = 2;
  private int scans;

  /**
   * For each component, a bit set of the coefficients (64) that the scans contain in full
   * precision.
   */
  private final long[] complete = new long[MAX_COMPONENTS];

  private int frame = -1;
  private boolean jfif;
  private int adobeTransform = -1;
  private OptionalInt orientation = OptionalInt.empty();

  JpegWalk(byte[] data, PixelLimit limit) {
    this.data = data;
    this.limit = limit;
    tablesAndScans = new Cleaned(data, OUR_ADOBE_LENGTH + 4);
  }

  JpegFile walk() throws ImageRefusedException {
    // The colour model is known only after the frame, so the segment's last byte is set at the end.
    tablesAndScans.add(0xFF, SOI, 0xFF, APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0);
    int transformAt = tablesAndScans.length();
    tablesAndScans.add(0);
    for (int marker = nextMarker(); marker != EOI; marker = nextMarker()) {
      segment(marker);
    }
    if (frame < 0 || scans == 0) {
      throw ImageRefusedException.damaged("it contains no image");
    }
    tablesAndScans.add(0xFF, EOI);
    int components = unsigned(frame + 9);
    int transform = transform(components);
    tablesAndScans.set(transformAt, transform);
    return new JpegFile(
        tablesAndScans,
        new Size(unsignedShort(frame + 7), unsignedShort(frame + 5)),
        components,
        new Inks(transform == 2),
        orientation.orElse(1),
        IccProfile.read(profile.bytes(), components));
  }

  /**
   * Returns the next marker and moves the position after it. Skips stray bytes and stuffed zeros.
   * Returns EOI if the file ends after the pixels without one.
   */
  private int nextMarker() throws ImageRefusedException {
    int code = 0;
    while (code == 0) {
      while (position < data.length && unsigned(position) != 0xFF) {
        position++;
      }
      while (position < data.length && unsigned(position) == 0xFF) {
        position++;
      }
      if (position == data.length && isComplete()) {
        return EOI;
      }
      need(1);
      code = unsigned(position++);
    }
    return code;
  }

  /** Whether no scan is missing. The codec detects whether the last one is truncated. */
  private boolean isComplete() {
    for (int c = 0; scans > 0 && c < unsigned(frame + 9); c++) {
      if (complete[c] != -1L) {
        return false;
      }
    }
    return scans > 0;
  }

  private void segment(int marker) throws ImageRefusedException {
    if (marker == TEM || (marker >= RST0 && marker <= RST7)) {
      return; // no segment, and meaningless here
    }
    if (marker < 0xC0 || marker == SOI) {
      throw ImageRefusedException.damaged("it has an unexpected marker");
    }
    need(2);
    int body = position + 2;
    int end = position + unsignedShort(position);
    if (end < body) {
      throw ImageRefusedException.damaged("the length of a segment is invalid");
    }
    if (end > data.length) {
      throw ImageRefusedException.truncated();
    }
    position = end;
    if (marker == SOS) {
      scan(body, end);
    } else if ((marker >= APP0 && marker <= APP15) || marker == COM) {
      note(marker, body, end);
    } else if (marker != DNL) { // repeats the height in the frame
      if (marker <= 0xCF && marker != DHT) {
        frame(marker, body - 4, end);
      }
      tablesAndScans.add(0xFF, marker);
      tablesAndScans.keep(body - 2, end);
    }
  }

  private void frame(int marker, int start, int end) throws ImageRefusedException {
    if (marker == JPG || marker == DAC || marker > 0xC2) {
      throw ImageRefusedException.unsupported(
          "Lossless, hierarchical and arithmetically coded JPEG pictures are not supported.");
    }
    if (frame >= 0) {
      throw ImageRefusedException.damaged("it contains more than one image");
    }
    int components = end - start < 10 ? 0 : unsigned(start + 9);
    if (end - start != 10 + 3 * components || components == 0) {
      throw ImageRefusedException.damaged("its frame header is inconsistent");
    }
    if (unsigned(start + 4) != 8 || components == 2 || components > 4) {
      throw ImageRefusedException.unsupported(
          "Only JPEG pictures with 8 bits per channel and 1, 3 or 4 channels are supported.");
    }
    limit.check(unsignedShort(start + 7), unsignedShort(start + 5));
    frame = start;
  }

  /** Copies the header of a scan and its entropy-coded data up to the next marker. */
  private void scan(int body, int end) throws ImageRefusedException {
    if (frame < 0) {
      throw ImageRefusedException.damaged("its pixels precede its frame header");
    }
    if (++scans > MAX_SCANS) {
      throw ImageRefusedException.damaged("it has more than " + MAX_SCANS + " scans");
    }
    noteCoefficients(body, end);
    int i = position;
    while (i + 1 < data.length && !isMarker(i)) {
      i++;
    }
    position = i + 1 < data.length || data[i] == (byte) 0xFF ? i : i + 1;
    tablesAndScans.add(0xFF, SOS);
    tablesAndScans.keep(body - 2, position);
  }

  /** Records the coefficients that the scan completes for each of its components. */
  private void noteCoefficients(int body, int end) throws ImageRefusedException {
    int count = unsigned(body);
    int range = body + 1 + 2 * count;
    if (end != range + 3) {
      throw ImageRefusedException.damaged("the header of a scan is inconsistent");
    }
    int first = unsigned(range);
    int last = unsigned(range + 1);
    boolean inFull = (unsigned(range + 2) & 0xF) == 0;
    for (int c = 0; inFull && first <= last && last < 64 && c < unsigned(frame + 9); c++) {
      for (int i = 0; i < count; i++) {
        if (unsigned(body + 1 + 2 * i) == unsigned(frame + 10 + 3 * c)) {
          complete[c] |= -1L >>> (63 - last + first) << first;
        }
      }
    }
  }

  /** Within a scan, stuffed zeros, restart markers and fill bytes are not markers. */
  private boolean isMarker(int i) {
    if (data[i] != (byte) 0xFF) {
      return false;
    }
    int code = unsigned(i + 1);
    return code != 0 && code != 0xFF && (code < 0xD0 || code > 0xD7);
  }

  /** Evaluates an application segment. Like viewers, ignores segments after the first scan. */
  private void note(int marker, int body, int end) {
    if (scans > 0) {
      return;
    }
    if (marker == APP0 && startsWith("JFIF\0", body, end)) {
      jfif |= end - body >= JFIF_LENGTH;
    } else if (marker == APP1 && startsWith("Exif\0", body, end) && end - body > 6) {
      if (orientation.isEmpty()) {
        orientation = OptionalInt.of(Exif.orientation(data, body + 6, end));
      }
    } else if (marker == APP14 && startsWith("Adobe", body, end) && end - body >= 12) {
      adobeTransform = unsigned(body + 11);
    } else if (marker == APP2 && startsWith("ICC_PROFILE\0", body, end) && end - body > 14) {
      profile.add(
          unsigned(body + 12), unsigned(body + 13), Arrays.copyOfRange(data, body + 14, end));
    }
  }

  /**
   * Returns Adobe's code of the colour model: 0 none (RGB or CMYK), 1 YCbCr, 2 YCCK. JFIF implies
   * YCbCr and takes precedence.
   */
  private int transform(int components) {
    if (components == 4) {
      return adobeTransform <= 0 ? 0 : 2;
    }
    if (components != 3 || jfif || adobeTransform > 0) {
      return 1;
    }
    boolean named =
        unsigned(frame + 10) == 'R' && unsigned(frame + 13) == 'G' && unsigned(frame + 16) == 'B';
    return adobeTransform == 0 || named ? 0 : 1;
  }

  private boolean startsWith(String name, int from, int to) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    return to - from >= bytes.length
        && Arrays.equals(data, from, from + bytes.length, bytes, 0, bytes.length);
  }

  private void need(int count) throws ImageRefusedException {
    if (position + count > data.length) {
      throw ImageRefusedException.truncated();
    }
  }

  private int unsigned(int i) {
    return data[i] & 0xFF;
  }

  private int unsignedShort(int i) {
    return (unsigned(i) << 8) | unsigned(i + 1);
  }
}
