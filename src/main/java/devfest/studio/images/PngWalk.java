package devfest.studio.images;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the chunks of a PNG file. Every step moves forward, so the pass terminates.
 *
 * <p>Like viewers, it uses the first chunk of each type, ignores optional chunks that are damaged
 * or misplaced, and accepts a missing end; {@link PngPixels} detects missing pixels. It is strict
 * about the header, which contains the size, and about the palette, which determines all colours.
 */
final class PngWalk {
  private static final int SIGNATURE = 8;
  private static final int CHUNK_FRAME = 12;
  private static final int OPTIONAL = 0x20000000;
  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504C5445;
  private static final int TRNS = 0x74524E53;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454E44;
  private static final int EXIF = 0x65584966;
  private static final int ACTL = 0x6163544C;
  private static final int FCTL = 0x6663544C;
  private static final int FDAT = 0x66644154;

  private final byte[] data;
  private final ByteBuffer file;
  private final PixelLimit limit;
  private final PngColours colours;
  private @Nullable Size canvas;
  private ByteBuffer palette = ByteBuffer.allocate(0);
  private ByteBuffer transparency = ByteBuffer.allocate(0);
  private int orientation;
  private boolean animated;
  private PngFile.@Nullable Frame frame;

  /** The pixels of the still picture, which viewers without support for animation show. */
  private final PngData still;

  /** The pixels of the first frame if it differs from the still picture. */
  private final PngData first;

  PngWalk(byte[] data, PixelLimit limit) {
    this.data = data;
    this.limit = limit;
    file = ByteBuffer.wrap(data);
    colours = new PngColours(data);
    still = new PngData(data);
    first = new PngData(data);
  }

  PngFile walk() throws ImageRefusedException {
    int length = data.length;
    int at = SIGNATURE;
    int type = 0;
    while (type != IEND && at + CHUNK_FRAME <= length) {
      type = file.getInt(at + 4);
      long claimed = file.getInt(at) & 0xFFFFFFFFL;
      boolean whole = claimed <= length - CHUNK_FRAME - at;
      int body = at + 8;
      int end = whole ? body + (int) claimed : length;
      chunk(type, body, end, whole && sumRight(at + 4, end));
      at = whole ? end + 4 : length;
    }
    if (canvas == null) {
      throw ImageRefusedException.truncated();
    }
    if (still.isEmpty()) {
      throw type == IEND
          ? ImageRefusedException.damaged("it contains no image")
          : ImageRefusedException.truncated();
    }
    PngFile.Frame framed = first.isEmpty() ? null : frame;
    int colourType = file.get(25);
    return new PngFile(
        canvas,
        file.get(24),
        colourType,
        file.get(28) == 1,
        framed == null ? new PngFile.Frame(0, 0, canvas.width(), canvas.height()) : framed,
        palette,
        transparency,
        framed == null ? still : first,
        Math.max(1, orientation),
        colours.space(colourType == PngFile.GREY || colourType == PngFile.GREY_ALPHA));
  }

  private void chunk(int type, int body, int end, boolean right) throws ImageRefusedException {
    if ((canvas == null) != (type == IHDR)) {
      throw ImageRefusedException.damaged("its header is missing or misplaced");
    }
    if (!right && (type & OPTIONAL) != 0 && type != FDAT) {
      return;
    }
    boolean beforePixels = still.isEmpty();
    switch (type) {
      case IHDR -> header(body, end, right);
      case PLTE -> {
        if (!right) {
          throw ImageRefusedException.damaged("a checksum is wrong");
        }
        palette = first(palette, body, end);
      }
      case TRNS -> {
        if (beforePixels && (file.get(25) != PngFile.PALETTE || palette.hasRemaining())) {
          transparency = first(transparency, body, end);
        }
      }
      case IDAT -> still.add(body, end, right);
      case EXIF -> {
        if (orientation == 0) {
          orientation = Exif.orientation(data, body, end);
        }
      }
      case ACTL -> animated |= beforePixels;
      case FCTL -> {
        // If this chunk precedes the pixels, the still picture is the first frame.
        if (frame == null && end - body >= 20) {
          frame = PngFile.Frame.of(file, body + 4);
          animated &= !beforePixels && canvas != null && frame.isWithin(canvas);
        } else {
          animated = false;
        }
      }
      case FDAT -> {
        if (animated && frame != null && end - body > 4) {
          first.add(body + 4, end, right);
        }
      }
      default -> {
        if (beforePixels) {
          colours.note(type, body, end, palette.hasRemaining());
        }
      }
    }
  }

  private void header(int body, int end, boolean right) throws ImageRefusedException {
    if (end - body != 13) {
      throw ImageRefusedException.damaged("its header is missing or misplaced");
    }
    limit.check(file.getInt(body) & 0xFFFFFFFFL, file.getInt(body + 4) & 0xFFFFFFFFL);
    canvas = new Size(file.getInt(body), file.getInt(body + 4));
    if (!right) {
      throw ImageRefusedException.damaged("a checksum is wrong");
    }
    if (!PngFile.possible(file.get(body + 9), file.get(body + 8))
        || file.get(body + 10) != 0
        || file.get(body + 11) != 0
        || (file.get(body + 12) & 0xFE) != 0) {
      throw ImageRefusedException.damaged("its header is invalid");
    }
  }

  private boolean sumRight(int from, int to) {
    CRC32 sum = new CRC32();
    sum.update(data, from, to - from);
    return (int) sum.getValue() == file.getInt(to);
  }

  private ByteBuffer first(ByteBuffer known, int from, int to) {
    return known.hasRemaining() ? known : file.slice(from, to - from);
  }
}
