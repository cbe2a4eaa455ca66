package devfest.studio.images;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * CPU of one thread for each step at 12 megapixels: the median of seven runs after four to warm up.
 * Run by hand, see docs/performance.md.
 */
public final class ImagesBenchmark {

  private static final int WIDTH = 4_000;
  private static final int HEIGHT = 3_000;
  private static final int WARM_UP = 4;
  private static final int RUNS = 7;

  private ImagesBenchmark() {}

  public static void main(String[] args) throws Exception {
    BufferedImage picture = picture();
    Path dir = Files.createTempDirectory("images-benchmark");
    Path file = dir.resolve("upright.jpg");
    Path turned = dir.resolve("turned.jpg");
    Path out = dir.resolve("out.jpg");
    Pictures.write(picture, file, 0.9f);
    Files.write(turned, turned(Files.readAllBytes(file)));
    Decoder decoder = new Decoder(50_000_000);

    measure("decode", () -> decoder.decode(Files.readAllBytes(file)));
    measure("decode and rotate", () -> decoder.decode(Files.readAllBytes(turned)));
    measure("encode", () -> write(picture, out));
    measure("thumbnail", () -> new Thumbnailer(300).thumbnail(picture));
    for (Style style : Styles.builtIn().all()) {
      measure(style.id(), () -> style.apply(picture, Progress.NONE));
    }
    Style vintage = Styles.builtIn().find("vintage").orElseThrow();
    measure(
        "decode, vintage, encode",
        () -> write(vintage.apply(decoder.decode(Files.readAllBytes(file)), Progress.NONE), out));
    for (Path path : new Path[] {file, turned, out, dir}) {
      Files.delete(path);
    }
  }

  /** The sample, enlarged, with the noise of a sensor. */
  private static BufferedImage picture() {
    BufferedImage picture = Bgr.create(WIDTH, HEIGHT);
    Graphics2D graphics = picture.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(Styles.builtIn().sample(), 0, 0, WIDTH, HEIGHT, null);
    graphics.dispose();
    byte[] pixels = Bgr.pixels(picture);
    Random random = new Random(1);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = Luma.clip((pixels[i] & 0xff) + (int) (random.nextGaussian() * 3));
    }
    return picture;
  }

  /** The same file with an EXIF orientation of 6, a quarter turn. */
  private static byte[] turned(byte[] jpeg) {
    byte[] exif = {
      (byte) 0xff,
      (byte) 0xe1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0,
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      1,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      6,
      0,
      0,
      0,
      0,
      0,
      0
    };
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(jpeg, 0, 2);
    bytes.writeBytes(exif);
    bytes.write(jpeg, 2, jpeg.length - 2);
    return bytes.toByteArray();
  }

  private static Path write(BufferedImage image, Path file) throws IOException {
    Pictures.write(image, file, 0.85f);
    return file;
  }

  private static void measure(String name, Callable<?> step) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      step.call();
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] nanos = new long[RUNS];
    for (int i = 0; i < RUNS; i++) {
      long start = threads.getCurrentThreadCpuTime();
      step.call();
      nanos[i] = threads.getCurrentThreadCpuTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf("%-24s %5d ms%n", name, nanos[RUNS / 2] / 1_000_000);
  }
}
