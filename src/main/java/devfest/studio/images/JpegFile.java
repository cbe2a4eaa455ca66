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
    return Orientation.upright(pixels(), orientation);
  }

  private BufferedImage pixels() throws IOException, ImageRefusedException {
    if (components == 4) {
      return inks.toBgr(Codec.readRaster("jpeg", cleaned.input()), space);
    }
    BufferedImage image = Bgr.create(size.width(), size.height());
    Codec.read("jpeg", cleaned.input(), image);
    space
        .filter(s -> !s.isSrgb())
        .ifPresent(s -> s.colours(Colours.LEVELS).toSrgb(Bgr.pixels(image)));
    return image;
  }
}
