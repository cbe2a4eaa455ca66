package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** What attendees do with a phone: large photos, a network that comes and goes, a narrow screen. */
class PhoneBrowserIT {

  /** Keeps the uploads that the page sends, and loses the responses to the first {@code lost}. */
  private static final String WATCH =
      """
      globalThis.uploads = [];
      globalThis.keys = [];
      globalThis.lost = 0;
      const { send, setRequestHeader } = XMLHttpRequest.prototype;
      XMLHttpRequest.prototype.setRequestHeader = function (name, value) {
        if (name === "Idempotency-Key") keys.push(value);
        setRequestHeader.call(this, name, value);
      };
      XMLHttpRequest.prototype.send = function (form) {
        const { name, size } = form.get("file");
        uploads.push(`${name} ${size}`);
        if (lost-- > 0) this.onload = this.onerror;
        send.call(this, form);
      };
      """;

  /** An AVIF picture of 2 by 2 pixels, which Chromium decodes. */
  private static final byte[] AVIF =
      Base64.getDecoder()
          .decode(
              "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADybWV0YQAAAAAAAAAoaGRscgAAAAAAAAAA"
                  + "cGljdAAAAAAAAAAAAAAAAGxpYmF2aWYAAAAADnBpdG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABGgAA"
                  + "AB0AAAAoaWluZgAAAAAAAQAAABppbmZlAgAAAAABAABhdjAxQ29sb3IAAAAAamlwcnAAAABLaXBjbwAAABRpc3Bl"
                  + "AAAAAAAAAAIAAAACAAAAEHBpeGkAAAAAAwgICAAAAAxhdjFDgQ0MAAAAABNjb2xybmNseAACAAIAAYAAAAAXaXBt"
                  + "YQAAAAAAAAABAAEEAQKDBAAAACVtZGF0EgAKCBgANogQEAwgMg8f8D///8WfhwB8+ErK42A=");

  @TempDir static Path dir;
  private static Server server;

  private Browser browser;

