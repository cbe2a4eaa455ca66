package devfest.studio.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JpegTest {
  @TempDir Path folder;

  @Test
  void writesNoUploadedMetadata() throws Exception {
    byte[] gps = Pictures.segment(0xE1, Pictures.ascii("Exif\0\0MM\0*\0\0\0\10\0\0GPS 48.8584N"));
    byte[] xmp = Pictures.ascii("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>me</x:xmpmeta>");
    byte[] comment = Pictures.segment(0xFE, Pictures.ascii("taken at home"));
    byte[] icc = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
    byte[] upload =
        Pictures.afterSoi(
            Pictures.jpeg(), gps, Pictures.segment(0xE1, xmp), comment, Pictures.profile(icc));
    Path target = folder.resolve("out.jpg");

    Pictures.write(new Decoder(10_000).decode(upload), target, 0.85f);

    byte[] written = Files.readAllBytes(target);
    for (String trace : new String[] {"Exif", "GPS", "xmp", "adobe", "home", "ICC_PROFILE"}) {
      assertEquals(-1, Pictures.find(written, Pictures.ascii(trace)), trace);
    }
    for (int marker : new int[] {0xE1, 0xE2, 0xED, 0xEE, 0xFE}) {
      assertEquals(-1, Pictures.find(written, new byte[] {(byte) 0xFF, (byte) marker}));
    }
  }

  @Test
  void writesPicturesOfEveryType() throws Exception {
    Path target = folder.resolve("out.jpg");
    for (int type = BufferedImage.TYPE_INT_RGB; type <= BufferedImage.TYPE_BYTE_INDEXED; type++) {
      Pictures.write(Pictures.quarters(64, 48, type), target, 0.85f);
      assertEquals(64, new Decoder(10_000).decode(Files.readAllBytes(target)).getWidth());
    }
  }

  @Test
  void usesMoreBytesForHigherQuality() throws Exception {
    BufferedImage photo = Styles.builtIn().sample();
    Path low = folder.resolve("low.jpg");
    Path high = folder.resolve("high.jpg");
    Pictures.write(photo, low, 0.5f);
    Pictures.write(photo, high, 0.95f);
    assertTrue(Files.size(low) * 2 < Files.size(high));
  }
}
