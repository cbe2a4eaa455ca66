package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A picture of every kind that browsers show, by name: 24 patches of colour, or of grey. What
 * Chromium shows of them is in {@code chromium.txt} beside the tests' other resources.
 */
public final class Gallery {
  private static final int PATCH = 16;
  private static final int COLUMNS = 6;
  private static final int ROWS = 4;
  private static final int WIDTH = COLUMNS * PATCH;
  private static final int HEIGHT = ROWS * PATCH;

  private static final int[] PATCHES = {
    0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF, 0x808080, 0x000000,
    0xDC2828, 0x28C83C, 0x283CDC, 0xE6D232, 0x404040, 0xC0C0C0,
    0xE8B898, 0x704830, 0x104020, 0x600010, 0x101010, 0x202020,
    0x40E0D0, 0x9932CC, 0xFF8C00, 0xF0F0F0, 0x306090, 0x0C0804
  };

  private static final double[] BT709 = {0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06};
  private static final double[] P3 = {0.3127, 0.3290, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06};

  private final Map<String, byte[]> pictures = new LinkedHashMap<>();

  private Gallery() {}

  /** How {@link #seen} looks at a picture, in a page's words: of width, height and pixels. */
  public static final String LOOK =
      """
      const look = (width, height, pixels) => {
        const columns = width >= height ? 6 : 4;
        const rows = 10 - columns;
        let seen = `${width}x${height}`;
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            const x = Math.floor(((column + 0.5) * width) / columns);
            const y = Math.floor(((row + 0.5) * height) / rows);
            const at = 4 * (y * width + x);
            seen += " " + [0, 1, 2].map((i) => pixels[at + i].toString(16).padStart(2, "0")).join("");
          }
        }
        return seen;
      };
      """;