  @BeforeAll
  static void startServer() throws IOException {
    server = Server.start(dir, "studio.dev-mode=true");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void startBrowser() throws IOException {
    browser = new Browser(dir, "en");
    browser.size(390, 844);
    browser.before(WATCH);
  }

  @AfterEach
  void stopBrowser() {
    browser.close();
  }

  /** Opens the dashboard for a new user. */
  private Client open(String user, String... groups) {
    Client client = Client.of(server.base(), user, groups);
    browser.open(client.uri("/dashboard#token=" + client.token()));
    browser.element("#connection[data-state='live']");
    browser.visible("#upload");
    return client;
  }

  private static Path file(String name, byte[] content) throws IOException {
    return Files.write(dir.resolve(name), content);
  }

  private void send(Path... files) {
    browser
        .element("#files")
        .sendKeys(Arrays.stream(files).map(Path::toString).collect(Collectors.joining("\n")));
    browser.click("#send");
  }

  private void untilSent(int count) {
    browser.until("document.querySelectorAll('#uploads .sent').length === " + count);
  }

  private String uploads() {
    return browser.element("#uploads").getText();
  }

  @Test
  void aLargePhotoIsMadeSmallerUnlessTheOriginalIsWanted() throws IOException {
    Client ann = open("ann");
    Path photo = file("large.jpg", TestImages.jpeg(6000, 4000));
    send(photo);
    untilSent(1);
    assertEquals("4096x2731", sizes(ann));

    browser.click("#original");
    browser.driver().navigate().refresh();
    browser.visible("#upload");
    assertEquals(true, browser.evaluate("document.getElementById('original').checked"));
    send(photo);
    untilSent(1);
    assertEquals("6000x4000 4096x2731", sizes(ann));
    assertEquals("large.jpg " + Files.size(photo), browser.evaluate("uploads[0]"));
    browser.assertNothingWentWrong();
  }

  /** The sizes of the user's photos, the newest first. */
  private static String sizes(Client user) {
    return user.get("/api/v1/photos").items().stream()
        .map(item -> item.asJsonObject())
        .map(photo -> photo.getInt("width") + "x" + photo.getInt("height"))
        .collect(Collectors.joining(" "));
  }

  @Test
  void aPhotoHeldUprightStaysUpright() throws IOException {
    BufferedImage image = new BufferedImage(5000, 3000, BufferedImage.TYPE_3BYTE_BGR);
    for (int x = 0; x < 1000; x++) {
      for (int y = 0; y < 3000; y++) {
        image.setRGB(x, y, Color.RED.getRGB());
      }
    }
    Client bea = open("bea");
    send(file("upright.jpg", TestImages.turned(TestImages.encode(image, "jpg"))));
    untilSent(1);
    assertEquals("2458x4096", sizes(bea));
    JsonObject photo = bea.get("/api/v1/photos").items().getJsonObject(0);
    byte[] stored = bea.get("/uploads/photos/" + photo.getString("photoId") + ".jpg").bytes();
    BufferedImage seen = ImageIO.read(new ByteArrayInputStream(stored));
    assertEquals(4096, seen.getHeight());
    assertTrue(new Color(seen.getRGB(1200, 400)).getRed() > 200, "the left side is at the top");
    assertTrue(new Color(seen.getRGB(1200, 1200)).getRed() < 50, "and only there");
  }

  @Test
  void onlyPhotosThatLoseNothingAreConverted() throws IOException {
    open("cleo");
    Path kept = file("kept.jpg", TestImages.jpeg(1600, 1200));
    Path heavy = file("heavy.png", noise(1300, 1200, BufferedImage.TYPE_3BYTE_BGR, "png"));
    Path clear = file("clear.png", noise(1300, 1200, BufferedImage.TYPE_4BYTE_ABGR, "png"));
    Path moving = file("moving.gif", noise(2400, 2400, BufferedImage.TYPE_BYTE_INDEXED, "gif"));
    Path wide = file("wide.png", noise(4200, 300, BufferedImage.TYPE_4BYTE_ABGR, "png"));
    BufferedImage flat = new BufferedImage(5000, 20, BufferedImage.TYPE_BYTE_BINARY);
    Path tiny = file("tiny.png", TestImages.encode(flat, "png"));
    Path broken = file("broken.jpg", new byte[4_100_000]);
    for (Path large : List.of(heavy, clear, moving)) {
      assertTrue(Files.size(large) > 4_000_000, large + " has " + Files.size(large));
    }
    send(kept, heavy, clear, moving, wide, tiny, broken);
    browser.until("document.querySelectorAll('#uploads .sent, #uploads .refusal').length === 7");
    Map<String, Long> sent =
        Arrays.stream(((String) browser.evaluate("uploads.join('\\n')")).split("\n"))
            .map(upload -> upload.split(" "))
            .collect(Collectors.toMap(upload -> upload[0], upload -> Long.valueOf(upload[1])));
    for (Path same : List.of(kept, clear, moving, tiny, broken)) {
      assertEquals(Files.size(same), sent.get(same.getFileName().toString()), same.toString());
    }
    assertTrue(sent.get("heavy.jpg") < Files.size(heavy), sent.toString());
    assertTrue(sent.get("wide.jpg") < Files.size(wide), sent.toString());
    assertTrue(uploads().contains("broken.jpg: "), uploads());
  }

  private static byte[] noise(int width, int height, int type, String format) {
    BufferedImage image = new BufferedImage(width, height, type);
    Random random = new Random(7);
    int[] line = new int[width];
    for (int y = 0; y < height; y++) {
      Arrays.setAll(line, ignored -> random.nextInt());
      image.setRGB(0, y, width, 1, line, 0, width);
    }
    return TestImages.encode(image, format);
  }

  @Test
  void aFormatThatOnlyTheBrowserCanDecodeIsConverted() throws IOException {
    Client dan = open("dan");
    browser.click("#original");
    send(file("photo.avif", AVIF));
    untilSent(1);
    assertEquals("2x2", sizes(dan));
    assertTrue(((String) browser.evaluate("uploads[0]")).startsWith("photo.jpg "));
    browser.assertNothingWentWrong();
  }

  @Test
  void photosWaitWhileThereIsNoNetworkAndAreUploadedOnceWhenItReturns() throws IOException {
    Client eli = open("eli");
    browser.offline(true);
    browser.until("document.getElementById('connection').textContent === 'Offline'");
    byte[] photo = TestImages.jpeg(640, 480);
    send(file("one.jpg", photo), file("two.jpg", photo), file("three.jpg", photo));
    browser.until(
        "[...document.querySelectorAll('#uploads li')].filter((line) =>"
            + " line.textContent.includes('is waiting (no network)')).length === 3");
    browser.screenshot("offline-390");
    assertEquals(0, eli.get("/api/v1/photos").items().size());
    browser.offline(false);
    untilSent(3);
    browser.element("#connection[data-state='live']");
    assertEquals(3, eli.get("/api/v1/photos").items().size());
    assertEquals(3L, browser.evaluate("new Set(keys).size"));
    browser.until("document.querySelectorAll('#uploads .sent button').length === 3");
  }

  @Test
  void anUploadWhoseResponseIsLostIsRepeatedWithTheSameKey() throws IOException {
    Client flo = open("flo");
    browser.driver().executeScript("lost = 2");
    send(file("lost.jpg", TestImages.jpeg(640, 480)));
    browser.until("document.getElementById('uploads').textContent.includes('is waiting (conn')");
    untilSent(1);
    assertEquals(3L, browser.evaluate("uploads.length"));
    assertEquals(1L, browser.evaluate("new Set(keys).size"));
    assertEquals(1, flo.get("/api/v1/photos").items().size());
  }

  @Test
  void theLineOfAnUploadLeadsToItsPicture() throws IOException {
    Client gil = open("gil");
    browser.driver().executeScript("document.querySelector('#styles [value=noir]').click()");
    send(file("see.jpg", TestImages.jpeg(640, 480)));
    browser.until(
        "document.querySelector('#uploads .sent button')?.textContent === 'Done, see it'");
    assertEquals("see.jpg", browser.element("#uploads .sent span").getText());
    browser.screenshot("done-390");
    browser.element("#uploads .sent button").sendKeys(Keys.ENTER);
    assertEquals("Noir, gil", browser.visible("#viewer-caption").getText());
    browser.until(
        "/transformations/.test(document.getElementById('viewer-after').src)"
            + " && document.getElementById('viewer-after').naturalWidth === 640");
    browser.screenshot("viewer-390");
    browser.element("#viewer").sendKeys(Keys.ESCAPE);
    browser.until("document.activeElement === document.querySelector('#uploads .sent button')");

    JsonArray photos = gil.get("/api/v1/photos").items();
    String photo = photos.getJsonObject(0).getString("photoId");
    assertEquals(204, gil.delete("/api/v1/photos/" + photo).status());
    browser.until("!document.querySelector('#uploads li')");
    browser.assertNothingWentWrong();
  }

  @Test
  void thePageCanBeInstalled() throws IOException {
    Client ida = open("ida");
    Client.Reply file = ida.get("/dashboard/manifest.webmanifest");
    assertEquals(
        "application/manifest+json",
        file.header("Content-Type").toLowerCase(Locale.ROOT).replaceFirst(";.*", ""));
    JsonObject manifest = file.json();
    assertEquals("standalone", manifest.getString("display"));
    for (JsonObject icon : manifest.getJsonArray("icons").getValuesAs(JsonObject.class)) {
      Client.Reply picture = ida.get("/dashboard/" + icon.getString("src"));
      assertEquals(icon.getString("type"), picture.header("Content-Type"));
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.bytes()));
      assertEquals(icon.getString("sizes"), image.getWidth() + "x" + image.getHeight());
      assertTrue(picture.bytes().length < 32_768, icon.toString());
    }
    assertEquals(200, ida.get("/dashboard/apple-touch-icon.png").status());

