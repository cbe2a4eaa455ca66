package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * A PNG whose chunks have been walked. The codec gets the header, palette, transparency and pixels;
 * text and profiles, which inflate without bound, are left out.
 */
record PngFile(Cleaned cleaned, Size size, int bits, int colourType, boolean transparentColour) {
  private static final int SIGNATURE = 8;
  private static final int CHUNK_FRAME = 12;
  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504C5445;
  private static final int TRNS = 0x74524E53;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454E44;
  private static final int RGB = 2;
  private static final int RGB_ALPHA = 6;

  static PngFile inspect(byte[] data, PixelLimit limit) throws ImageRefusedException {
    ByteBuffer file = ByteBuffer.wrap(data);
    Cleaned cleaned = new Cleaned(data, 0);
    cleaned.keep(0, SIGNATURE);
    boolean transparency = false;
    boolean pixels = false;
    int type = 0;
    for (int at = SIGNATURE; type != IEND; ) {
      if (at > data.length - CHUNK_FRAME) {
        throw ImageRefusedException.truncated();
      }
      int length = file.getInt(at);
      type = file.getInt(at + 4);
      if (length < 0 || length > data.length - CHUNK_FRAME - at) {
        throw ImageRefusedException.truncated();
      }
      if ((at == SIGNATURE) != (type == IHDR) || (type == IHDR && length != 13)) {
        throw ImageRefusedException.damaged("its header is not where it belongs");
      }
      if (type == IHDR) {
        limit.check(file.getInt(16) & 0xFFFFFFFFL, file.getInt(20) & 0xFFFFFFFFL);
      }
      int end = at + CHUNK_FRAME + length;
      if (type == IHDR || type == PLTE || type == TRNS || type == IDAT || type == IEND) {
        checkSum(data, file, at + 4, end - 4);
        cleaned.keep(at, end);
      }
      transparency |= type == TRNS;
      pixels |= type == IDAT;
      at = end;
    }
    if (!pixels) {
      throw ImageRefusedException.damaged("it holds no picture");
    }
    Size size = new Size(file.getInt(16), file.getInt(20));
    return new PngFile(cleaned, size, data[24], data[25], transparency);
  }

  private static void checkSum(byte[] data, ByteBuffer file, int from, int to)
      throws ImageRefusedException {
    CRC32 sum = new CRC32();
    sum.update(data, from, to - from);
    if ((int) sum.getValue() != file.getInt(to)) {
      throw ImageRefusedException.damaged("a checksum is wrong");
    }
  }

  /** True colour goes straight into 8 bits a sample, also from 16; the rest takes a detour. */
  BufferedImage decode() throws IOException, ImageRefusedException {
    BufferedImage image = Bgr.create(size.width(), size.height());
    if (colourType == RGB && !transparentColour) {
      return Codec.read("png", cleaned.input(), image);
    }
    BufferedImage destination =
        colourType == RGB_ALPHA
            ? new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_4BYTE_ABGR)
            : null;
    BufferedImage decoded = Codec.read("png", cleaned.input(), destination);
    return Bgr.onWhite(decoded, image, 0, 0);
  }
}