  /** Size and colours of a file as the studio decodes it, or why it does not. */
  public static String seen(byte[] file) throws IOException {
    try {
      BufferedImage image = new Decoder(1_000_000).decode(file);
      int columns = image.getWidth() >= image.getHeight() ? COLUMNS : ROWS;
      int rows = COLUMNS + ROWS - columns;
      StringBuilder seen = new StringBuilder(image.getWidth() + "x" + image.getHeight());
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          int x = (int) ((column + 0.5) * image.getWidth() / columns);
          int y = (int) ((row + 0.5) * image.getHeight() / rows);
          seen.append(String.format(" %06x", image.getRGB(x, y) & 0xFFFFFF));
        }
      }
      return seen.toString();
    } catch (ImageRefusedException e) {
      return e.getMessage();
    }
  }

  /** The largest difference of a channel between the patches of two pictures, 0 to 255. */
  public static int difference(String a, String b) {
    String[] p = a.split(" ");
    String[] q = b.split(" ");
    if (p.length != q.length || !p[0].equals(q[0])) {
      return 255;
    }
    int most = 0;
    for (int i = 1; i < p.length; i++) {
      int c = Integer.parseInt(p[i], 16);
      int d = Integer.parseInt(q[i], 16);
      for (int shift = 0; shift < 24; shift += 8) {
        most = Math.max(most, Math.abs((c >> shift & 0xFF) - (d >> shift & 0xFF)));
      }
    }
    return most;
  }

  public static Map<String, byte[]> pictures() {
    Gallery gallery = new Gallery();
    try {
      gallery.png();
      gallery.pngColours();
      gallery.pngFaults();
      gallery.apng();
      gallery.jpeg();
      gallery.jpegFaults();
      gallery.inks();
      gallery.webp();
      gallery.gif();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return gallery.pictures;
  }

  private void add(String name, byte[] file) {
    if (pictures.put(name, file) != null) {
      throw new IllegalStateException("Twice: " + name);
    }
  }

  private static int patch(int x, int y) {
    return PATCHES[y / PATCH * COLUMNS + x / PATCH];
  }

  private static int[] rgb(int x, int y) {
    int p = patch(x, y);
    return new int[] {(p >> 16) * 257, (p >> 8 & 0xFF) * 257, (p & 0xFF) * 257};
  }

  private static int[] rgba(int x, int y) {
    int[] rgb = rgb(x, y);
    return new int[] {rgb[0], rgb[1], rgb[2], y / PATCH % 2 == 0 ? 0x8080 : 0xFFFF};
  }

  private static int[] grey(int x, int y) {
    return new int[] {level(x, y) * 257};
  }

  private static int[] greyAlpha(int x, int y) {
    return new int[] {level(x, y) * 257, y / PATCH % 2 == 0 ? 0x8080 : 0xFFFF};
  }

  private static int level(int x, int y) {
    return (y / PATCH * COLUMNS + x / PATCH) * 255 / (COLUMNS * ROWS - 1);
  }

  private static int[] index(int x, int y) {
    return new int[] {y / PATCH * COLUMNS + x / PATCH};
  }

  private static byte[] palette() {
    ByteBuffer out = ByteBuffer.allocate(3 * PATCHES.length);
    for (int p : PATCHES) {
      out.put((byte) (p >> 16)).put((byte) (p >> 8)).put((byte) p);
    }
    return Pictures.chunk("PLTE", out.array());
  }

  private static byte[] paletteAlpha() {
    byte[] alpha = new byte[12];
    for (int i = 0; i < 12; i++) {
      alpha[i] = (byte) (i * 20);
    }
    return Pictures.chunk("tRNS", alpha);
  }

  private static Png rgbPng(int bits) {
    return new Png(WIDTH, HEIGHT, bits, Png.RGB, Gallery::rgb);
  }

  private static BufferedImage image(int type) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int[] c = rgba(x, y);
        int alpha = type == BufferedImage.TYPE_INT_ARGB ? c[3] >> 8 : 255;
        image.setRGB(x, y, alpha << 24 | patch(x, y));
      }
    }
    return image;
  }

  private static byte[] p3() {
    return Icc.matrix(4, Icc.DISPLAY_P3, Icc.srgbCurve());
  }

  private static byte[] swapped() {
    double[][] c = Icc.SRGB;
    return Icc.matrix(4, new double[][] {c[1], c[2], c[0]}, Icc.srgbCurve());
  }

  private static double linear(double v) {
    return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
  }

  /** Device RGB, mirrored in green and blue, as XYZ in the tables' encoding. */
  private static double[] strangeXyz(double[] device) {
    double[] light = {linear(device[0]), linear(device[2]), linear(device[1])};
    double[] xyz = new double[3];
    for (int i = 0; i < 3; i++) {
      for (int k = 0; k < 3; k++) {
        xyz[i] += Icc.SRGB[k][i] * light[k] * 32768 / 65535;
      }
    }
    return xyz;
  }

  private static double[] strangeLab(double[] device, double scale) {
    double[] xyz = strangeXyz(device);
    double[] white = {0.96422, 1, 0.82521};
    double[] f = new double[3];
    for (int i = 0; i < 3; i++) {
      double t = xyz[i] * 65535 / 32768 / white[i];
      f[i] = t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16.0 / 116;
    }
    double l = 116 * f[1] - 16;
    double a = 500 * (f[0] - f[1]);
    double b = 200 * (f[1] - f[2]);
    return new double[] {l / 100 * scale, (a + 128) / 255 * scale, (b + 128) / 255 * scale};
  }

  private static byte[] lutProfile(String pcs, byte[] table) {
    return new Icc("RGB ", pcs, 4).tag("A2B0", table).bytes();
  }

  private static byte[] inkProfile() {
    UnaryOperator<double[]> print =
        cmyk -> {
          double[] rgb = new double[3];
          for (int i = 0; i < 3; i++) {
            rgb[i] = 0.1 + 0.85 * (1 - cmyk[i]) * (1 - 0.9 * cmyk[3]);
          }
          return strangeLab(new double[] {rgb[0], rgb[2], rgb[1]}, 1);
        };
    return new Icc("CMYK", "Lab ", 2).tag("A2B0", Icc.lut(false, 4, 5, print)).bytes();
  }

  private void png() {
    Png.Source[] sources = {
      Gallery::grey, null, Gallery::rgb, Gallery::index, Gallery::greyAlpha, null, Gallery::rgba
    };
    int[][] kinds = {
      {1, 0}, {2, 0}, {4, 0}, {8, 0}, {16, 0}, {8, 2}, {16, 2}, {8, 3}, {8, 4}, {16, 4}, {8, 6},
      {16, 6}
    };
    for (int[] kind : kinds) {
      String name = "png-" + kind[0] + "-type" + kind[1];
      Png png = new Png(WIDTH, HEIGHT, kind[0], kind[1], sources[kind[1]]);
      Png woven = new Png(WIDTH, HEIGHT, kind[0], kind[1], sources[kind[1]]).interlaced();
      if (kind[1] == Png.PALETTE) {
        png.with(palette());
        woven.with(palette());
      }
      add(name, png.bytes());
      add(name + "-interlaced", woven.bytes());
    }
    for (int bits : new int[] {1, 2, 4}) {
      int most = Math.min(PATCHES.length, 1 << bits);
      Png.Source source = (x, y) -> new int[] {index(x, y)[0] % most};
      add(
          "png-" + bits + "-type3",
          new Png(WIDTH, HEIGHT, bits, 3, source).with(palette(), paletteAlpha()).bytes());
    }
    for (int orientation = 1; orientation <= 8; orientation++) {
      add("png-exif" + orientation, rgbPng(8).with(exif(orientation)).bytes());
    }
    add("png-exif-twice", rgbPng(8).with(exif(6), exif(3)).bytes());
    add("png-exif-little", rgbPng(8).with(Pictures.chunk("eXIf", tiff(6, true))).bytes());
    add(
        "png-exif-prefixed",
        rgbPng(8)
            .with(Pictures.chunk("eXIf", Pictures.join(Pictures.ascii("Exif\0\0"), tiff(6, false))))
            .bytes());
    add("png-exif-9", rgbPng(8).with(exif(9)).bytes());
    add("png-exif-0", rgbPng(8).with(exif(0)).bytes());
    add(
        "png-exif-in-text",
        rgbPng(8)
            .with(
                Pictures.chunk(
                    "zTXt",
                    Pictures.join(
                        Pictures.ascii("Raw profile type exif\0\0"), Png.deflated(rawProfile(6)))))
            .bytes());
    add(
        "png-exif-text",
        rgbPng(8)
            .with(
                Pictures.chunk(
                    "tEXt",
                    Pictures.join(Pictures.ascii("Raw profile type exif\0"), rawProfile(6))))
            .bytes());
    add(
        "png-key-8-rgb",
        rgbPng(8).with(Pictures.chunk("tRNS", new byte[] {0, -1, 0, 0, 0, 0})).bytes());
    add(
        "png-key-16-rgb",
        rgbPng(16).with(Pictures.chunk("tRNS", new byte[] {-1, -1, 0, 0, 0, 0})).bytes());
    add(
        "png-key-8-grey",
        new Png(WIDTH, HEIGHT, 8, 0, Gallery::grey)
            .with(Pictures.chunk("tRNS", new byte[] {0, 0}))
            .bytes());
    add(
        "png-key-4-grey",
        new Png(WIDTH, HEIGHT, 4, 0, Gallery::grey)
            .with(Pictures.chunk("tRNS", new byte[] {0, 7}))
            .bytes());
  }

  private static byte[] rawProfile(int orientation) {
    byte[] block = Pictures.join(Pictures.ascii("Exif\0\0"), tiff(orientation, false));
    StringBuilder text = new StringBuilder("\nexif\n      " + block.length + "\n");
    for (byte b : block) {
      text.append(String.format("%02x", b));
    }
    return Pictures.ascii(text + "\n");
  }

  private void pngColours() {
    Map<String, byte[]> profiles = new LinkedHashMap<>();
    profiles.put("p3-v4", p3());
    profiles.put("p3-v2-table", Icc.matrix(2, Icc.DISPLAY_P3, Icc.table(1024, Gallery::linear)));
    profiles.put("srgb-v2-table", Icc.matrix(2, Icc.SRGB, Icc.table(1024, Gallery::linear)));
    profiles.put("srgb-v4", Icc.matrix(4, Icc.SRGB, Icc.srgbCurve()));
    profiles.put("srgb-2.2", Icc.matrix(2, Icc.SRGB, Icc.gamma(2.2)));
    profiles.put("adobe", Icc.matrix(2, Icc.ADOBE_RGB, Icc.gamma(563 / 256.0)));
    profiles.put("prophoto", Icc.matrix(2, Icc.PROPHOTO, Icc.gamma(1.8)));
    profiles.put("linear", Icc.matrix(2, Icc.SRGB, Icc.curve()));
    profiles.put("swapped", swapped());
    profiles.put("para0", Icc.matrix(4, Icc.SRGB, Icc.parametric(0, 1.5)));
    profiles.put("para1", Icc.matrix(4, Icc.SRGB, Icc.parametric(1, 1.8, 1.1, -0.1)));
    profiles.put("para2", Icc.matrix(4, Icc.SRGB, Icc.parametric(2, 1.8, 1.1, -0.15, 0.05)));
    profiles.put("para1-broken", Icc.matrix(4, Icc.SRGB, Icc.parametric(1, 1.8, 0.9, 0.1)));
    profiles.put(
        "para4", Icc.matrix(4, Icc.SRGB, Icc.parametric(4, 2.4, 0.9, 0.05, 0.1, 0.05, 0.02, 0.01)));
    profiles.put("tiny-table", Icc.matrix(2, Icc.SRGB, Icc.curve(0, 8000, 30000, 65535)));
    profiles.put("lut16-xyz", lutProfile("XYZ ", Icc.lut(true, 3, 17, Gallery::strangeXyz)));
    profiles.put(
        "lut16-lab", lutProfile("Lab ", Icc.lut(true, 3, 17, d -> strangeLab(d, 65280 / 65535.0))));
    profiles.put("lut8-lab", lutProfile("Lab ", Icc.lut(false, 3, 17, d -> strangeLab(d, 1))));
    byte[] identity = Icc.parametric(0, 1);
    profiles.put(
        "mab-lab", lutProfile("Lab ", Icc.multi(3, 17, identity, identity, d -> strangeLab(d, 1))));
    profiles.put(
        "mab-xyz",
        lutProfile(
            "XYZ ",
            Icc.multi(
                3,
                9,
                Icc.srgbCurve(),
                identity,
                d -> {
                  double[] encoded = new double[3];
                  for (int i = 0; i < 3; i++) {
                    double v = d[i];
                    encoded[i] = v <= 0.0031308 ? 12.92 * v : 1.055 * Math.pow(v, 1 / 2.4) - 0.055;
                  }
                  return strangeXyz(encoded);
                })));
    profiles.put(
        "a2b1-alone",
        new Icc("RGB ", "XYZ ", 4).tag("A2B1", Icc.lut(true, 3, 17, Gallery::strangeXyz)).bytes());
    Icc both = new Icc("RGB ", "XYZ ", 4).tag("A2B0", Icc.lut(true, 3, 17, Gallery::strangeXyz));
    String[] names = {"r", "g", "b"};
    for (int i = 0; i < 3; i++) {
      both.tag(names[i] + "XYZ", Icc.xyz(Icc.DISPLAY_P3[i])).tag(names[i] + "TRC", Icc.srgbCurve());
    }
    profiles.put("a2b0-and-matrix", both.bytes());
    Icc apple = new Icc("RGB ", "XYZ ", 4);
    for (int i = 0; i < 3; i++) {
      apple.tag(names[i] + "XYZ", Icc.xyz(Icc.SRGB[i])).tag(names[i] + "TRC", Icc.srgbCurve());
    }
    apple.tag("cicp", Pictures.join(Pictures.ascii("cicp\0\0\0\0"), new byte[] {12, 13, 0, 1}));
    profiles.put("cicp-tag", apple.bytes());
    byte[] cut = p3();
    profiles.put("broken-cut", Arrays.copyOf(cut, 200));
    byte[] unsigned = p3();
    unsigned[36] = 'x';
    profiles.put("broken-signature", unsigned);
    byte[] huge = p3();
    huge[128] = 127;
    profiles.put("broken-count", huge);
    profiles.put("broken-empty", new byte[0]);
    profiles.put("of-inks", inkProfile());
    profiles.put("of-grey", Icc.grey(Icc.gamma(1)));
    byte[] input = p3();
    System.arraycopy(Pictures.ascii("scnr"), 0, input, 12, 4);
    profiles.put("p3-scanner", input);
    byte[] longer = Pictures.join(p3(), new byte[100]);
    profiles.put("p3-longer", longer);
    profiles.forEach((name, icc) -> add("icc-" + name, rgbPng(8).with(Png.iccp(icc)).bytes()));

    byte[] p3 = Png.iccp(p3());
    add("icc16-p3", rgbPng(16).with(p3).bytes());
    add("icc16-linear", rgbPng(16).with(Png.iccp(profiles.get("linear"))).bytes());
    add("icc16-lut", rgbPng(16).with(Png.iccp(profiles.get("lut16-xyz"))).bytes());
    add("icc-palette", new Png(WIDTH, HEIGHT, 8, 3, Gallery::index).with(p3, palette()).bytes());
    add(
        "icc-palette-alpha",
        new Png(WIDTH, HEIGHT, 8, 3, Gallery::index).with(p3, palette(), paletteAlpha()).bytes());
    add("icc-rgba", new Png(WIDTH, HEIGHT, 8, 6, Gallery::rgba).with(p3).bytes());
    add("icc16-rgba", new Png(WIDTH, HEIGHT, 16, 6, Gallery::rgba).with(p3).bytes());
    byte[] greyLinear = Png.iccp(Icc.grey(Icc.gamma(1)));
    for (int bits : new int[] {1, 4, 8, 16}) {
      add(
          "icc-grey" + bits,
          new Png(WIDTH, HEIGHT, bits, 0, Gallery::grey).with(greyLinear).bytes());
    }
    add(
        "icc-grey-alpha",
        new Png(WIDTH, HEIGHT, 8, 4, Gallery::greyAlpha).with(greyLinear).bytes());
    add(
        "icc-grey-rgb",
        new Png(WIDTH, HEIGHT, 8, 0, Gallery::grey).with(Png.iccp(profiles.get("linear"))).bytes());
    add(
        "icc-grey-lab",
        new Png(WIDTH, HEIGHT, 8, 0, Gallery::grey)
            .with(Png.iccp(new Icc("GRAY", "Lab ", 2).tag("kTRC", Icc.gamma(1)).bytes()))
            .bytes());
    add("icc-bad-deflate", rgbPng(8).with(badProfile()).bytes());
    add(
        "icc-bad-then-gama",
        rgbPng(8).with(Png.iccp(Arrays.copyOf(cut, 200)), Png.gama(1)).bytes());
    add(
        "icc-behind-palette",
        new Png(WIDTH, HEIGHT, 8, 3, Gallery::index).with(palette(), p3).bytes());
    add(
        "icc-behind-pixels",
        Pictures.join(rgbPng(8).head(), Pictures.chunk("IDAT", rgbPng(8).deflated()), p3, Png.END));
    add("icc-twice", rgbPng(8).with(p3, Png.iccp(profiles.get("linear"))).bytes());
    byte[] badSum = p3.clone();
    badSum[badSum.length - 1] ^= 1;
    add("icc-bad-crc", rgbPng(8).with(badSum).bytes());

    add("srgb", rgbPng(8).with(Png.srgb()).bytes());
    add("srgb-over-gama", rgbPng(8).with(Png.gama(1), Png.srgb()).bytes());
    add("srgb-over-chrm", rgbPng(8).with(Png.chrm(P3), Png.gama(0.45455), Png.srgb()).bytes());
    add("icc-over-srgb", rgbPng(8).with(Png.srgb(), p3).bytes());
    add("icc-over-gama", rgbPng(8).with(Png.gama(1), p3).bytes());
    for (double gamma : new double[] {1, 0.45455, 0.5, 0.55556, 0.2, 0.0, 3.5, 0.00001, 21000}) {
      add("gama-" + gamma, rgbPng(8).with(Png.gama(gamma)).bytes());
    }
    add("gama-grey", new Png(WIDTH, HEIGHT, 8, 0, Gallery::grey).with(Png.gama(1)).bytes());
    add("gama-grey1", new Png(WIDTH, HEIGHT, 1, 0, Gallery::grey).with(Png.gama(1)).bytes());
    add("gama-grey16", new Png(WIDTH, HEIGHT, 16, 0, Gallery::grey).with(Png.gama(1)).bytes());
    add(
        "gama-grey-alpha",
        new Png(WIDTH, HEIGHT, 8, 4, Gallery::greyAlpha).with(Png.gama(1)).bytes());
    add("gama-16", rgbPng(16).with(Png.gama(1)).bytes());
    add("gama-rgba", new Png(WIDTH, HEIGHT, 8, 6, Gallery::rgba).with(Png.gama(1)).bytes());
    add(
        "gama-palette",
        new Png(WIDTH, HEIGHT, 8, 3, Gallery::index).with(Png.gama(1), palette()).bytes());
    add("chrm-alone", rgbPng(8).with(Png.chrm(P3)).bytes());
    add("chrm-gama-p3", rgbPng(8).with(Png.gama(0.45455), Png.chrm(P3)).bytes());
    add("chrm-gama-709", rgbPng(8).with(Png.gama(0.45455), Png.chrm(BT709)).bytes());
    add("chrm-gama-first", rgbPng(8).with(Png.chrm(P3), Png.gama(0.55)).bytes());
    add(
        "chrm-grey",
        new Png(WIDTH, HEIGHT, 8, 0, Gallery::grey).with(Png.gama(1), Png.chrm(P3)).bytes());
    double[] d50 = P3.clone();
    d50[0] = 0.3457;
    d50[1] = 0.3585;
    add("chrm-d50", rgbPng(8).with(Png.gama(0.45455), Png.chrm(d50)).bytes());
    add("chrm-broken", rgbPng(8).with(Png.gama(0.45455), Png.chrm(new double[8])).bytes());
    add("chrm-broken-gama1", rgbPng(8).with(Png.gama(1), Png.chrm(new double[8])).bytes());
    add(
        "gama-behind",
        Pictures.join(
            rgbPng(8).head(), Pictures.chunk("IDAT", rgbPng(8).deflated()), Png.gama(1), Png.END));
    add(
        "gama-behind-palette",
        new Png(WIDTH, HEIGHT, 8, 3, Gallery::index).with(palette(), Png.gama(1)).bytes());
    add("gama-short", rgbPng(8).with(Pictures.chunk("gAMA", new byte[3])).bytes());
    add("gama-twice", rgbPng(8).with(Png.gama(1), Png.gama(0.45455)).bytes());

    String codes =
        "1-13-0-1 1-13-0-0 12-13-0-1 12-13-0-0 9-1-0-1 9-14-0-1 9-15-0-1 "
            + "1-8-0-1 1-4-0-1 1-5-0-1 5-13-0-1 6-6-0-1 11-17-0-1 9-16-0-1 9-18-0-1 "
            + "12-16-0-1 1-7-0-1 1-11-0-1 10-8-0-1 4-13-0-1 22-13-0-1 2-13-0-1 "
            + "1-2-0-1 0-0-0-0 8-13-0-1 1-9-0-1 1-12-0-1 1-10-0-1 9-16-0-0 99-13-0-1";
    for (String code : codes.split(" ")) {
      String[] c = code.split("-");
      byte[] chunk =
          Pictures.chunk(
              "cICP",
              new byte[] {
                Byte.parseByte(c[0]),
                Byte.parseByte(c[1]),
                Byte.parseByte(c[2]),
                Byte.parseByte(c[3])
              });
      add("cicp-" + code, rgbPng(8).with(chunk).bytes());
    }
    for (int transfer : new int[] {16, 18}) {
      Random random = new Random(transfer);
      int[] colours = new int[COLUMNS * ROWS];
      for (int i = 0; i < colours.length; i++) {
        colours[i] = random.nextInt(1 << 24);
      }
      Png.Source source =
          (x, y) -> {
            int c = colours[index(x, y)[0]];
            return new int[] {(c >> 16) * 257, (c >> 8 & 0xFF) * 257, (c & 0xFF) * 257};
          };
      for (int primaries : new int[] {1, 9, 12}) {
        add(
            "cicp-any-" + primaries + "-" + transfer,
            new Png(WIDTH, HEIGHT, 8, 2, source).with(Png.cicp(primaries, transfer, 0, 1)).bytes());
        Png.Source dark =
            (x, y) -> {
              int[] c = source.at(x, y);
              return new int[] {c[0] / 2, c[1] / 2, c[2] / 2};
            };
        add(
            "cicp-dark-" + primaries + "-" + transfer,
            new Png(WIDTH, HEIGHT, 16, 2, dark).with(Png.cicp(primaries, transfer, 0, 1)).bytes());
      }
    }
    add("cicp16-pq", rgbPng(16).with(Png.cicp(9, 16, 0, 1)).bytes());
    add("cicp16-hlg", rgbPng(16).with(Png.cicp(9, 18, 0, 1)).bytes());
    add(
        "cicp-grey",
        new Png(WIDTH, HEIGHT, 8, 0, Gallery::grey).with(Png.cicp(1, 8, 0, 1)).bytes());
    add("cicp-over-icc", rgbPng(8).with(Png.cicp(1, 13, 0, 1), p3).bytes());
    add("cicp-over-icc-after", rgbPng(8).with(p3, Png.cicp(1, 13, 0, 1)).bytes());
    add("cicp-over-gama", rgbPng(8).with(Png.cicp(12, 13, 0, 1), Png.gama(1)).bytes());
    add("cicp-over-srgb", rgbPng(8).with(Png.cicp(12, 13, 0, 1), Png.srgb()).bytes());
    add("cicp-bad-over-icc", rgbPng(8).with(Png.cicp(99, 13, 0, 1), p3).bytes());
    add(
        "cicp-behind",
        Pictures.join(
            rgbPng(8).head(),
            Pictures.chunk("IDAT", rgbPng(8).deflated()),
            Png.cicp(12, 13, 0, 1),
            Png.END));
    add(
        "cicp-palette-late",
        new Png(WIDTH, HEIGHT, 8, 3, Gallery::index)
            .with(palette(), Png.cicp(12, 13, 0, 1))
            .bytes());
  }

  private static byte[] badProfile() {
    byte[] content =
        Pictures.join(Pictures.ascii("x\0\0"), new byte[] {0x78, (byte) 0x9C, 7, 7, 7});
    return Pictures.chunk("iCCP", content);
  }

  private void pngFaults() {
    byte[] data = rgbPng(8).deflated();
    byte[] wrong = data.clone();
    wrong[wrong.length - 1] ^= 0x55;
    byte[] head = rgbPng(8).head();
    add("fault-adler", Pictures.join(head, Pictures.chunk("IDAT", wrong), Png.END));
    byte[] cut = Arrays.copyOf(data, data.length - 4);
    add("fault-no-adler", Pictures.join(head, Pictures.chunk("IDAT", cut), Png.END));
    byte[] pixels = Pictures.chunk("IDAT", data);
    byte[] badSum = pixels.clone();
    badSum[badSum.length - 1] ^= 1;
    add("fault-idat-crc", Pictures.join(head, badSum, Png.END));
    byte[] badHead = head.clone();
    badHead[32] ^= 1;
    byte[] badEnd = Png.END.clone();
    badEnd[11] ^= 1;
    add("fault-iend-crc", Pictures.join(head, pixels, badEnd));
    add("fault-no-iend", Pictures.join(head, pixels));
    add("fault-no-last-crc", Pictures.join(head, Arrays.copyOf(pixels, pixels.length - 4)));
    add("fault-trailing", Pictures.join(head, pixels, Png.END, new byte[500]));
    add("fault-more-idat", Pictures.join(head, pixels, pixels, Png.END));
    add(
        "fault-longer-data",
        Pictures.join(
            head,
            Pictures.chunk("IDAT", Png.deflated(new byte[(3 * WIDTH + 1) * (HEIGHT + 9)])),
            Png.END));
    byte[] text = Pictures.chunk("tEXt", Pictures.ascii("a\0b"));
    text[text.length - 1] ^= 1;
    add("fault-text-crc", Pictures.join(head, text, pixels, Png.END));
    byte[][] parts = new byte[data.length][];
    for (int i = 0; i < data.length; i++) {
      parts[i] = Pictures.chunk("IDAT", new byte[] {data[i]});
    }
    add("fault-idat-bytes", Pictures.join(head, Pictures.join(parts), Png.END));
    int half = data.length / 2;
    byte[] a = Pictures.chunk("IDAT", Arrays.copyOf(data, half));
    byte[] b = Pictures.chunk("IDAT", Arrays.copyOfRange(data, half, data.length));
    add(
        "fault-idat-empty",
        Pictures.join(head, a, Pictures.chunk("IDAT", new byte[0]), b, Png.END));
    Png palette = new Png(WIDTH, HEIGHT, 8, 3, Gallery::index);
    add("fault-trns-first", palette.with(paletteAlpha(), palette()).bytes());
    add(
        "fault-trns-long",
        new Png(WIDTH, HEIGHT, 8, 3, Gallery::index)
            .with(palette(), Pictures.chunk("tRNS", new byte[300]))
            .bytes());
    add(
        "fault-trns-longer-than-palette",
        new Png(WIDTH, HEIGHT, 8, 3, Gallery::index)
            .with(palette(), Pictures.chunk("tRNS", new byte[30]))
            .bytes());
    add(
        "fault-trns-empty",
        new Png(WIDTH, HEIGHT, 8, 3, Gallery::index)
            .with(palette(), Pictures.chunk("tRNS", new byte[0]))
            .bytes());
    add(
        "fault-trns-rgb-long",
        rgbPng(8).with(Pictures.chunk("tRNS", new byte[] {0, -1, 0, 0, 0, 0, 9})).bytes());
    add(
        "fault-trns-rgb-short",
        rgbPng(8).with(Pictures.chunk("tRNS", new byte[] {0, -1, 0, 0})).bytes());
    add(
        "fault-trns-rgb-high",
        rgbPng(8).with(Pictures.chunk("tRNS", new byte[] {1, -1, 1, 0, 1, 0})).bytes());
    add(
        "fault-trns-rgba",
        new Png(WIDTH, HEIGHT, 8, 6, Gallery::rgba)
            .with(Pictures.chunk("tRNS", new byte[] {0, -1, 0, 0, 0, 0}))
            .bytes());
    add(
        "fault-trns-twice",
        new Png(WIDTH, HEIGHT, 8, 3, Gallery::index)
            .with(palette(), paletteAlpha(), Pictures.chunk("tRNS", new byte[24]))
            .bytes());
    add("fault-plte-rgb", rgbPng(8).with(palette()).bytes());
    add("fault-plte-grey", new Png(WIDTH, HEIGHT, 8, 0, Gallery::grey).with(palette()).bytes());
    add(
        "fault-plte-short",
        new Png(WIDTH, HEIGHT, 8, 3, Gallery::index)
            .with(
                Arrays.copyOf(palette(), 0),
                Pictures.chunk("PLTE", Arrays.copyOfRange(palette(), 8, 8 + 30)))
            .bytes());
    add(
        "fault-plte-odd",
        new Png(WIDTH, HEIGHT, 8, 3, Gallery::index)
            .with(Pictures.chunk("PLTE", Arrays.copyOfRange(palette(), 8, 8 + 71)))
            .bytes());
    add(
        "fault-plte-long",
        new Png(WIDTH, HEIGHT, 2, 3, (x, y) -> new int[] {x / 16 % 4}).with(palette()).bytes());
    byte[] window = rgbPng(8).deflated();
    window[0] = 0x18;
    window[1] = (byte) (31 - (0x18 * 256) % 31);
    add("fault-window", Pictures.join(head, Pictures.chunk("IDAT", window), Png.END));
    byte[] method = rgbPng(8).deflated();
    method[1] ^= 1;
  }

  private void apng() {
    byte[] header = rgbPng(8).head();
    byte[] whole = rgbPng(8).deflated();
    byte[] small = new Png(32, 32, 8, 2, (x, y) -> new int[] {0xC8C8, 0x3232, 0x7878}).deflated();
    byte[] pixels = Pictures.chunk("IDAT", whole);
    add(
        "apng-default-is-first",
        Pictures.join(
            header,
            actl(2),
            fctl(0, WIDTH, HEIGHT, 0, 0),
            pixels,
            fctl(1, 32, 32, 16, 16),
            fdat(2, small),
            Png.END));
    add(
        "apng-default-is-apart",
        Pictures.join(header, actl(1), pixels, fctl(0, 32, 32, 16, 16), fdat(1, small), Png.END));
    add(
        "apng-default-is-apart-two",
        Pictures.join(
            header,
            actl(2),
            pixels,
            fctl(0, 32, 32, 16, 16),
            fdat(1, small),
            fctl(2, 32, 32, 0, 0),
            fdat(3, small),
            Png.END));
    add(
        "apng-no-actl",
        Pictures.join(header, pixels, fctl(0, 32, 32, 16, 16), fdat(1, small), Png.END));
    add(
        "apng-one-frame",
        Pictures.join(header, actl(1), fctl(0, WIDTH, HEIGHT, 0, 0), pixels, Png.END));
    add("apng-zero-frames", Pictures.join(header, actl(0), pixels, Png.END));
    add(
        "apng-p3",
        Pictures.join(
            rgbPng(8).with(Png.iccp(p3())).head(),
            actl(2),
            pixels,
            fctl(0, 32, 32, 16, 16),
            fdat(1, small),
            fctl(2, 32, 32, 16, 16),
            fdat(3, small),
            Png.END));
    byte[] clear = new Png(WIDTH, HEIGHT, 8, 6, Gallery::rgba).deflated();
    add(
        "apng-alpha",
        Pictures.join(
            new Png(WIDTH, HEIGHT, 8, 6, Gallery::rgba).head(),
            actl(2),
            fctl(0, WIDTH, HEIGHT, 0, 0),
            Pictures.chunk("IDAT", clear),
            fctl(1, WIDTH, HEIGHT, 0, 0),
            fdat(2, clear),
            Png.END));
  }

  private static byte[] actl(int frames) {
    return Pictures.chunk("acTL", ByteBuffer.allocate(8).putInt(frames).putInt(0).array());
  }

  private static byte[] fctl(int number, int width, int height, int left, int top) {
    ByteBuffer out = ByteBuffer.allocate(26).putInt(number).putInt(width).putInt(height);
    out.putInt(left).putInt(top).putShort((short) 1).putShort((short) 1);
    return Pictures.chunk("fcTL", out.array());
  }

  private static byte[] fdat(int number, byte[] data) {
    return Pictures.chunk(
        "fdAT", Pictures.join(ByteBuffer.allocate(4).putInt(number).array(), data));
  }

  private static byte[] exif(int orientation) {
    return Pictures.chunk("eXIf", tiff(orientation, false));
  }

  static byte[] tiff(int orientation, boolean little) {
    ByteBuffer tiff = ByteBuffer.allocate(26);
    tiff.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    tiff.put(Pictures.ascii(little ? "II" : "MM")).putShort((short) 42).putInt(8);
    tiff.putShort((short) 1).putShort((short) 0x112).putShort((short) 3).putInt(1);
    tiff.putShort((short) orientation).putShort((short) 0).putInt(0);
    return tiff.array();
  }

  private static byte[] app1(byte[] tiff) {
    return Pictures.segment(0xE1, Pictures.join(Pictures.ascii("Exif\0\0"), tiff));
  }

  private static byte[] plainJpeg() throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(0, WIDTH, HEIGHT, 3, null);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int p = patch(x, y);
        double r = p >> 16;
        double g = p >> 8 & 0xFF;
        double b = p & 0xFF;
        double luma = 0.299 * r + 0.587 * g + 0.114 * b;
        raster.setPixel(
            x,
            y,
            new int[] {clip(luma), clip(128 + (b - luma) / 1.772), clip(128 + (r - luma) / 1.402)});
      }
    }
    return Pictures.rawJpeg(raster, 1);
  }

  private static int clip(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }

  private static byte[] rgbJpeg() throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(0, WIDTH, HEIGHT, 3, null);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int p = patch(x, y);
        raster.setPixel(x, y, new int[] {p >> 16, p >> 8 & 0xFF, p & 0xFF});
      }
    }
    return Pictures.rawJpeg(raster, 1);
  }

  private static byte[] greyJpeg() throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(0, WIDTH, HEIGHT, 1, null);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        raster.setPixel(x, y, new int[] {level(x, y)});
      }
    }
    return Pictures.rawJpeg(raster, 1);
  }

  private static byte[] jfif() {
    return Pictures.segment(
        0xE0, Pictures.join(Pictures.ascii("JFIF\0"), new byte[] {1, 1, 0, 0, 1, 0, 1, 0, 0}));
  }

  private static byte[] shortJfif() {
    return Pictures.segment(0xE0, Pictures.ascii("JFIF\0"));
  }

  /** The frame's and the scans' component ids renamed. */
  private static byte[] named(byte[] jpeg, int... ids) {
    byte[] out = jpeg.clone();
    int frame = Pictures.find(out, new byte[] {(byte) 0xFF, (byte) 0xC0});
    int scan = Pictures.find(out, new byte[] {(byte) 0xFF, (byte) 0xDA});
    for (int i = 0; i < ids.length; i++) {
      out[frame + 10 + 3 * i] = (byte) ids[i];
      out[scan + 5 + 2 * i] = (byte) ids[i];
    }
    return out;
  }

  private void jpeg() throws IOException {
    byte[] ycc = named(plainJpeg(), 1, 2, 3);
    byte[] rgb = named(rgbJpeg(), 1, 2, 3);
    add("jpeg", ycc);
    add("jpeg-progressive", Pictures.progressive(image(BufferedImage.TYPE_3BYTE_BGR)));
    add("jpeg-jdk", Pictures.encode(image(BufferedImage.TYPE_3BYTE_BGR), "jpeg"));
    add("jpeg-grey", greyJpeg());
    byte[][] markers = {{}, jfif(), shortJfif()};
    String[] names = {"", "-jfif", "-jfif-short"};
    for (int i = 0; i < markers.length; i++) {
      for (int transform = -1; transform <= 3; transform++) {
        byte[] adobe = transform < 0 ? new byte[0] : Pictures.adobe(transform);
        String name = "jpeg" + names[i] + "-adobe" + transform;
        add(name + "-ids123", Pictures.afterSoi(ycc, markers[i], adobe));
        add(name + "-idsRGB", Pictures.afterSoi(named(rgb, 'R', 'G', 'B'), markers[i], adobe));
        add(name + "-ids012", Pictures.afterSoi(named(ycc, 0, 1, 2), markers[i], adobe));
      }
    }
    add("jpeg-adobe-first", Pictures.afterSoi(ycc, Pictures.adobe(0), jfif()));
    add("jpeg-adobe-twice", Pictures.afterSoi(ycc, Pictures.adobe(0), Pictures.adobe(1)));
    add("jpeg-adobe-late", insertBeforeScan(ycc, Pictures.adobe(0)));
    add(
        "jpeg-adobe-after-scan",
        Pictures.join(Arrays.copyOf(ycc, ycc.length - 2), Pictures.adobe(0), new byte[] {-1, -39}));
    for (int orientation = 0; orientation <= 9; orientation++) {
      add("jpeg-exif" + orientation, Pictures.afterSoi(ycc, app1(tiff(orientation, true))));
    }
    byte[] six = app1(tiff(6, false));
    byte[] none = app1(new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0});
    byte[] one = app1(tiff(1, false));
    byte[] broken = app1(new byte[4]);
    byte[] empty = Pictures.segment(0xE1, Pictures.ascii("Exif\0\0"));
    add("jpeg-exif-big", Pictures.afterSoi(ycc, six));
    add("jpeg-exif-behind", Pictures.afterSoi(ycc, jfif(), Pictures.adobe(1), six));
    add("jpeg-exif-6-none", Pictures.afterSoi(ycc, six, none));
    add("jpeg-exif-none-6", Pictures.afterSoi(ycc, none, six));
    add("jpeg-exif-6-1", Pictures.afterSoi(ycc, six, one));
    add("jpeg-exif-1-6", Pictures.afterSoi(ycc, one, six));
    add("jpeg-exif-6-3", Pictures.afterSoi(ycc, six, app1(tiff(3, false))));
    add("jpeg-exif-broken-6", Pictures.afterSoi(ycc, broken, six));
    add("jpeg-exif-empty-6", Pictures.afterSoi(ycc, empty, six));
    add("jpeg-exif-9-6", Pictures.afterSoi(ycc, app1(tiff(9, false)), six));
    add(
        "jpeg-exif-xmp-6",
        Pictures.afterSoi(
            ycc,
            Pictures.segment(0xE1, Pictures.ascii("http://ns.adobe.com/xap/1.0/\0<x/>")),
            six));
    add("jpeg-exif-late", insertBeforeScan(ycc, six));
    add(
        "jpeg-exif-after-scan",
        Pictures.join(Arrays.copyOf(ycc, ycc.length - 2), six, new byte[] {-1, -39}));
    add("jpeg-exif-long", Pictures.afterSoi(ycc, app1(typed(4, 6))));
    add("jpeg-exif-byte", Pictures.afterSoi(ycc, app1(typed(1, 6))));
    add("jpeg-exif-count2", Pictures.afterSoi(ycc, app1(counted(2))));
    add(
        "jpeg-exif-ff",
        Pictures.afterSoi(
            ycc,
            Pictures.segment(
                0xE1, Pictures.join(Pictures.ascii("Exif\0"), new byte[] {-1}, tiff(6, false)))));

    byte[] p3 = p3();
    int third = p3.length / 3;
    byte[] p = Arrays.copyOf(p3, third);
    byte[] q = Arrays.copyOfRange(p3, third, 2 * third);
    byte[] r = Arrays.copyOfRange(p3, 2 * third, p3.length);
    add("jpeg-icc", Pictures.afterSoi(ycc, part(1, 1, p3)));
    add("jpeg-icc-parts", Pictures.afterSoi(ycc, part(1, 3, p), part(2, 3, q), part(3, 3, r)));
    add("jpeg-icc-order", Pictures.afterSoi(ycc, part(3, 3, r), part(1, 3, p), part(2, 3, q)));
    add("jpeg-icc-missing", Pictures.afterSoi(ycc, part(1, 3, p), part(3, 3, r)));
    add("jpeg-icc-missing-last", Pictures.afterSoi(ycc, part(1, 3, p), part(2, 3, q)));
    add(
        "jpeg-icc-duplicate",
        Pictures.afterSoi(ycc, part(1, 3, p), part(2, 3, q), part(2, 3, q), part(3, 3, r)));
    add("jpeg-icc-duplicate-whole", Pictures.afterSoi(ycc, part(1, 1, p3), part(1, 1, p3)));
    add(
        "jpeg-icc-counts-differ",
        Pictures.afterSoi(ycc, part(1, 3, p), part(2, 4, q), part(3, 3, r)));
    add("jpeg-icc-from-0", Pictures.afterSoi(ycc, part(0, 3, p), part(1, 3, q), part(2, 3, r)));
    add("jpeg-icc-0-of-0", Pictures.afterSoi(ycc, part(0, 0, p3)));
    add("jpeg-icc-1-of-0", Pictures.afterSoi(ycc, part(1, 0, p3)));
    add("jpeg-icc-2-of-1", Pictures.afterSoi(ycc, part(2, 1, p3)));
    add("jpeg-icc-late", insertBeforeScan(ycc, part(1, 1, p3)));
    add("jpeg-icc-grey", Pictures.afterSoi(greyJpeg(), part(1, 1, Icc.grey(Icc.gamma(1)))));
    add(
        "jpeg-icc-grey-of-rgb",
        Pictures.afterSoi(greyJpeg(), part(1, 1, Icc.matrix(2, Icc.SRGB, Icc.curve()))));
    add("jpeg-icc-rgb-of-grey", Pictures.afterSoi(ycc, part(1, 1, Icc.grey(Icc.gamma(1)))));
    add("jpeg-icc-of-inks", Pictures.afterSoi(ycc, part(1, 1, inkProfile())));
    add(
        "jpeg-icc-lut",
        Pictures.afterSoi(
            ycc, part(1, 1, lutProfile("XYZ ", Icc.lut(true, 3, 17, Gallery::strangeXyz)))));
    add("jpeg-icc-and-exif", Pictures.afterSoi(ycc, part(1, 1, p3), six));
    add("jpeg-icc-rgb", Pictures.afterSoi(named(rgb, 'R', 'G', 'B'), part(1, 1, p3)));
  }

  private static byte[] typed(int type, int value) {
    ByteBuffer tiff = ByteBuffer.wrap(tiff(1, false));
    tiff.putShort(12, (short) type);
    if (type == 4) {
      tiff.putInt(18, value);
    } else {
      tiff.putInt(18, value << 24);
    }
    return tiff.array();
  }

  private static byte[] counted(int count) {
    return ByteBuffer.wrap(tiff(6, false)).putInt(14, count).array();
  }

  private static byte[] part(int number, int of, byte[] content) {
    return Pictures.segment(
        0xE2,
        Pictures.join(
            Pictures.ascii("ICC_PROFILE\0"), new byte[] {(byte) number, (byte) of}, content));
  }

  private static byte[] insertBeforeScan(byte[] jpeg, byte[] segment) {
    int scan = Pictures.find(jpeg, new byte[] {(byte) 0xFF, (byte) 0xDA});
    return Pictures.join(
        Arrays.copyOf(jpeg, scan), segment, Arrays.copyOfRange(jpeg, scan, jpeg.length));
  }

  private void jpegFaults() throws IOException {
    byte[] ycc = named(plainJpeg(), 1, 2, 3);
    byte[] progressive = Pictures.progressive(image(BufferedImage.TYPE_3BYTE_BGR));
    add("jfault-fill", Pictures.afterSoi(ycc, new byte[] {-1, -1, -1, -1}));
    add("jfault-stray", Pictures.afterSoi(ycc, jfif(), new byte[] {1, 2, 3, 0, 9}));
    add("jfault-stray-ff00", Pictures.afterSoi(ycc, jfif(), new byte[] {1, -1, 0, 9}));
    add("jfault-stray-long", Pictures.afterSoi(ycc, jfif(), new byte[5000]));
    add("jfault-stray-rst", Pictures.afterSoi(ycc, jfif(), new byte[] {-1, -48}));
    add("jfault-stray-tem", Pictures.afterSoi(ycc, jfif(), new byte[] {-1, 1}));
    add("jfault-stray-before-scan", insertBeforeScan(ycc, new byte[] {1, 2, 3, 0, 9}));
    add("jfault-no-eoi-progressive", Arrays.copyOf(progressive, progressive.length - 2));
    add("jfault-trailing", Pictures.join(ycc, new byte[5000]));
    add(
        "jfault-stray-before-eoi",
        Pictures.join(
            Arrays.copyOf(ycc, ycc.length - 2),
            new byte[] {7, 7, 7, 7, 7, 7, 7, 7},
            new byte[] {-1, -39}));
    add(
        "jfault-dnl",
        Pictures.join(
            Arrays.copyOf(ycc, ycc.length - 2),
            Pictures.segment(0xDC, new byte[] {0, HEIGHT}),
            new byte[] {-1, -39}));
    add("jfault-two-pictures", Pictures.join(ycc, progressive));
    byte[] half = ycc.clone();
    int frame = Pictures.find(half, new byte[] {-1, (byte) 0xC0});
    half[frame + 6] = HEIGHT + 32;
    half = ycc.clone();
    half[frame + 6] = HEIGHT - 16;
    add("jfault-too-many-rows", half);
  }

  private void inks() throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(0, WIDTH, HEIGHT, 4, null);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int p = patch(x, y);
        int c = 255 - (p >> 16);
        int m = 255 - (p >> 8 & 0xFF);
        int ye = 255 - (p & 0xFF);
        int k = Math.min(c, Math.min(m, ye)) / 2;
        raster.setPixel(x, y, new int[] {255 - c + k, 255 - m + k, 255 - ye + k, 255 - k});
      }
    }
    byte[] inverted = named(Pictures.rawJpeg(raster, 1), 1, 2, 3, 4);
    add("inks", inverted);
    for (int transform = 0; transform <= 2; transform++) {
      add("inks-adobe" + transform, Pictures.afterSoi(inverted, Pictures.adobe(transform)));
    }
    add("inks-jfif-adobe2", Pictures.afterSoi(inverted, jfif(), Pictures.adobe(2)));
    add("inks-icc-rgb", Pictures.afterSoi(inverted, Pictures.adobe(0), part(1, 1, p3())));
    add("inks-ids-cmyk", Pictures.afterSoi(named(inverted, 'C', 'M', 'Y', 'K'), Pictures.adobe(0)));
    add("inks-exif6", Pictures.afterSoi(inverted, Pictures.adobe(0), app1(tiff(6, false))));
  }

  /** The chunks after the header: the pixels and, for lossy pictures, their alpha. */
  private static byte[] webpPixels(BufferedImage image, boolean lossless) throws IOException {
    byte[] webp = Pictures.webp(image, lossless);
    int from = 12;
    if (webp[15] == 'X') {
      from += 18;
    }
    return Arrays.copyOfRange(webp, from, webp.length);
  }

  private void webp() throws IOException {
    BufferedImage opaque = image(BufferedImage.TYPE_3BYTE_BGR);
    BufferedImage clear = image(BufferedImage.TYPE_INT_ARGB);
    byte[] profile = Pictures.riffChunk("ICCP", p3());
    for (boolean lossless : new boolean[] {false, true}) {
      String kind = lossless ? "webp-lossless" : "webp-lossy";
      byte[] pixels = webpPixels(opaque, lossless);
      byte[] alpha = webpPixels(clear, lossless);
      add(kind, Pictures.riff(pixels));
      add(kind + "-alpha", Pictures.riff(Pictures.vp8x(0x10, WIDTH, HEIGHT), alpha));
      add(kind + "-icc", Pictures.riff(Pictures.vp8x(0x20, WIDTH, HEIGHT), profile, pixels));
      add(kind + "-icc-alpha", Pictures.riff(Pictures.vp8x(0x30, WIDTH, HEIGHT), profile, alpha));
      add(
          kind + "-icc-without-flag",
          Pictures.riff(Pictures.vp8x(0, WIDTH, HEIGHT), profile, pixels));
      add(kind + "-icc-behind", Pictures.riff(Pictures.vp8x(0x20, WIDTH, HEIGHT), pixels, profile));
      add(
          kind + "-animated",
          Pictures.riff(
              Pictures.vp8x(0x02, WIDTH, HEIGHT),
              Pictures.riffChunk("ANIM", new byte[] {0, 0, -1, -1, 0, 0}),
              Pictures.anmf(0, 0, WIDTH, HEIGHT, 0, pixels),
              Pictures.anmf(
                  0,
                  0,
                  WIDTH,
                  HEIGHT,
                  0,
                  webpPixels(Pictures.quarters(WIDTH, HEIGHT, 5), lossless))));
      byte[] small = webpPixels(Pictures.quarters(48, 32, 5), lossless);
      add(
          kind + "-animated-offset",
          Pictures.riff(
              Pictures.vp8x(0x12, WIDTH, HEIGHT),
              Pictures.riffChunk("ANIM", new byte[] {0, 0, -1, -1, 0, 0}),
              Pictures.anmf(16, 16, 48, 32, 2, small),
              Pictures.anmf(0, 0, WIDTH, HEIGHT, 0, pixels)));
      add(
          kind + "-animated-alpha-icc",
          Pictures.riff(
              Pictures.vp8x(0x32, WIDTH, HEIGHT),
              profile,
              Pictures.riffChunk("ANIM", new byte[] {0, 0, -1, -1, 0, 0}),
              Pictures.anmf(0, 0, WIDTH, HEIGHT, 0, alpha),
              Pictures.anmf(0, 0, WIDTH, HEIGHT, 0, pixels)));
      add(
          kind + "-animated-one",
          Pictures.riff(
              Pictures.vp8x(0x02, WIDTH, HEIGHT),
              Pictures.riffChunk("ANIM", new byte[] {0, 0, -1, -1, 0, 0}),
              Pictures.anmf(16, 16, 48, 32, 0, small)));
      add(kind + "-trailing", Pictures.join(Pictures.riff(pixels), new byte[77]));
      add(
          kind + "-unknown-chunk",
          Pictures.riff(
              Pictures.vp8x(0, WIDTH, HEIGHT), Pictures.riffChunk("ABCD", new byte[3]), pixels));
    }
    byte[] pixels = webpPixels(opaque, true);
    add(
        "webp-icc-grey",
        Pictures.riff(
            Pictures.vp8x(0x20, WIDTH, HEIGHT),
            Pictures.riffChunk("ICCP", Icc.grey(Icc.gamma(1))),
            pixels));
    add(
        "webp-icc-broken",
        Pictures.riff(
            Pictures.vp8x(0x20, WIDTH, HEIGHT), Pictures.riffChunk("ICCP", new byte[50]), pixels));
    add(
        "webp-icc-twice",
        Pictures.riff(
            Pictures.vp8x(0x20, WIDTH, HEIGHT),
            profile,
            Pictures.riffChunk("ICCP", swapped()),
            pixels));
    add(
        "webp-icc-lut",
        Pictures.riff(
            Pictures.vp8x(0x20, WIDTH, HEIGHT),
            Pictures.riffChunk(
                "ICCP", lutProfile("XYZ ", Icc.lut(true, 3, 9, Gallery::strangeXyz))),
            pixels));
  }

  private static BufferedImage indexed() {
    byte[] r = new byte[32];
    byte[] g = new byte[32];
    byte[] b = new byte[32];
    for (int i = 0; i < PATCHES.length; i++) {
      r[i] = (byte) (PATCHES[i] >> 16);
      g[i] = (byte) (PATCHES[i] >> 8);
      b[i] = (byte) PATCHES[i];
    }
    BufferedImage image =
        new BufferedImage(
            WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(5, 32, r, g, b));
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.getRaster().setSample(x, y, 0, index(x, y)[0]);
      }
    }
    return image;
  }

  private static byte[] screen(byte[] gif, int width, int height) {
    byte[] out = gif.clone();
    ByteBuffer.wrap(out)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(6, (short) width)
        .putShort(8, (short) height);
    return out;
  }

  private static int frameAt(byte[] gif) {
    int table = 3 << ((gif[10] & 7) + 1);
    int at = 13 + table;
    while (gif[at] == 0x21) {
      at += 2;
      while (gif[at] != 0) {
        at += 1 + (gif[at] & 0xFF);
      }
      at++;
    }
    return at;
  }

  private static byte[] at(byte[] gif, int left, int top) {
    byte[] out = gif.clone();
    ByteBuffer.wrap(out)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(frameAt(gif) + 1, (short) left)
        .putShort(frameAt(gif) + 3, (short) top);
    return out;
  }

  private void gif() throws IOException {
    byte[] gif = Pictures.encode(indexed(), "gif");
    int frame = frameAt(gif);
    byte[] head = Arrays.copyOf(gif, 13 + 96);
    byte[] picture = Arrays.copyOfRange(gif, frame, gif.length);
    byte[] trailer = {0x3B};
    byte[] body = Arrays.copyOf(picture, picture.length - 1);
    add("gif", gif);
    add("gif-screen-0", screen(gif, 0, 0));
    add("gif-screen-0-high", screen(gif, 0, HEIGHT));
    add("gif-screen-1", screen(gif, 1, 1));
    add("gif-screen-smaller", screen(gif, 60, 40));
    add("gif-screen-narrower", screen(gif, 60, 100));
    add("gif-screen-smaller-offset", at(screen(gif, 60, 40), 10, 8));
    add("gif-screen-0-offset", at(screen(gif, 0, 0), 10, 8));
    add("gif-screen-larger", screen(gif, WIDTH + 16, HEIGHT + 32));
    add("gif-screen-larger-offset", at(screen(gif, WIDTH + 16, HEIGHT + 32), 16, 16));
    add("gif-offset-outside", at(gif, 32, 32));
    add("gif-offset-far", at(screen(gif, 60, 40), 100, 100));
    add("gif-no-trailer", Arrays.copyOf(gif, gif.length - 1));
    byte[] control = {0x21, (byte) 0xF9, 4, 1, 0, 0, 0, 0};
    add("gif-transparent", Pictures.join(head, control, body, trailer));
    control[6] = 77;
    add("gif-transparent-outside", Pictures.join(head, control, body, trailer));
    byte[] other = control.clone();
    other[6] = 1;
    add("gif-two-controls", Pictures.join(head, control, other, body, trailer));
    byte[] background =
        Pictures.join(
            Arrays.copyOf(gif, 11),
            new byte[] {1},
            Arrays.copyOfRange(gif, 12, 109),
            body,
            trailer);
    add("gif-background", at(screen(background, WIDTH + 16, HEIGHT + 16), 8, 8));
    byte[] stray = {0x21, 0x77, 3, 1, 2, 3, 0};
    add("gif-unknown-extension", Pictures.join(head, stray, body, trailer));
    add("gif-trailing", Pictures.join(gif, new byte[100]));
    byte[] small = at(gif, 0, 0);
    add(
        "gif-animated",
        Pictures.join(head, control, body, control, at(Pictures.join(head, body), 0, 0), trailer));
    ByteBuffer.wrap(small)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(frame + 5, (short) 0)
        .putShort(frame + 7, (short) 0);
    byte[] tall = gif.clone();
    ByteBuffer.wrap(tall).order(ByteOrder.LITTLE_ENDIAN).putShort(frame + 7, (short) (HEIGHT + 10));
    add("gif-too-few-rows", tall);
    byte[] low = gif.clone();
    ByteBuffer.wrap(low).order(ByteOrder.LITTLE_ENDIAN).putShort(frame + 7, (short) (HEIGHT - 16));
    add("gif-too-many-rows", low);
    byte[] version = gif.clone();
    version[4] = '7';
    add("gif-87a", version);
    byte[] local =
        Pictures.join(
            Arrays.copyOf(gif, 10),
            new byte[] {0x70, 0, 0},
            Arrays.copyOf(body, 9),
            new byte[] {(byte) 0x84},
            Arrays.copyOfRange(gif, 13, 109),
            Arrays.copyOfRange(body, 10, body.length),
            trailer);
    add("gif-local-table", local);
    add("gif-one-frame-then-empty", Pictures.join(head, body, body, trailer));
  }
}
