package devfest.studio.images;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.images.ImageRefusedException.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test is one attack on a server by a picture, or one kind of file that is not a picture. */
class HostileFilesTest {
  private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  @TempDir Path folder;

  @Test
  void rejectsAnEmptyFileAndAFileOfOneByte() throws IOException {
    assertRefused(Reason.UNSUPPORTED, new byte[0]);
    assertRefused(Reason.UNSUPPORTED, new byte[] {(byte) 0xFF});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PK\3\4 a zip archive",
        "<!DOCTYPE html><script>alert(1)</script>",
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "BM6\0\0\0\0\0\0\0 a bitmap",
        "II*\0\10\0\0\0 a TIFF",
        "%PDF-1.7",
        "RIFF\20\0\0\0WAVEfmt a sound"
      })
  void rejectsAFileThatIsNotAPictureWhateverItsName(String content) throws IOException {
    assertRefused(Reason.UNSUPPORTED, Pictures.ascii(content));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\0\0\0\30ftypheic\0\0\0\0mif1heic",
        "\0\0\0\30ftypmif1\0\0\0\0mif1heic",
        "\0\0\0\34ftypavif\0\0\0\0mif1avifmiaf",
        "\0\0\0\30ftypjxl \0\0\0\0isomheix",
        "\0\0\0\20ftypheic"
      })
  void rejectsPhoneFormatsWithAdvice(String head) throws IOException {
    ImageRefusedException e =
        assertThrows(ImageRefusedException.class, () -> decode(Pictures.ascii(head)));
    assertEquals(Reason.UNSUPPORTED, e.reason());
    assertTrue(e.getMessage().startsWith("HEIC and AVIF pictures are not accepted."));
    assertIsFitForPeople(e);
  }

  @Test
  void doesNotTakeAVideoForAPhoto() throws IOException {
    byte[] film = Pictures.ascii("\0\0\0\30ftypmp42\0\0\0\0isommp42 and heic later");
    ImageRefusedException e = assertThrows(ImageRefusedException.class, () -> decode(film));
    assertTrue(e.getMessage().startsWith("This file is not"));
  }

  /** The page refuses such a file before it is sent, in the same words. */
  @Test
  void givesTheSameAdviceOnPhoneFormatsAsThePage() throws IOException {
    String words = Files.readString(Path.of("src/main/webapp/dashboard/words.js"));
    String said = ImageRefusedException.heif().getMessage();
    assertTrue(words.contains("\"" + said + "\""), said);
  }

  @Test
  void rejectsMagicBytesWithoutContent() throws IOException {
    assertRefused(Reason.DAMAGED, new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF});
    assertRefused(Reason.DAMAGED, PNG_SIGNATURE);
    assertRefused(Reason.DAMAGED, Pictures.ascii("GIF89a"));
    assertRefused(Reason.DAMAGED, Pictures.ascii("RIFF\4\0\0\0WEBP"));
  }

  @Test
  void rejectsATruncatedFileOfEachFormat() throws IOException {
    for (byte[] file : everyFormat()) {
      for (int percent : new int[] {20, 50, 80, 90}) {
        assertRefused(Reason.DAMAGED, Arrays.copyOf(file, file.length * percent / 100));
      }
    }
  }

  /** Between two scans too: without the rest it is but a sketch. */
  @Test
  void rejectsAJpegThatLacksMoreThanItsEndMarker() throws IOException {
    for (byte[] jpeg : new byte[][] {Pictures.jpeg(), Pictures.progressiveJpeg()}) {
      for (int length = 200; length < jpeg.length - 2; length++) {
        assertRefused(Reason.DAMAGED, Arrays.copyOf(jpeg, length));
      }
    }
  }

  @Test
  void rejectsAJpegWhosePixelsEndBeforeItsEndMarker() throws IOException {
    byte[] jpeg = Pictures.jpeg();
    byte[] end = {(byte) 0xFF, (byte) 0xD9};
    byte[] cut = Arrays.copyOf(jpeg, jpeg.length * 85 / 100);
    assertRefused(Reason.DAMAGED, Pictures.join(cut, end));
  }

  @Test
  void rejectsAHugeJpegByItsHeader() throws IOException {
    byte[] jpeg = Pictures.jpeg();
    int frame = frame(jpeg);
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 65500).putShort(frame + 7, (short) 65500);
    assertRefused(Reason.TOO_MANY_PIXELS, jpeg);
  }

  @Test
  void rejectsAHugePngByItsHeader() throws IOException {
    byte[] rest = Pictures.chunk("IEND", new byte[0]);
    for (int side : new int[] {30_000, 70_000, Integer.MAX_VALUE}) {
      byte[] header = Pictures.header(side, side, 8, 2);
      assertRefused(Reason.TOO_MANY_PIXELS, Pictures.join(PNG_SIGNATURE, header, rest));
    }
  }

  @Test
  void rejectsAnExtremelyLongPictureByItsHeader() throws IOException {
    byte[] rest = Pictures.chunk("IEND", new byte[0]);
    for (int[] size : new int[][] {{32_769, 1}, {1, 32_769}, {1_000_000, 1}, {1, 900_000}}) {
      byte[] header = Pictures.header(size[0], size[1], 8, 0);
      assertRefused(Reason.TOO_MANY_PIXELS, Pictures.join(PNG_SIGNATURE, header, rest));
    }
  }

  @Test
  void decodesAPictureOfTheMaximumLength() throws Exception {
    BufferedImage line = Pictures.quarters(32_768, 2, BufferedImage.TYPE_3BYTE_BGR);
    assertEquals(32_768, decode(Pictures.encode(line, "png")).getWidth());
  }

  @Test
  void rejectsAHugeGifByItsScreenSize() throws IOException {
    byte[] gif = gif();
    ByteBuffer.wrap(gif).putInt(6, -1);
    assertRefused(Reason.TOO_MANY_PIXELS, gif);
  }

  @Test
  void rejectsAHugeWebpByItsCanvasAndByItsPixels() throws IOException {
    byte[] extended = extended(Pictures.webp(Pictures.quarters(), false), 1 << 24, 1 << 24);
    assertRefused(Reason.TOO_MANY_PIXELS, extended);
    byte[] simple = Pictures.webp(Pictures.quarters(), false);
    ByteBuffer.wrap(simple).putInt(Pictures.find(simple, startCode()) + 3, 0xFF3FFF3F);
    assertRefused(Reason.TOO_MANY_PIXELS, simple);
  }

  @Test
  void rejectsAJpegOfZeroHeight() throws IOException {
    byte[] jpeg = Pictures.jpeg();
    ByteBuffer.wrap(jpeg).putShort(frame(jpeg) + 5, (short) 0);
    assertRefused(Reason.DAMAGED, jpeg);
  }

  @Test
  void rejectsAJpegWithMoreThanSixtyFourScans() throws IOException {
    assertRefused(Reason.DAMAGED, withScans(300));
    assertRefused(Reason.DAMAGED, withScans(65));
  }

  @Test
  void rejectsAJpegWithTwoFrames() throws IOException {
    byte[] jpeg = Pictures.jpeg();
    int frame = frame(jpeg);
    byte[] copy = Arrays.copyOfRange(jpeg, frame, frame + 19);
    assertRefused(Reason.DAMAGED, Pictures.afterSoi(jpeg, copy));
  }

  @Test
  void rejectsUnsupportedJpegProcesses() throws IOException {
    for (int kind : new int[] {0xC3, 0xC5, 0xC9, 0xCB}) {
      byte[] jpeg = Pictures.jpeg();
      jpeg[frame(jpeg) + 1] = (byte) kind;
      assertRefused(Reason.UNSUPPORTED, jpeg);
    }
  }

  @Test
  void rejectsAJpegSegmentOfImpossibleLength() throws IOException {
    byte[] jpeg = Pictures.jpeg();
    jpeg[4] = 0;
    jpeg[5] = 1;
    assertRefused(Reason.DAMAGED, jpeg);
    jpeg[4] = (byte) 0xFF;
    assertRefused(Reason.DAMAGED, jpeg);
  }

  @Test
  void decodesThePictureOfAPolyglotWithoutItsScript() throws Exception {
    byte[] script = Pictures.segment(0xFE, Pictures.ascii("<script>alert('pwned')</script>"));
    BufferedImage image = decode(Pictures.afterSoi(Pictures.jpeg(), script));
    Path target = folder.resolve("out.jpg");
    Pictures.write(image, target, 0.85f);
    assertEquals(-1, Pictures.find(Files.readAllBytes(target), Pictures.ascii("script")));
  }

  @Test
  void neverInflatesTheTextOfAPng() throws Exception {
    byte[] bomb = Pictures.join(Pictures.ascii("Comment\0\0"), deflated(new byte[300_000_000]));
    byte[] profile = Pictures.join(Pictures.ascii("icc\0\0"), deflated(new byte[100_000_000]));
    byte[] png =
        Pictures.afterHeader(
            Pictures.encode(Pictures.quarters(), "png"),
            Pictures.chunk("zTXt", bomb),
            Pictures.chunk("iCCP", profile));
    BufferedImage image = Assertions.assertTimeout(Duration.ofSeconds(1), () -> decode(png));
    assertEquals(64, image.getWidth());
  }

  @Test
  void rejectsAPngWhosePixelsAreGarbage() throws IOException {
    byte[] garbage = new byte[500];
    new Random(3).nextBytes(garbage);
    assertRefused(Reason.DAMAGED, png(64, 48, garbage));
  }

  @Test
  void rejectsAPngWhosePixelsEndEarly() throws IOException {
    assertRefused(Reason.DAMAGED, png(64, 48, deflated(new byte[64 * 3 * 20])));
    assertRefused(Reason.DAMAGED, png(64, 48, new byte[0]));
  }

  @Test
  void rejectsAPngWhosePixelsFailBothChecksums() throws IOException {
    byte[] data = new byte[48 * (1 + 3 * 64)];
    byte[] stored = deflated(data);
    byte[] png = png(64, 48, stored);
    int sum = png.length - 12 - 4;
    png[sum] ^= 1; // the chunk's
    assertEquals(64, assertDoesNotThrow(() -> decode(png)).getWidth());
    png[sum - 1] ^= 1; // the stream's
    assertRefused(Reason.DAMAGED, png);
  }

  @Test
  void rejectsAPngWithAMisplacedOrImpossibleHeader() throws IOException {
    byte[] header = Pictures.header(10, 10, 8, 2);
    byte[] second = Pictures.afterHeader(Pictures.encode(Pictures.quarters(), "png"), header);
    assertRefused(Reason.DAMAGED, second);
    byte[] text = Pictures.chunk("tEXt", Pictures.ascii("first"));
    assertRefused(Reason.DAMAGED, Pictures.join(PNG_SIGNATURE, text, header));
    byte[] wrongSum = Pictures.encode(Pictures.quarters(), "png");
    wrongSum[32] ^= 1;
    assertRefused(Reason.DAMAGED, wrongSum);
    for (int[] kind : new int[][] {{4, 2}, {16, 3}, {3, 0}, {8, 1}, {8, 5}, {8, 7}, {0, 0}}) {
      byte[] impossible = Pictures.header(10, 10, kind[0], kind[1]);
      byte[] pixels = Pictures.chunk("IDAT", deflated(new byte[1000]));
      assertRefused(Reason.DAMAGED, Pictures.join(PNG_SIGNATURE, impossible, pixels));
    }
  }

  @Test
  void rejectsAnIndexedPngWithoutAPalette() throws IOException {
    byte[] pixels = Pictures.chunk("IDAT", deflated(new byte[1000]));
    byte[] header = Pictures.header(10, 10, 8, 3);
    assertRefused(Reason.DAMAGED, Pictures.join(PNG_SIGNATURE, header, pixels, Png.END));
  }

  @Test
  void rejectsPixelsCompressedWithADictionary() throws IOException {
    Deflater deflater = new Deflater();
    deflater.setDictionary(new byte[] {1, 2, 3});
    deflater.setInput(new byte[48 * (1 + 3 * 64)]);
    deflater.finish();
    byte[] out = new byte[1000];
    byte[] png = png(64, 48, Arrays.copyOf(out, deflater.deflate(out)));
    assertRefused(Reason.DAMAGED, png);
    png[png.length - 12 - 1] ^= 1;
    assertRefused(Reason.DAMAGED, png);
  }

  @Test
  void readsABrokenProfileWithoutHarm() throws Exception {
    byte[] icc = Icc.matrix(4, Icc.DISPLAY_P3, Icc.srgbCurve());
    Random random = new Random(7);
    byte[] lut =
        new Icc("RGB ", "Lab ", 4)
            .tag("A2B0", Icc.multi(3, 9, Icc.gamma(1), Icc.gamma(1), d -> d))
            .bytes();
    for (int i = 0; i < 200; i++) {
      byte[] broken = (i % 2 == 0 ? icc : lut).clone();
      for (int k = 0; k < 4; k++) {
        broken[random.nextInt(Math.min(broken.length, 500))] = (byte) random.nextInt();
      }
      byte[] png = new Png(8, 8, 8, 2, (x, y) -> new int[3]).with(Png.iccp(broken)).bytes();
      assertEquals(8, decode(png).getWidth());
    }
  }

  @Test
  void rejectsAHugeGifByItsFirstFrame() throws IOException {
    byte[] gif = gif();
    int frame = Pictures.find(gif, new byte[] {',', 0, 0, 0, 0, 64, 0, 48, 0});
    ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN).putShort(frame + 1, (short) 60_000);
    assertRefused(Reason.TOO_MANY_PIXELS, gif);
    gif = gif();
    ByteBuffer.wrap(gif).putInt(frame + 5, -1);
    assertRefused(Reason.TOO_MANY_PIXELS, gif);
  }

  @Test
  void rejectsAWebpWhoseCanvasAndPixelsDisagree() throws IOException {
    byte[] lossy = Pictures.webp(Pictures.quarters(), false);
    assertRefused(Reason.DAMAGED, extended(lossy, 64, 49));
    assertRefused(Reason.DAMAGED, extended(Pictures.webp(Pictures.quarters(), true), 1, 1));
  }

  @Test
  void rejectsAnAnimatedWebpWithAMissingMisplacedOrHugeFrame() throws IOException {
    byte[] webp = Pictures.webp(Pictures.quarters(), true);
    byte[] pixels = Arrays.copyOfRange(webp, 12, webp.length);
    byte[] header = Pictures.vp8x(2, 64, 48);
    byte[] anim = Pictures.riffChunk("ANIM", new byte[6]);
    assertRefused(Reason.DAMAGED, Pictures.riff(header, anim));
    byte[] empty = Pictures.anmf(0, 0, 64, 48, 0, new byte[0]);
    assertRefused(Reason.DAMAGED, Pictures.riff(header, anim, empty));
    byte[] outside = Pictures.anmf(2, 0, 64, 48, 0, pixels);
    assertRefused(Reason.DAMAGED, Pictures.riff(header, anim, outside));
    byte[] other = Pictures.anmf(0, 0, 32, 48, 0, pixels);
    assertRefused(Reason.DAMAGED, Pictures.riff(header, anim, other));
    byte[] nested = Pictures.anmf(0, 0, 64, 48, 0, Pictures.anmf(0, 0, 64, 48, 0, pixels));
    assertRefused(Reason.DAMAGED, Pictures.riff(header, anim, nested));
    byte[] huge = Pictures.anmf(0, 0, 1 << 24, 1 << 24, 0, pixels);
    assertRefused(Reason.TOO_MANY_PIXELS, Pictures.riff(header, anim, huge));
    byte[] canvas = Pictures.vp8x(2, 1 << 24, 1 << 24);
    assertRefused(
        Reason.TOO_MANY_PIXELS,
        Pictures.riff(canvas, anim, Pictures.anmf(0, 0, 64, 48, 0, pixels)));
  }

  @Test
  void rejectsAWebpThatClaimsMoreBytesThanTheFileHas() throws IOException {
    byte[] webp = Pictures.webp(Pictures.quarters(), true);
    ByteBuffer.wrap(webp).putInt(4, -1);
    assertRefused(Reason.DAMAGED, webp);
  }

  @Test
  void decodesOrRejectsEveryMutation() throws Exception {
    Random random = new Random(42);
    byte[][] files = everyFormat();
    for (int i = 0; i < 800; i++) {
      byte[] file = files[i % files.length].clone();
      int flips = 1 + random.nextInt(6);
      for (int k = 0; k < flips; k++) {
        int reach = random.nextBoolean() ? Math.min(file.length, 120) : file.length;
        file[random.nextInt(reach)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        assertEquals(BufferedImage.TYPE_3BYTE_BGR, decode(file).getType());
      } catch (ImageRefusedException e) {
        assertIsFitForPeople(e);
      }
    }
  }

  private BufferedImage decode(byte[] bytes) throws ImageRefusedException {
    return new Decoder(1_000_000).decode(bytes);
  }

  private void assertRefused(Reason reason, byte[] bytes) throws IOException {
    ImageRefusedException e = assertThrows(ImageRefusedException.class, () -> decode(bytes));
    assertEquals(reason, e.reason(), e::getMessage);
    assertIsFitForPeople(e);
  }

  private static void assertIsFitForPeople(ImageRefusedException e) {
    assertFalse(e.getMessage().matches(".*(Exception|java\\.|devfest\\.|\\bnull\\b).*"));
    assertEquals('.', e.getMessage().charAt(e.getMessage().length() - 1));
  }

  private static byte[][] everyFormat() throws IOException {
    return new byte[][] {
      Pictures.jpeg(),
      Pictures.progressiveJpeg(),
      Pictures.encode(Pictures.quarters(), "png"),
      gif(),
      Pictures.webp(Pictures.quarters(), false),
      Pictures.webp(Pictures.quarters(), true)
    };
  }

  private static byte[] gif() throws IOException {
    return Pictures.encode(Pictures.quarters(64, 48, BufferedImage.TYPE_BYTE_INDEXED), "gif");
  }

  private static byte[] png(int width, int height, byte[] pixels) {
    return Pictures.join(
        PNG_SIGNATURE,
        Pictures.header(width, height, 8, 2),
        Pictures.chunk("IDAT", pixels),
        Pictures.chunk("IEND", new byte[0]));
  }

  private static int frame(byte[] jpeg) {
    return Pictures.find(jpeg, new byte[] {(byte) 0xFF, (byte) 0xC0});
  }

  private static byte[] startCode() {
    return new byte[] {(byte) 0x9D, 1, 0x2A};
  }

  /** A progressive JPEG whose last scan is repeated until there are so many. */
  private static byte[] withScans(int count) throws IOException {
    byte[] jpeg = Pictures.progressiveJpeg();
    byte[] marker = {(byte) 0xFF, (byte) 0xDA};
    int last = -1;
    for (int i = 0; i + 1 < jpeg.length; i++) {
      if (jpeg[i] == marker[0] && jpeg[i + 1] == marker[1]) {
        last = i;
      }
    }
    byte[] scan = Arrays.copyOfRange(jpeg, last, jpeg.length - 2);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, last);
    for (int i = 0; i < count; i++) {
      out.writeBytes(scan);
    }
    out.write(jpeg, jpeg.length - 2, 2);
    return out.toByteArray();
  }

  /** A simple WebP as an extended one that claims a canvas of its own. */
  private static byte[] extended(byte[] webp, int width, int height) {
    ByteBuffer header = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
    header.put(Pictures.ascii("VP8X")).putInt(10).putInt(0);
    for (int side : new int[] {width - 1, height - 1}) {
      header.put((byte) side).put((byte) (side >> 8)).put((byte) (side >> 16));
    }
    byte[] chunks = Arrays.copyOfRange(webp, 12, webp.length);
    byte[] all = Pictures.join(Arrays.copyOf(webp, 12), header.array(), chunks);
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(4, all.length - 8);
    return all;
  }

  private static byte[] deflated(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(data);
    }
    return out.toByteArray();
  }
}
