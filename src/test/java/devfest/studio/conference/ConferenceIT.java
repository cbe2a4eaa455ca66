package devfest.studio.conference;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import jakarta.json.JsonObject;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What organisers say about the event, and their announcements. */
class ConferenceIT extends SharedServerTest {

  private static final String EVENT = V1 + "/event";
  private static final String ANNOUNCEMENTS = V1 + "/announcements";

  private Client.Reply put(String json) {
    return root.send(
        root.request(EVENT)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(json)));
  }

  @Test
  void aChangeReachesOpenPagesAtOnceAndReplacesEverything() throws Exception {
    try (SseReader stream = ann.stream("")) {
      stream.next("connected");
      Client.Reply reply =
          put(
              """
              {"name": " DevFest Lille ", "tagline": "Take a photo", "accent": "#ff7a59",
               "startsAt": "2026-11-21T08:00:00Z", "endsAt": "2026-11-21T18:00:00Z",
               "joinUrl": "https://studio.example/join#pass=x"}
              """);
      assertEquals(200, reply.status(), () -> reply.json().toString());
      JsonObject change = json(stream.next("event.changed")).getJsonObject("data");
      assertEquals("DevFest Lille", change.getString("name"));
      JsonObject event = ann.get(EVENT).data();
      assertEquals("DevFest Lille", event.getString("name"));
      assertEquals("Take a photo", event.getString("tagline"));
      assertEquals("#ff7a59", event.getString("accent"));
      assertEquals("2026-11-21T08:00:00.000Z", event.getString("startsAt"));
      assertEquals("https://studio.example/join#pass=x", event.getString("joinUrl"));
      assertTrue(event.getString("qr").startsWith("<svg "));
    }
    assertEquals(200, put("{\"name\":\"Other\"}").status());
    JsonObject event = ann.get(EVENT).data();
    assertTrue(event.isNull("tagline"));
    assertTrue(event.isNull("endsAt"));
    assertTrue(event.isNull("joinUrl"));
    assertTrue(event.isNull("qr"));
  }

  private Client.Reply putFile(String kind, byte[] file) {
    return root.send(
        root.request(EVENT + "/" + kind)
            .header("Content-Type", "image/png")
            .PUT(HttpRequest.BodyPublishers.ofByteArray(file)));
  }

  private static byte[] png(int type) {
    return TestImages.encode(new BufferedImage(60, 40, type), "png");
  }

  /** A file of more than 2 MB. */
  private static byte[] noise(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    return TestImages.encode(image, "png");
  }

  private String url(String kind) {
    return ann.get(EVENT).data().getString(kind + "Url", "");
  }

  @Test
  void aLogoIsShownUntilItIsReplacedOrRemoved() throws Exception {
    try (SseReader stream = ann.stream("")) {
      stream.next("connected");
      Client.Reply reply = putFile("logo", png(BufferedImage.TYPE_INT_ARGB));
      assertEquals(200, reply.status(), () -> reply.json().toString());
      String first = reply.data().getString("url");
      JsonObject change = json(stream.next("event.changed")).getJsonObject("data");
      assertEquals(first, change.getString("logoUrl"));
      assertEquals(first, url("logo"));
      assertEquals("image/png", nobody.get(pathOf(first)).header("Content-Type"));
      assertEquals(200, put("{\"name\":\"DevFest\"}").status());
      assertEquals(first, url("logo"), "it does not belong to the profile");
      assertEquals(200, putFile("logo", noise(1_000, 800)).status(), "more than 1 MB");
      String second = putFile("logo", png(BufferedImage.TYPE_3BYTE_BGR)).data().getString("url");
      assertEquals(second, url("logo"));
      await().until(() -> nobody.get(pathOf(first)).status() == 404);
      assertEquals(204, root.delete(EVENT + "/logo").status());
      assertEquals(204, root.delete(EVENT + "/logo").status(), "again");
      assertEquals("", url("logo"));
      await().until(() -> nobody.get(pathOf(second)).status() == 404);
    }
  }

  @Test
  void aFrameIsLaidOverEachResultWhileItIsSet() throws Exception {
    BufferedImage frame = new BufferedImage(60, 40, BufferedImage.TYPE_INT_ARGB);
    frame.setRGB(0, 0, 0xFF0000FF);
    Graphics2D graphics = frame.createGraphics();
    graphics.setColor(Color.BLUE);
    graphics.fillRect(0, 0, 60, 10);
    graphics.dispose();
    Client guest = Client.of(base(), "framed-" + UUID.randomUUID());
    String photo = guest.photo(TestImages.jpeg(600, 400), "private");
    assertEquals(200, putFile("frame", TestImages.encode(frame, "png")).status());
    BufferedImage with;
    try {
      with = result(guest, photo);
    } finally {
      assertEquals(204, root.delete(EVENT + "/frame").status());
    }
    assertBlue(true, with.getRGB(300, 50));
    assertBlue(false, with.getRGB(300, 150));
    assertBlue(false, result(guest, photo).getRGB(300, 50));
  }

  private static BufferedImage result(Client by, String photo) throws IOException {
    String id = by.transform(photo, "vintage");
    await()
        .until(
            () ->
                by.get(V1 + "/transformations/" + id)
                    .data()
                    .getString("status")
                    .equals("completed"));
    return ImageIO.read(by.uri("/uploads/transformations/" + id + ".jpg").toURL());
  }

  private static void assertBlue(boolean expected, int rgb) {
    boolean blue = (rgb & 0xFF) > 200 && (rgb >> 16 & 0xFF) < 60 && (rgb >> 8 & 0xFF) < 60;
    assertEquals(expected, blue, () -> Integer.toHexString(rgb));
  }

  @Test
  void unfitArtworkIsRefusedAndChangesNothing() {
    assertEquals(415, putFile("logo", TestImages.jpeg(60, 40)).status());
    assertEquals(415, putFile("logo", new byte[0]).status());
    byte[] whole = png(BufferedImage.TYPE_INT_ARGB);
    assertEquals(422, putFile("logo", Arrays.copyOf(whole, 60)).status());
    assertEquals(413, putFile("logo", Arrays.copyOf(whole, (10 << 20) + 1)).status());
    Client.Reply opaque = putFile("frame", png(BufferedImage.TYPE_3BYTE_BGR));
    assertEquals(422, opaque.status());
    assertEquals(
        "The frame has no transparent pixel, so it would cover every picture.",
        opaque.json().getString("detail"));
    assertEquals("", url("logo"));
    assertEquals("", url("frame"));
  }

  private static String pathOf(String url) {
    return java.net.URI.create(url).getPath();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"name\":\"a\",\"reveal\":\"yes\"}",
        "{\"name\":\" \"}",
        "{\"name\":\"a\\nb\"}",
        "{\"name\":\"a\",\"accent\":\"red\"}",
        "{\"name\":\"a\",\"startsAt\":\"soon\"}",
        "{\"name\":\"a\",\"startsAt\":\"2026-11-21T08:00:00Z\",\"endsAt\":\"2026-11-21T08:00:00Z\"}",
        "{\"name\":\"a\",\"joinUrl\":\"javascript:alert(1)\"}",
        "{\"name\":\"a\",\"joinUrl\":\"https://user:secret@studio.example/\"}",
        "{\"name\":\"a\",\"joinUrl\":\"/join\"}"
      })
  void anImpossibleEventIsRefused(String json) {
    assertEquals(400, put(json).status());
  }

  @Test
  void anAnnouncementReachesEverybodyAndIsForgottenAfterItsTime() throws Exception {
    try (SseReader stream = nobody.stream("")) {
      stream.next("connected");
      Instant before = Instant.now();
      Client.Reply reply = publisher.post(ANNOUNCEMENTS, "{\"text\":\" Lunch \",\"ttlSeconds\":2}");
      assertEquals(201, reply.status());
      JsonObject announcement = json(stream.next("announcement")).getJsonObject("data");
      assertEquals("Lunch", announcement.getString("text"));
      Instant until = Instant.parse(announcement.getString("until"));
      assertFalse(until.isBefore(before.plusSeconds(1)), until::toString);
      await().until(() -> ann.get(EVENT).data().isNull("announcement"));
    }
    assertEquals(201, publisher.post(ANNOUNCEMENTS, "{\"text\":\"Talks\"}").status());
    assertEquals("Talks", ann.get(EVENT).data().getString("announcement"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"text\":\"\"}", "{\"text\":\"a\",\"ttlSeconds\":0}"})
  void anImpossibleAnnouncementIsRefused(String json) {
    assertEquals(400, publisher.post(ANNOUNCEMENTS, json).status());
  }

  @Test
  void nobodyElseCanPublishWhatLooksLikeAnOrganisersEvent() {
    for (String type : new String[] {"announcement", "event.changed"}) {
      assertEquals(
          400, publisher.post(V1 + "/events", "{\"event\":\"" + type + "\",\"data\":{}}").status());
    }
  }
}