    Map<String, Object> seen = browser.driver().executeCdpCommand("Page.getAppManifest", Map.of());
    assertEquals(List.of(), seen.get("errors"));
    assertEquals(ida.uri("/dashboard/manifest.webmanifest").toString(), seen.get("url"));
    Map<String, Object> obstacles =
        browser.driver().executeCdpCommand("Page.getInstallabilityErrors", Map.of());
    assertEquals(List.of(), obstacles.get("installabilityErrors"));
    browser.assertNothingWentWrong();
  }

  @Test
  void theHeaderIsOneLineAndItsMenuWorksByKeyboard() throws IOException {
    Client jan = open("jan");
    assertOneLine();
    browser.scheme("light");
    browser.screenshot("header-390");
    assertFalse(browser.element("#open-gallery").isDisplayed());
    browser.element("#open-menu").sendKeys(Keys.ENTER);
    browser.visible("#open-gallery");
    assertFalse(browser.element("#open-organiser").isDisplayed(), "jan is not an organiser");
    browser.assertFits();
    browser.screenshot("menu-390");
    for (String scheme : List.of("light", "dark")) {
      browser.scheme(scheme);
      browser.assertNoViolations();
    }
    browser.element("#open-gallery").sendKeys(Keys.ESCAPE);
    browser.until("document.activeElement.id === 'open-menu'");
    assertFalse(browser.element("#open-gallery").isDisplayed());
    browser.click("#open-menu");
    browser.click("#open-gallery");
    browser.visible("#gallery");
    browser.until("!document.getElementById('menu').classList.contains('open')");

    browser.offline(true);
    browser.element("#connection[data-state='waiting']");
    assertOneLine();
    browser.offline(false);
    browser.element("#connection[data-state='live']");
    browser.driver().executeScript("localStorage.setItem('studio.language', 'fr')");
    for (String page : List.of("", "/chat.html", "/scores.html", "/timer.html")) {
      browser.size(390, 844);
      browser.open(jan.uri("/dashboard" + page));
      browser.element("#connection[data-state='live']");
      assertOneLine();
      assertEquals(
          browser.evaluate("document.getElementById('connection').clientWidth"),
          browser.evaluate("document.getElementById('connection').scrollWidth"),
          "the state is not cut");
      browser.screenshot("french-390" + page.replace('/', '-'));
      browser.size(320, 640);
      assertOneLine();
      browser.click("#open-menu");
      browser.visible("#sign-out");
      browser.screenshot("french-320" + page.replace('/', '-'));
    }
  }

  private void assertOneLine() {
    Object height = browser.evaluate("document.querySelector('header').clientHeight");
    assertTrue((Long) height <= 64, "the header has a height of " + height);
    browser.assertFits();
  }

  @Test
  void onlyOrganisersSeeTheirView() {
    Client kim = open("kim");
    assertFalse(browser.element("#open-organiser").isDisplayed());
    browser.until("document.getElementById('quota-text').textContent.startsWith('100 of 100')");
    kim.transform(kim.photo(TestImages.jpeg(64, 48), "public"), "noir");
    browser.until("document.getElementById('quota-text').textContent.startsWith('99 of 100')");
    browser.element(".picture[data-status='completed'] button").sendKeys(Keys.ENTER);
    browser.visible("#viewer-share");
    assertFalse(browser.element("#viewer-draft").isDisplayed());
    for (String group : List.of("publisher", "admin")) {
      open("organiser-" + group, group);
      browser.click("#open-menu");
      browser.click("#open-organiser");
      browser.visible("#board");
    }
  }
}
