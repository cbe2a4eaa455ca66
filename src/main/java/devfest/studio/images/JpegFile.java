package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Optional;

/**
 * A JPEG whose markers have been checked from SOI to EOI. The codec receives no application
 * segments or comments: this package evaluates their colour information.
 *
 * @param cleaned an added Adobe segment that defines the colour model, followed by the original
 *     tables, frame and scans
 * @param components 1 grey, 3 YCbCr or RGB, 4 inks
 * @param inks how the inks of four components are stored
 * @param space the colour space of a usable embedded profile
 */
record JpegFile(
    Cleaned cleaned,
    Size size,
    int components,
    Inks inks,
    int orientation,
    Optional<ColourSpace> space) {

  static JpegFile inspect(byte[] data, PixelLimit limit) throws ImageRefusedException {
    return new JpegWalk(data, limit).walk();
  }

  BufferedImage decode() throws IOException, ImageRefusedException {
    Upright upright = new Upright(size, orientation);
    if (components == 4) {
      inks.toBgr(Codec.readRaster("jpeg", cleaned.input()), space, upright);
    } else {
      Optional<Colours> colours =
          space.filter(s -> !s.isSrgb()).map(s -> s.colours(Colours.LEVELS));
      Codec.read(
          "jpeg",
          cleaned.input(),
          RowRaster.destination(size, (y, rgb) -> place(y, rgb, colours, upright)));
    }
    return upright.image();
  }

  private void place(int y, byte[] rgb, Optional<Colours> colours, Upright upright) {
    byte[] rows = upright.rows();
    int at = upright.at(y);
    int length = 3 * size.width();
    for (int i = 0; i < length; i += 3) {
      rows[at + i] = rgb[i + 2];
      rows[at + i + 1] = rgb[i + 1];
      rows[at + i + 2] = rgb[i];
    }
    colours.ifPresent(c -> c.toSrgb(rows, at, at + length));
    upright.done(y);
  }
}
