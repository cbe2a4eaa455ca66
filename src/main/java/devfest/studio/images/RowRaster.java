package devfest.studio.images;

import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/**
 * A raster without pixels: it passes each row that a codec decodes to a {@link Rows}, so that the
 * pixels are stored only once, in their final place. Not thread-safe.
 */
final class RowRaster extends WritableRaster {
  private final Rows rows;
  private final byte[] rgb;

  /** Takes the decoded rows, from top to bottom. */
  @FunctionalInterface
  interface Rows {
    /**
     * @param rgb red, green and blue of each pixel, in a buffer that the next call overwrites
     */
    void row(int y, byte[] rgb);
  }

  private RowRaster(Size size, Rows rows) {
    super(
        new PixelInterleavedSampleModel(
            DataBuffer.TYPE_BYTE,
            size.width(),
            size.height(),
            3,
            3 * size.width(),
            new int[] {0, 1, 2}),
        new DataBufferByte(1),
        new Point());
    this.rows = rows;
    rgb = new byte[3 * size.width()];
  }

  /** Returns a picture, the destination of a codec, that passes its rows on. */
  static BufferedImage destination(Size size, Rows rows) {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_BYTE);
    return new BufferedImage(model, new RowRaster(size, rows), false, null);
  }

  @Override
  public void setRect(int dx, int dy, Raster source) {
    for (int y = 0; y < source.getHeight(); y++) {
      Object ignored =
          source.getDataElements(source.getMinX(), source.getMinY() + y, source.getWidth(), 1, rgb);
      rows.row(dy + source.getMinY() + y, rgb);
    }
  }
}
