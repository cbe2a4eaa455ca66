package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ImageReaderWriterSpi;
import javax.imageio.spi.ImageWriterSpi;
import org.jspecify.annotations.Nullable;

/**
 * Access to the JDK's own codecs, regardless of other plug-ins that a server has registered.
 * Metadata is ignored, and a warning about missing data is an error: incomplete pictures are
 * refused.
 */
final class Codec {
  private Codec() {}

  /** An operation on a reader whose input is set. */
  interface Reading<T> {
    T with(ImageReader reader) throws IOException;
  }

  /**
   * @param destination takes the pixels; null for a new picture
   */
  static BufferedImage read(String format, MemoryInput input, @Nullable BufferedImage destination)
      throws IOException, ImageRefusedException {
    return reading(
        format,
        input,
        reader -> {
          ImageReadParam param = reader.getDefaultReadParam();
          param.setDestination(destination);
          return reader.read(0, param);
        });
  }

  /** Reads the stored samples without colour conversion. */
  static Raster readRaster(String format, MemoryInput input)
      throws IOException, ImageRefusedException {
    return reading(format, input, reader -> reader.readRaster(0, null));
  }

  static ImageWriter writer(String format) {
    try {
      return provider(ImageWriterSpi.class, format).createWriterInstance();
    } catch (IOException e) {
      throw new IllegalStateException("The JDK's writer for " + format + " cannot be created", e);
    }
  }

  private static <T> T reading(String format, MemoryInput input, Reading<T> reading)
      throws IOException, ImageRefusedException {
    ImageReader reader = provider(ImageReaderSpi.class, format).createReaderInstance();
    boolean[] incomplete = {false};
    try {
      reader.addIIOReadWarningListener(
          (source, warning) -> incomplete[0] |= isMissingData(warning));
      reader.setInput(input, true, true);
      T result = reading.with(reader);
      if (incomplete[0]) {
        throw ImageRefusedException.truncated();
      }
      return result;
    } finally {
      reader.dispose();
    }
  }

  private static boolean isMissingData(String warning) {
    String text = warning.toLowerCase(Locale.ROOT);
    return text.contains("truncated") || text.contains("premature end");
  }

  private static <T extends ImageReaderWriterSpi> T provider(Class<T> type, String format) {
    Predicate<Object> ofTheJdk = spi -> spi.getClass().getModule() == ImageIO.class.getModule();
    Iterator<T> found =
        IIORegistry.getDefaultInstance()
            .getServiceProviders(
                type,
                spi ->
                    ofTheJdk.test(spi)
                        && Arrays.asList(((ImageReaderWriterSpi) spi).getFormatNames())
                            .contains(format),
                true);
    if (!found.hasNext()) {
      throw new IllegalStateException("The JDK has no codec for " + format);
    }
    return found.next();
  }
}
