package devfest.studio.images;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * One walk over the markers of a JPEG file, from its first byte to its EOI marker. Every step goes
 * forward, so it ends. What follows EOI (a phone's motion picture, a depth map) is left out.
 *
 * <p>As viewers do, it passes over stray bytes between segments, markers without a meaning, and a
 * missing EOI: the codec says whether pixels are missing. It is strict where that buys safety: a
 * segment that is cut off or a second frame would let the codec see other sizes than those that
 * were checked, and each further scan costs as much as the whole picture.
 */
final class JpegWalk {
  /** A progressive photo has 10 to 20; a file with hundreds burns seconds that nobody can stop. */
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

  /** Of each component, which of its 64 coefficients the scans have told in full. */
  private final long[] told = new long[MAX_COMPONENTS];

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
    // The colour model is known only at the frame; its segment's last byte is set at the end.
    tablesAndScans.add(0xFF, SOI, 0xFF, APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0);
    int transformAt = tablesAndScans.length();
    tablesAndScans.add(0);
    for (int marker = nextMarker(); marker != EOI; marker = nextMarker()) {
      segment(marker);
    }
    if (frame < 0 || scans == 0) {
      throw ImageRefusedException.damaged("it holds no picture");
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
   * Leaves the position behind the next marker. Stray bytes are no marker, nor is a stuffed zero;
   * behind the pixels the file may just end.
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

  /** Whether no scan is missing; whether the last is whole, the codec says. */
  private boolean isComplete() {
    for (int c = 0; scans > 0 && c < unsigned(frame + 9); c++) {
      if (told[c] != -1L) {
        return false;
      }
    }
    return scans > 0;
  }

  private void segment(int marker) throws ImageRefusedException {
    if (marker == TEM || (marker >= RST0 && marker <= RST7)) {
      return; // alone, without a meaning here
    }
    if (marker < 0xC0 || marker == SOI) {
      throw ImageRefusedException.damaged("it has a marker that does not belong there");
    }
    need(2);
    int body = position + 2;
    int end = position + unsignedShort(position);
    if (end < body) {
      throw ImageRefusedException.damaged("a segment's length is impossible");
    }
    if (end > data.length) {
      throw ImageRefusedException.truncated();
    }
    position = end;
    if (marker == SOS) {
      scan(body, end);
    } else if ((marker >= APP0 && marker <= APP15) || marker == COM) {
      note(marker, body, end);
    } else if (marker != DNL) { // tells the height, which the frame has told before
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
          "This rare kind of JPEG (lossless, hierarchical or arithmetic) is not supported.");
    }
    if (frame >= 0) {
      throw ImageRefusedException.damaged("it holds two pictures in one");
    }
    int components = end - start < 10 ? 0 : unsigned(start + 9);
    if (end - start != 10 + 3 * components || components == 0) {
      throw ImageRefusedException.damaged("its frame header is inconsistent");
    }
    if (unsigned(start + 4) != 8 || components == 2 || components > 4) {
      throw ImageRefusedException.unsupported("Only JPEG pictures of 8 bits are supported.");
    }
    limit.check(unsignedShort(start + 7), unsignedShort(start + 5));
    frame = start;
  }

  /** Keeps the scan's header and its entropy-coded data, up to the next marker. */
  private void scan(int body, int end) throws ImageRefusedException {
    if (frame < 0) {
      throw ImageRefusedException.damaged("its pixels come before its size");
    }
    if (++scans > MAX_SCANS) {
      throw ImageRefusedException.damaged("it has more than " + MAX_SCANS + " scans");
    }
    tell(body, end);
    int i = position;
    while (i + 1 < data.length && !isMarker(i)) {
      i++;
    }
    position = i + 1 < data.length || data[i] == (byte) 0xFF ? i : i + 1;
    tablesAndScans.add(0xFF, SOS);
    tablesAndScans.keep(body - 2, position);
  }

  /** Notes what the scan is about: components, a range of coefficients, and how far these go. */
  private void tell(int body, int end) throws ImageRefusedException {
    int count = unsigned(body);
    int range = body + 1 + 2 * count;
    if (end != range + 3) {
      throw ImageRefusedException.damaged("a scan's header is inconsistent");
    }
    int first = unsigned(range);
    int last = unsigned(range + 1);
    boolean inFull = (unsigned(range + 2) & 0xF) == 0;
    for (int c = 0; inFull && first <= last && last < 64 && c < unsigned(frame + 9); c++) {
      for (int i = 0; i < count; i++) {
        if (unsigned(body + 1 + 2 * i) == unsigned(frame + 10 + 3 * c)) {
          told[c] |= -1L >>> (63 - last + first) << first;
        }
      }
    }
  }

  /**
   * Inside a scan, a stuffed zero and the restart markers are data; a fill byte is not a marker.
   */
  private boolean isMarker(int i) {
    if (data[i] != (byte) 0xFF) {
      return false;
    }
    int code = unsigned(i + 1);
    return code != 0 && code != 0xFF && (code < 0xD0 || code > 0xD7);
  }

  /** What stands behind the pixels' beginning comes too late, for viewers too. */
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
   * Adobe's code of the colour model: 0 as it is, 1 YCbCr, 2 YCCK. JFIF has but one model, whatever
   * else is said.
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
