package devfest.studio.images;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.LinearGradientPaint;
import java.awt.RadialGradientPaint;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.Random;

/**
 * A photo-like scene that belongs to nobody: a speaker on a terrace at dusk, the lit city out of
 * focus behind. It has what a style needs to show its character: skin, a sky that fades, deep
 * shadows, bright lights.
 */
final class SamplePhoto {
  private static final Size SIZE = new Size(480, 320);

  /** Drawn three times as large, then averaged, for soft edges. */
  private static final int SCALE = 3;

  private final Random random = new Random(2026);

  private SamplePhoto() {}

  static BufferedImage draw() {
    SamplePhoto photo = new SamplePhoto();
    BufferedImage city = photo.layer(BufferedImage.TYPE_3BYTE_BGR, photo::city);
    BufferedImage scene = Bgr.create(city.getWidth(), city.getHeight());
    defocus(city, scene);
    Graphics2D g = photo.graphics(scene);
    photo.lights(g);
    photo.person(g);
    photo.warmth(g);
    g.dispose();
    return new Thumbnailer(SIZE.longest()).thumbnail(scene);
  }

  /** What draws a layer. */
  private interface Drawing {
    void on(Graphics2D g);
  }

  private BufferedImage layer(int type, Drawing drawing) {
    BufferedImage layer = new BufferedImage(SCALE * SIZE.width(), SCALE * SIZE.height(), type);
    Graphics2D g = graphics(layer);
    drawing.on(g);
    g.dispose();
    return layer;
  }

  private Graphics2D graphics(BufferedImage image) {
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.scale(SCALE, SCALE);
    return g;
  }

  private static void defocus(BufferedImage sharp, BufferedImage target) {
    Size size = new Size(sharp.getWidth(), sharp.getHeight());
    Copy copy = new Copy(Bgr.pixels(sharp), size);
    byte[] to = Bgr.pixels(target);
    for (int channel = 0; channel < 3; channel++) {
      float[] blurred = copy.channel(channel).blurred(4.5).values();
      for (int i = 0; i < blurred.length; i++) {
        to[3 * i + channel] = (byte) (int) (blurred[i] + 0.5f);
      }
    }
  }

  private void city(Graphics2D g) {
    g.setPaint(
        new LinearGradientPaint(
            0,
            0,
            0,
            235,
            new float[] {0, 0.35f, 0.62f, 0.82f, 1},
            colours(0x1F3A68, 0x5A79AE, 0xC79AA6, 0xF6B07A, 0xFFDCA0)));
    g.fillRect(0, 0, SIZE.width(), SIZE.height());
    shine(g, 118, 214, 190, 0xFFE9B4, 0.95f);
    for (int i = 0; i < 16; i++) {
      cloud(g, random.nextInt(480), 30 + random.nextInt(120));
    }
    towers(g, 218, 62, 0x9A8FA6, 0xD9A892, 0);
    towers(g, 236, 84, 0x565A80, 0x8C7488, 0.25);
    towers(g, 262, 96, 0x262C4C, 0x413C58, 0.5);
    g.setPaint(new GradientPaint(0, 262, new Color(0x2B2A40), 0, 320, new Color(0x0E1020)));
    g.fillRect(0, 258, SIZE.width(), 62);
    for (int i = 0; i < 60; i++) {
      int y = 262 + random.nextInt(50);
      g.setColor(new Color(255, 190 + random.nextInt(40), 120, 30 + random.nextInt(50)));
      g.fill(new Rectangle2D.Double(60 + random.nextGaussian() * 60 + 60, y, 14, 1));
    }
  }

  private void cloud(Graphics2D g, int x, int y) {
    int width = 60 + random.nextInt(110);
    int height = 5 + random.nextInt(10);
    g.setPaint(
        new LinearGradientPaint(
            0,
            y,
            0,
            y + height,
            new float[] {0, 1},
            new Color[] {new Color(255, 222, 205, 60), new Color(150, 110, 140, 50)}));
    g.fill(new Ellipse2D.Double(x - width / 2.0, y, width, height));
  }

  private void towers(Graphics2D g, int base, int height, int top, int foot, double lit) {
    for (double x = -10; x < SIZE.width(); ) {
      double width = 14 + random.nextInt(26);
      double tall = height * (0.35 + 0.65 * random.nextDouble());
      g.setPaint(
          new GradientPaint(
              0, (float) (base - tall), new Color(top), 0, base + 30f, new Color(foot)));
      g.fill(new Rectangle2D.Double(x, base - tall, width, tall + 60));
      for (double wy = base - tall + 4; wy < base + 20; wy += 6) {
        for (double wx = x + 3; wx < x + width - 3; wx += 5) {
          if (random.nextDouble() < lit * 0.55) {
            g.setColor(random.nextInt(5) == 0 ? new Color(0xBFE4FF) : new Color(0xFFD98A));
            g.fill(new Rectangle2D.Double(wx, wy, 2.6, 3.4));
          }
        }
      }
      x += width + (random.nextInt(3) == 0 ? 6 : 0);
    }
  }

