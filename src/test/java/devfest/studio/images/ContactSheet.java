package devfest.studio.images;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Draws every style on every photo of a folder, side by side, to be looked at. Run by hand, see
 * docs/performance.md.
 */
public final class ContactSheet {

  private static final int COLUMNS = 4;
  private static final int HEIGHT = 150;
  private static final int GAP = 14;
  private static final int LABEL = 26;

  private ContactSheet() {}

  /**
   * @param arguments the folder of photos, the JPEG to write; and the height of a picture in pixels
   */
  public static void main(String[] arguments) throws Exception {
    Path target = Path.of(arguments[1]);
    int height = arguments.length > 2 ? Integer.parseInt(arguments[2]) : HEIGHT;
    List<BufferedImage> photos = photos(Path.of(arguments[0]));
    Pictures.write(sheet(photos, height), target, 0.82f);
    System.out.println(target + ": " + Files.size(target) / 1024 + " KB");
  }

  private static List<BufferedImage> photos(Path folder) throws Exception {
    List<BufferedImage> photos = new ArrayList<>();
    Decoder decoder = new Decoder(50_000_000);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jpg")).sorted().toList()) {
        photos.add(decoder.decode(Files.readAllBytes(file)));
      }
    }
    return photos;
  }

  private static BufferedImage sheet(List<BufferedImage> photos, int height) {
    List<Style> styles = Styles.builtIn().all();
    int width = photos.stream().mapToInt(photo -> width(photo, height) + 2).sum();
    int rows = (styles.size() + COLUMNS - 1) / COLUMNS;
    BufferedImage sheet =
        Bgr.create(GAP + COLUMNS * (width + GAP), GAP + rows * (height + LABEL + GAP));
    Graphics2D graphics = sheet.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(new Color(0x16182A));
    graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    graphics.setColor(Color.WHITE);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 17));
    for (int i = 0; i < styles.size(); i++) {
      int x = GAP + i % COLUMNS * (width + GAP);
      int y = GAP + i / COLUMNS * (height + LABEL + GAP);
      for (BufferedImage photo : photos) {
        BufferedImage styled = styles.get(i).apply(photo, Progress.NONE);
        BufferedImage small =
            new Thumbnailer(Math.max(width(photo, height), height)).thumbnail(styled);
        graphics.drawImage(small, x, y, null);
        x += width(photo, height) + 2;
      }
      x = GAP + i % COLUMNS * (width + GAP);
      graphics.drawString(styles.get(i).name(), x, y + height + 19);
    }
    graphics.dispose();
    return sheet;
  }

  private static int width(BufferedImage photo, int height) {
    return photo.getWidth() * height / photo.getHeight();
  }
}
