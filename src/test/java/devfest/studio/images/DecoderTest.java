package devfest.studio.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {
  private static final int RED = 0xDC2828;
  private static final int GREEN = 0x28C83C;
  private static final int BLUE = 0x283CDC;
  private static final int YELLOW = 0xE6D232;

  @Test
  void decodesABaselineJpeg() throws Exception {
    assertQuarters(decode(Pictures.jpeg()));
  }

  @Test
  void decodesAProgressiveJpeg() throws Exception {
    assertQuarters(decode(Pictures.progressiveJpeg()));
  }

  @Test
  void decodesAGreyJpeg() throws Exception {
    BufferedImage grey = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY);
    fill(grey.getRaster(), 100);
    assertColour(0x646464, decode(Pictures.encode(grey, "jpeg")), 20, 15);
  }

  @Test
  void decodesAnRgbJpeg() throws Exception {
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 32, 32, 3, null);
    fill(raster, 200, 50, 120);
    byte[] jpeg = Pictures.rawJpeg(raster);
    assertColour(0xC83278, decode(Pictures.afterSoi(jpeg, Pictures.adobe(0))), 16, 16);
  }

  @Test
  void decodesCmykJpegsOfEveryEncoder() throws Exception {
    // 255 is no ink: every viewer takes it so, with Adobe's marker and without.
    for (byte[] adobe : new byte[][] {{}, Pictures.adobe(0)}) {
      assertColour(0xFF0000, decode(Pictures.afterSoi(fourInks(255, 0, 0, 255), adobe)), 16, 16);
      assertColour(0xFFFFFF, decode(fourInks(255, 255, 255, 255)), 16, 16);
      assertColour(0x000000, decode(fourInks(255, 255, 255, 0)), 16, 16);
      assertColour(0x804000, decode(fourInks(255, 128, 0, 128)), 16, 16);
    }
  }

  @Test
  void decodesAYcckJpeg() throws Exception {
    // Y 255 with no chroma is white light, which Adobe's programs invert to no ink.
    byte[] jpeg = Pictures.afterSoi(fourInks(0, 128, 128, 255), Pictures.adobe(2));
    assertColour(0xFFFFFF, decode(jpeg), 16, 16);
  }

  @Test
  void convertsACmykProfile() throws Exception {
    byte[] table =
        Icc.lut(false, 4, 5, cmyk -> new double[] {(1 - cmyk[0]) * (1 - cmyk[3]), 0.502, 0.502});
    byte[] icc = new Icc("CMYK", "Lab ", 2).tag("A2B0", table).bytes();
    byte[] profile = Pictures.profile(icc);
    // Half of the lightness is a grey of 119; the other inks print nothing by this profile.
    byte[] cyan = Pictures.afterSoi(fourInks(127, 0, 0, 255), Pictures.adobe(0), profile);
    assertColour(0x777777, decode(cyan), 16, 16);
    byte[] black = Pictures.afterSoi(fourInks(255, 0, 0, 127), Pictures.adobe(0), profile);
    assertColour(0x777777, decode(black), 16, 16);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 64, 48, RED, GREEN, BLUE, YELLOW",
    "2, 64, 48, GREEN, RED, YELLOW, BLUE",
    "3, 64, 48, YELLOW, BLUE, GREEN, RED",
    "4, 64, 48, BLUE, YELLOW, RED, GREEN",
    "5, 48, 64, RED, BLUE, GREEN, YELLOW",
    "6, 48, 64, BLUE, RED, YELLOW, GREEN",
    "7, 48, 64, YELLOW, GREEN, BLUE, RED",
    "8, 48, 64, GREEN, YELLOW, RED, BLUE"
  })
  void rotatesAPhotoAsItsExifRequires(
      int orientation, int width, int height, String a, String b, String c, String d)
      throws Exception {
    BufferedImage image = decode(Pictures.afterSoi(Pictures.jpeg(), Pictures.exif(orientation)));
    assertEquals(width, image.getWidth());
    assertEquals(height, image.getHeight());
    assertCorners(image, colour(a), colour(b), colour(c), colour(d));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 77})
  void ignoresAnImpossibleOrientation(int orientation) throws Exception {
    assertQuarters(decode(Pictures.afterSoi(Pictures.jpeg(), Pictures.exif(orientation))));
  }

  @Test
  void convertsAnEmbeddedProfileToSrgb() throws Exception {
    BufferedImage grey = new BufferedImage(32, 32, BufferedImage.TYPE_3BYTE_BGR);
    Arrays.fill(Bgr.pixels(grey), (byte) 128);
    byte[] linear = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    byte[] jpeg = Pictures.afterSoi(Pictures.encode(grey, "jpeg"), Pictures.profile(linear));
    assertColour(0xBCBCBC, decode(jpeg), 16, 16);
  }

  @Test
  void leavesAPhotoWithAnSrgbProfileAsItIs() throws Exception {
    byte[] srgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
    byte[] plain = Pictures.jpeg();
    BufferedImage withProfile = decode(Pictures.afterSoi(plain, Pictures.profile(srgb)));
    assertArrayEquals(Bgr.pixels(decode(plain)), Bgr.pixels(withProfile));
  }

  @Test
  void ignoresABrokenProfile() throws Exception {
    byte[] broken = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData().clone();
    Arrays.fill(broken, 128, broken.length, (byte) 0x7F);
    assertQuarters(decode(Pictures.afterSoi(Pictures.jpeg(), Pictures.profile(broken))));
    assertQuarters(decode(Pictures.afterSoi(Pictures.jpeg(), Pictures.profile(new byte[3]))));
  }

  /** Browsers use EXIF in PNG files only before the pixels; the studio uses it anywhere. */
  @Test
  void rotatesAPngWhoseExifFollowsThePixels() throws Exception {
    byte[] png = Pictures.encode(Pictures.quarters(), "png");
    byte[] exif = Pictures.chunk("eXIf", Gallery.tiff(6, true));
    byte[] end = Arrays.copyOfRange(png, png.length - 12, png.length);
    BufferedImage image = decode(Pictures.join(Arrays.copyOf(png, png.length - 12), exif, end));
    assertEquals(48, image.getWidth());
    assertCorners(image, BLUE, RED, YELLOW, GREEN);
  }

  /** Chromium does not look at EXIF in WebP files; phones' galleries do. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rotatesAWebp(boolean named) throws Exception {
    byte[] six =
        named
            ? Pictures.join(Pictures.ascii("Exif\0\0"), Gallery.tiff(6, false))
            : Gallery.tiff(6, false);
    byte[] first = Pictures.riffChunk("EXIF", six);
    byte[] second = Pictures.riffChunk("EXIF", Gallery.tiff(3, true));
    byte[] webp = Pictures.webp(Pictures.quarters(), true);
    byte[] pixels = Arrays.copyOfRange(webp, 12, webp.length);
    for (byte[] file :
        new byte[][] {
          Pictures.riff(Pictures.vp8x(8, 64, 48), pixels, first, second),
          Pictures.riff(Pictures.vp8x(0, 64, 48), first, pixels),
          Pictures.riff(pixels, first)
        }) {
      BufferedImage image = decode(file);
      assertEquals(48, image.getWidth());
      assertCorners(image, BLUE, RED, YELLOW, GREEN);
    }
  }

  @Test
  void rotatesAnAnimatedWebp() throws Exception {
    byte[] webp = Pictures.webp(Pictures.quarters(), true);
    byte[] frame = Pictures.anmf(0, 0, 64, 48, 0, Arrays.copyOfRange(webp, 12, webp.length));
    byte[] six = Pictures.riffChunk("EXIF", Gallery.tiff(6, false));
    BufferedImage image =
        decode(
            Pictures.riff(
                Pictures.vp8x(0x0A, 64, 48),
                Pictures.riffChunk("ANIM", new byte[6]),
                frame,
                frame,
                six));
    assertEquals(48, image.getWidth());
    assertCorners(image, BLUE, RED, YELLOW, GREEN);
  }

  /** Browsers show the part that was loaded; all of the pixels are there. */
  @Test
  void decodesAJpegWithoutAnEndMarker() throws Exception {
    for (byte[] jpeg : new byte[][] {Pictures.jpeg(), Pictures.progressiveJpeg()}) {
      assertQuarters(decode(Arrays.copyOf(jpeg, jpeg.length - 2)));
      assertQuarters(decode(Arrays.copyOf(jpeg, jpeg.length - 1)));
    }
  }

  @Test
  void acceptsDataThatAPhoneAppendsToAPhoto() throws Exception {
    assertQuarters(decode(Pictures.join(Pictures.jpeg(), new byte[5000])));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_BYTE_INDEXED
      })
  void decodesAnEightBitPng(int type) throws Exception {
    assertQuarters(decode(Pictures.encode(Pictures.quarters(64, 48, type), "png")));
  }

  /** Every filter and every pass of an interlaced picture, down to a single pixel. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_USHORT_GRAY,
        BufferedImage.TYPE_BYTE_INDEXED,
        BufferedImage.TYPE_BYTE_BINARY
      })
  void decodesAPngOfAnySizeAsTheJdkDoes(int type) throws Exception {
    Random random = new Random(type);
    for (int i = 0; i < 60; i++) {
      BufferedImage image = new BufferedImage(1 + random.nextInt(20), 1 + random.nextInt(20), type);
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          image.setRGB(x, y, random.nextInt() & (random.nextInt(4) == 0 ? -1 : 0xF0F0F0F0));
        }
      }
      byte[] png = Pictures.png(image, i % 2 == 0);
      BufferedImage theirs = Bgr.of(ImageIO.read(new ByteArrayInputStream(png)));
      assertArrayEquals(Bgr.pixels(theirs), Bgr.pixels(decode(png)));
    }
  }

  @Test
  void decodesASixteenBitPng() throws Exception {
    for (boolean alpha : new boolean[] {false, true}) {
      ComponentColorModel model =
          new ComponentColorModel(
              ColorSpace.getInstance(ColorSpace.CS_sRGB),
              alpha,
              false,
              alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
              DataBuffer.TYPE_USHORT);
      WritableRaster raster = model.createCompatibleWritableRaster(64, 48);
      BufferedImage image = new BufferedImage(model, raster, false, null);
      Pictures.paintQuarters(image);
      assertQuarters(decode(Pictures.encode(image, "png")));
    }
  }

  @Test
  void decodesEightAndSixteenBitGreyPngs() throws Exception {
    BufferedImage eight = new BufferedImage(20, 20, BufferedImage.TYPE_BYTE_GRAY);
    fill(eight.getRaster(), 100);
    assertColour(0x646464, decode(Pictures.encode(eight, "png")), 10, 10);
    BufferedImage sixteen = new BufferedImage(20, 20, BufferedImage.TYPE_USHORT_GRAY);
    fill(sixteen.getRaster(), 100 * 257);
    assertColour(0x646464, decode(Pictures.encode(sixteen, "png")), 10, 10);
  }

  @Test
  void blendsTransparencyOntoWhite() throws Exception {
    BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_ARGB);
    Graphics2D g = image.createGraphics();
    g.setColor(new Color(255, 0, 0, 128));
    g.fillRect(0, 0, 10, 20);
    g.dispose();
    for (byte[] file : new byte[][] {Pictures.encode(image, "png"), Pictures.webp(image, true)}) {
      assertColour(0xFF7F7F, decode(file), 5, 10);
      assertColour(0xFFFFFF, decode(file), 15, 10);
    }
  }

  @Test
  void blendsATransparentPngColourOntoWhite() throws Exception {
    byte[] png = Pictures.encode(Pictures.quarters(), "png");
    byte[] red = {0, (byte) 220, 0, 40, 0, 40};
    BufferedImage image = decode(Pictures.afterHeader(png, Pictures.chunk("tRNS", red)));
    assertCorners(image, 0xFFFFFF, GREEN, BLUE, YELLOW);
  }

  @Test
  void decodesAGif() throws Exception {
    BufferedImage image = Pictures.quarters(64, 48, BufferedImage.TYPE_BYTE_INDEXED);
    assertQuarters(decode(Pictures.encode(image, "gif")));
  }

  @Test
  void takesTheFirstFrameOfAnAnimatedGif() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.prepareWriteSequence(null);
      BufferedImage first = Pictures.quarters(64, 48, BufferedImage.TYPE_BYTE_INDEXED);
      BufferedImage second = new BufferedImage(64, 48, BufferedImage.TYPE_BYTE_INDEXED);
      writer.writeToSequence(new IIOImage(first, null, null), null);
      writer.writeToSequence(new IIOImage(second, null, null), null);
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    assertQuarters(decode(out.toByteArray()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void decodesAWebp(boolean lossless) throws Exception {
    assertQuarters(decode(Pictures.webp(Pictures.quarters(), lossless)));
  }

  @Test
  void decodesAPictureOfExactlyTheMaximumSize() throws Exception {
    assertQuarters(new Decoder(64 * 48).decode(Pictures.jpeg()));
  }

  private BufferedImage decode(byte[] bytes) throws ImageRefusedException {
    BufferedImage image = new Decoder(1_000_000).decode(bytes);
    assertEquals(BufferedImage.TYPE_3BYTE_BGR, image.getType());
    return image;
  }

  private static byte[] fourInks(int... samples) throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 32, 32, 4, null);
    fill(raster, samples);
    return Pictures.rawJpeg(raster);
  }

  private static void fill(WritableRaster raster, int... samples) {
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int x = 0; x < raster.getWidth(); x++) {
        raster.setPixel(x, y, samples);
      }
    }
  }

  private static int colour(String name) {
    return switch (name) {
      case "RED" -> RED;
      case "GREEN" -> GREEN;
      case "BLUE" -> BLUE;
      default -> YELLOW;
    };
  }

  private static void assertQuarters(BufferedImage image) {
    assertEquals(64, image.getWidth());
    assertEquals(48, image.getHeight());
    assertCorners(image, RED, GREEN, BLUE, YELLOW);
  }

  private static void assertCorners(BufferedImage image, int a, int b, int c, int d) {
    int right = image.getWidth() - 9;
    int bottom = image.getHeight() - 9;
    assertColour(a, image, 8, 8);
    assertColour(b, image, right, 8);
    assertColour(c, image, 8, bottom);
    assertColour(d, image, right, bottom);
  }

  private static void assertColour(int expected, BufferedImage image, int x, int y) {
    Color want = new Color(expected);
    Color is = new Color(image.getRGB(x, y));
    int distance =
        Math.max(
            Math.abs(want.getRed() - is.getRed()),
            Math.max(
                Math.abs(want.getGreen() - is.getGreen()),
                Math.abs(want.getBlue() - is.getBlue())));
    // Lossy codecs and palettes may be off a little.
    assertTrue(distance <= 26, () -> "expected " + want + " at " + x + "," + y + ": " + is);
  }
}