  /** Lamps far out of focus: discs with a bright rim, as a fast lens draws them. */
  private void lights(Graphics2D g) {
    int[] tints = {0xFFC46B, 0xFF9E5E, 0xFFE3B0, 0x7FD4FF, 0xFF7FA8, 0xFFD27A};
    for (int i = 0; i < 34; i++) {
      double r = 4 + random.nextDouble() * 9;
      double x = random.nextDouble() * SIZE.width();
      double y = 214 + random.nextGaussian() * 22 + (i % 3) * 14;
      Color tint = new Color(tints[random.nextInt(tints.length)]);
      Shape disc = new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r);
      g.setColor(faded(tint, 60 + random.nextInt(70)));
      g.fill(disc);
      g.setStroke(new BasicStroke(0.9f));
      g.setColor(faded(tint, 120));
      g.draw(disc);
    }
  }

  private void person(Graphics2D g) {
    body(g);
    neck(g);
    hairBehind(g);
    face(g);
    features(g);
    hairInFront(g);
    badge(g);
  }

  private void body(Graphics2D g) {
    Path2D jacket = new Path2D.Double();
    jacket.moveTo(212, 330);
    jacket.curveTo(216, 268, 236, 246, 282, 234);
    jacket.lineTo(322, 222);
    jacket.lineTo(352, 222);
    jacket.curveTo(392, 240, 436, 244, 452, 280);
    jacket.curveTo(460, 300, 462, 316, 463, 330);
    jacket.closePath();
    g.setPaint(
        new LinearGradientPaint(
            212,
            0,
            463,
            0,
            new float[] {0, 0.12f, 0.45f, 0.8f, 1},
            colours(0xC58D6B, 0x5F5A72, 0x34405F, 0x1C2440, 0x3C5A8C)));
    g.fill(jacket);
    Path2D shirt = new Path2D.Double();
    shirt.moveTo(311, 240);
    shirt.lineTo(318, 330);
    shirt.lineTo(352, 330);
    shirt.lineTo(363, 240);
    shirt.closePath();
    g.setPaint(new GradientPaint(300, 0, new Color(0xFBF1E6), 372, 0, new Color(0xA9B2C8)));
    g.fill(shirt);
    lapel(g, 300, 226, 284, 262, 306, 268, 318, 330, 0x4A5273);
    lapel(g, 372, 226, 390, 262, 366, 268, 350, 330, 0x161D36);
  }

  private static void lapel(
      Graphics2D g, int x, int y, int x1, int y1, int x2, int y2, int x3, int y3, int rgb) {
    Path2D lapel = new Path2D.Double();
    lapel.moveTo(x, y);
    lapel.lineTo(x1, y1);
    lapel.lineTo(x2, y2);
    lapel.lineTo(x3, y3);
    lapel.closePath();
    g.setColor(new Color(rgb));
    g.fill(lapel);
  }

  private void neck(Graphics2D g) {
    Path2D neck = new Path2D.Double();
    neck.moveTo(314, 188);
    neck.curveTo(315, 215, 310, 226, 302, 231);
    neck.curveTo(320, 256, 352, 256, 371, 231);
    neck.curveTo(362, 224, 359, 212, 360, 188);
    neck.closePath();
    g.setPaint(
        new LinearGradientPaint(
            304, 0, 370, 0, new float[] {0, 0.35f, 1}, colours(0xE0A584, 0xB47558, 0x74473F)));
    g.fill(neck);
    Area shadow = new Area(neck);
    shadow.intersect(new Area(new Ellipse2D.Double(298, 160, 80, 62)));
    g.setColor(new Color(70, 30, 34, 90));
    g.fill(shadow);
  }

  private void hairBehind(Graphics2D g) {
    Path2D hair = new Path2D.Double();
    hair.moveTo(336, 88);
    hair.curveTo(290, 86, 278, 122, 284, 158);
    hair.curveTo(286, 184, 276, 200, 284, 222);
    hair.curveTo(298, 232, 316, 222, 316, 200);
    hair.lineTo(358, 200);
    hair.curveTo(362, 226, 382, 232, 394, 220);
    hair.curveTo(400, 196, 388, 184, 391, 156);
    hair.curveTo(396, 118, 382, 88, 336, 88);
    hair.closePath();
    g.setPaint(
        new LinearGradientPaint(
            278,
            0,
            396,
            0,
            new float[] {0, 0.14f, 0.55f, 0.92f, 1},
            colours(0xC97F4E, 0x5A3424, 0x2E1B18, 0x241820, 0x54658F)));
    g.fill(hair);
    Shape clip = g.getClip();
    g.clip(hair);
    g.setStroke(new BasicStroke(0.6f));
    for (int i = 0; i < 150; i++) {
      double x = 280 + random.nextInt(112);
      Path2D strand = new Path2D.Double();
      strand.moveTo(336 + (x - 336) * 0.7, 86);
      strand.curveTo(x, 110, x + 4, 150, x + random.nextGaussian() * 4, 228);
      boolean sunny = x < 320;
      g.setColor(
          sunny
              ? new Color(255, 180, 110, 20 + random.nextInt(50))
              : new Color(130, 130, 180, 10 + random.nextInt(26)));
      g.draw(strand);
    }
    g.setClip(clip);
  }

  private static Path2D faceShape() {
    Path2D face = new Path2D.Double();
    face.moveTo(336, 102);
    face.curveTo(310, 102, 298, 122, 298, 146);
    face.curveTo(298, 168, 303, 182, 313, 194);
    face.curveTo(322, 205, 329, 210, 337, 210);
    face.curveTo(346, 210, 355, 204, 362, 193);
    face.curveTo(371, 180, 375, 167, 375, 146);
    face.curveTo(375, 122, 362, 102, 336, 102);
    face.closePath();
    return face;
  }

  private void face(Graphics2D g) {
    Path2D face = faceShape();
    g.setPaint(
        new RadialGradientPaint(
            318,
            146,
            78,
            new float[] {0, 0.35f, 0.65f, 0.88f, 1},
            colours(0xF6CDAE, 0xE9B594, 0xCB9174, 0x9C6453, 0x7A4A44)));
    g.fill(face);
    Shape clip = g.getClip();
    g.clip(face);
    shine(g, 313, 170, 17, 0xE8806C, 0.30f);
    shine(g, 358, 172, 15, 0xC8604F, 0.22f);
    shine(g, 322, 122, 24, 0xFFE6CC, 0.42f);
    shine(g, 337, 206, 16, 0x7A463C, 0.35f);
    shine(g, 377, 150, 14, 0x86A8E0, 0.45f);
    shine(g, 297, 152, 10, 0xFFD9A0, 0.75f);
    g.setClip(clip);
  }

  private void features(Graphics2D g) {
    for (int side = -1; side <= 1; side += 2) {
      double x = 336 + 17.5 * side;
      shine(g, x, 149, 14, 0x8A5546, 0.5f);
      eye(g, x);
      Path2D brow = new Path2D.Double();
      brow.moveTo(x - 10.5 * side * 0.9, 139.5);
      brow.curveTo(x - 3 * side, 135.5, x + 5 * side, 134.5, x + 11 * side, 139);
      g.setStroke(new BasicStroke(2.3f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      g.setColor(new Color(58, 32, 26, 190));
      g.draw(brow);
    }
    nose(g);
    mouth(g);
  }

  private static void eye(Graphics2D g, double x) {
    Path2D eye = new Path2D.Double();
    eye.moveTo(x - 8.5, 151);
    eye.curveTo(x - 4, 146, x + 4, 146, x + 8.5, 151);
    eye.curveTo(x + 4, 154.5, x - 4, 154.5, x - 8.5, 151);
    g.setColor(new Color(0xEADFD8));
    g.fill(eye);
    Shape clip = g.getClip();
    g.clip(eye);
    g.setColor(new Color(0x5A3A22));
    g.fill(new Ellipse2D.Double(x - 4.6, 146, 8.2, 8.2));
    g.setColor(new Color(0x120C0C));
    g.fill(new Ellipse2D.Double(x - 2.6, 148, 4.2, 4.2));
    g.setColor(new Color(255, 255, 255, 230));
    g.fill(new Ellipse2D.Double(x - 3, 147.6, 2, 2));
    g.setColor(new Color(60, 30, 30, 70));
    g.fill(new Rectangle2D.Double(x - 9, 145, 18, 3.4));
    g.setClip(clip);
    Path2D lid = new Path2D.Double();
    lid.moveTo(x - 9, 151.4);
    lid.curveTo(x - 4, 145.6, x + 4, 145.6, x + 9, 151);
    g.setStroke(new BasicStroke(1.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.setColor(new Color(0x2A1614));
    g.draw(lid);
  }

  private static void nose(Graphics2D g) {
    shine(g, 343, 166, 9, 0x8A5142, 0.42f);
    shine(g, 334.5, 158, 6, 0xFFE2C6, 0.5f);
    shine(g, 334.5, 170, 5.5, 0xFFE0C8, 0.6f);
    shine(g, 337, 177.5, 7, 0x7A4238, 0.4f);
    g.setColor(new Color(80, 36, 32, 150));
    g.fill(new Ellipse2D.Double(329.6, 174.4, 4, 2));
    g.fill(new Ellipse2D.Double(338.6, 174.4, 4, 2));
  }

  private static void mouth(Graphics2D g) {
    Path2D lips = new Path2D.Double();
    lips.moveTo(323, 187);
    lips.curveTo(329, 184, 333, 182.6, 336, 184);
    lips.curveTo(339, 182.6, 344, 184, 350, 186.6);
    lips.curveTo(345, 193.6, 329, 194.4, 323, 187);
    lips.closePath();
    g.setPaint(new GradientPaint(0, 183, new Color(0x9E4B47), 0, 194, new Color(0xC9716A)));
    g.fill(lips);
    Path2D smile = new Path2D.Double();
    smile.moveTo(322, 186.6);
    smile.curveTo(329, 188.6, 344, 188.6, 351, 186);
    g.setStroke(new BasicStroke(1.1f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.setColor(new Color(0x5E2526));
    g.draw(smile);
    shine(g, 334, 191, 5, 0xFFC8BC, 0.45f);
    shine(g, 337, 198, 8, 0x8A5142, 0.25f);
  }

  private void hairInFront(Graphics2D g) {
    Path2D fringe = new Path2D.Double();
    fringe.moveTo(352, 96);
    fringe.curveTo(318, 104, 302, 122, 299, 160);
    fringe.curveTo(288, 150, 286, 112, 310, 96);
    fringe.curveTo(338, 82, 378, 92, 382, 130);
    fringe.curveTo(383, 144, 380, 154, 375, 162);
    fringe.curveTo(375, 132, 368, 110, 352, 96);
    fringe.closePath();
    g.setPaint(
        new LinearGradientPaint(
            288,
            0,
            384,
            0,
            new float[] {0, 0.25f, 0.6f, 1},
            colours(0xA8683F, 0x5B3424, 0x33201C, 0x2B2430)));
    g.fill(fringe);
    Shape clip = g.getClip();
    Area all = new Area(fringe);
    all.add(new Area(new Rectangle2D.Double(276, 170, 26, 60)));
    g.setClip(all);
    g.setStroke(new BasicStroke(0.7f));
    for (int i = 0; i < 46; i++) {
      double t = i / 45.0;
      Path2D strand = new Path2D.Double();
      strand.moveTo(352 - 6 * t, 95 - 4 * random.nextDouble());
      strand.curveTo(318 - 8 * t, 98 + 6 * t, 296 - 8 * t, 120, 298 - 10 * t, 165);
      g.setColor(new Color(230, 160, 100, 18 + random.nextInt(45)));
      g.draw(strand);
    }
    g.setClip(clip);
  }

  private static void badge(Graphics2D g) {
    g.setStroke(new BasicStroke(3.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
    g.setColor(new Color(0xE0413C));
    Path2D ribbon = new Path2D.Double();
    ribbon.moveTo(310, 246);
    ribbon.lineTo(334, 298);
    ribbon.lineTo(362, 246);
    g.draw(ribbon);
    g.setColor(new Color(0xF7F4EE));
    g.fill(new RoundRectangle2D.Double(317, 295, 34, 40, 4, 4));
    g.setColor(new Color(0x2F7DE1));
    g.fill(new Rectangle2D.Double(317, 300, 34, 8));
  }

  /** The low sun's veil over the left side, and the night coming from the right. */
  private void warmth(Graphics2D g) {
    shine(g, 100, 200, 260, 0xFFB060, 0.28f);
    g.setPaint(
        new GradientPaint(300, 0, new Color(20, 30, 80, 0), 480, 0, new Color(20, 30, 80, 70)));
    g.fillRect(0, 0, SIZE.width(), SIZE.height());
  }

  /** A soft round spot of a colour. */
  private static void shine(
      Graphics2D g, double x, double y, double radius, int rgb, float opacity) {
    Color colour = new Color(rgb);
    g.setPaint(
        new RadialGradientPaint(
            (float) x,
            (float) y,
            (float) radius,
            new float[] {0, 0.45f, 1},
            new Color[] {
              faded(colour, Math.round(255 * opacity)),
              faded(colour, Math.round(115 * opacity)),
              faded(colour, 0)
            }));
    g.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
  }

  private static Color faded(Color colour, int alpha) {
    return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha);
  }

  private static Color[] colours(int... rgbs) {
    Color[] colours = new Color[rgbs.length];
    for (int i = 0; i < rgbs.length; i++) {
      colours[i] = new Color(rgbs[i]);
    }
    return colours;
  }
}
