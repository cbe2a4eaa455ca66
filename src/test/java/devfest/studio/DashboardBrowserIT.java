package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** The page in a real Chromium before a real server. */
class DashboardBrowserIT {

  @TempDir static Path dir;
  private static Server server;

  private Client ann;
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
    ann = Client.of(server.base(), "ann");
    browser = new Browser(dir, "en");
  }

  @AfterEach
  void stopBrowser() {
    browser.close();
  }

  private void open(String query) {
    browser.open(ann.uri("/dashboard" + query + "#token=" + ann.token()));
    browser.element("#connection[data-state='live']");
  }

  private void picture(Client of, String style, String visibility) throws IOException {
    of.transform(of.photo(TestImages.jpeg(640, 480), visibility), style);
  }

  private WebElement finished(String style) {
    return browser.element(
        ".picture[data-status='completed'] img[src*='transformations'][alt^='" + style + "']");
  }

  private Path photo(String name) throws IOException {
    return Files.write(dir.resolve(name), TestImages.jpeg(1600, 1200));
  }

  @Test
  void aPhotoThatIsDroppedInAppearsOnTheWallInItsStyle() throws IOException {
    browser.size(1280, 900);
    open("");
    assertFalse(browser.driver().getCurrentUrl().contains("token"), "the token leaves the address");
    browser.element("#files").sendKeys(photo("photo.jpg").toString());
    browser.driver().executeScript("document.querySelector('#styles [value=instant]').click()");
    browser.click("#send");

    WebElement image = finished("Instant");
    WebElement done = image.findElement(By.xpath("ancestor::li"));
    assertTrue(done.getText().contains("NEW"), done.getAttribute("outerHTML"));
    browser.until(
        ignored ->
            Boolean.TRUE.equals(
                browser
                    .driver()
                    .executeScript(
                        "return arguments[0].complete && arguments[0].naturalWidth > 0", image)));
    browser.until("Number(document.getElementById('count-completed').textContent) > 0");
    assertTrue(browser.element("#ticker").getText().contains("transformation.completed"));
    browser.until("!document.querySelector('.picture .new')");

    browser.driver().navigate().refresh();
    finished("Instant");
    assertEquals(
        1, browser.elements(".picture img[alt^='Instant']").size(), "and stays there, once");
    browser.assertNothingWentWrong();
  }

  @Test
  void severalPhotosGoAtOnceAndOneThatIsNoneIsRefusedWithTheReason() throws IOException {
    open("");
    Path none = Files.writeString(dir.resolve("no-photo.jpg"), "not a photo");
    browser.element("#files").sendKeys(photo("a.jpg") + "\n" + photo("b.jpg") + "\n" + none);
    assertTrue(browser.element("#drop-hint").getText().contains("3"));
    browser.driver().executeScript("document.querySelector('#styles [value=pixel]').click()");
    browser.click("#send");
    browser.until("document.querySelectorAll('#uploads .sent').length === 2");
    String reason = browser.visible("#uploads .refusal").getText();
    assertTrue(reason.contains("no-photo.jpg: ") && reason.length() > 25, reason);
    browser.until("document.querySelectorAll(\".picture img[alt^='Pixel']\").length >= 2");
  }

  @Test
  void aPhotoCanBePastedOrTakenWithTheCamera() {
    open("");
    browser
        .driver()
        .executeScript(
            """
            const data = new DataTransfer();
            data.items.add(new File(["x"], "pasted.png", { type: "image/png" }));
            document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data }));
            """);
    browser.until("document.getElementById('drop-hint').textContent.startsWith('1 ')");
    browser.click("#open-camera");
    browser.until("document.getElementById('camera-picture').videoWidth > 0");
    browser.click("#camera-take");
    browser.until("document.getElementById('drop-hint').textContent.startsWith('2 ')");
  }

  @Test
  void theWallFollowsOthersAndGoesOnAfterTheServerWasAway() throws Exception {
    Path data = Files.createTempDirectory(dir, "away");
    try (Server first = Server.start(data, "studio.dev-mode=true")) {
      ann = Client.of(first.base(), "ann");
      open("");
      first.kill();
      browser.element("#connection[data-state='waiting']");
      browser.until(
          "/next try in [0-9]+ s/.test(document.getElementById('connection').textContent)");
      try (Server second = Server.startAt(first.base().getPort(), data, "studio.dev-mode=true")) {
        Client bob = Client.of(second.base(), "bob");
        picture(bob, "modern", "public");
        browser.element("#connection[data-state='live']");
        finished("Modern, bob");
        assertEquals(1, browser.elements(".picture").size());
      }
    }
  }

  @Test
  void whoHasNoTokenIsAskedForOne() {
    browser.open(ann.uri("/dashboard"));
    browser.visible("#sign-in");
    browser.element("#token").sendKeys(ann.token());
    browser.click("#sign-in button");
    browser.element("#connection[data-state='live']");
  }

  @Test
  void filtersNarrowTheWall() throws IOException {
    Client carl = Client.of(server.base(), "carl");
    picture(carl, "noir", "public");
    picture(carl, "duotone", "public");
    open("");
    finished("Noir, carl");
    finished("Duotone, carl");
    new Select(browser.element("#filters [name=style]")).selectByValue("noir");
    browser.until(
        "[...document.querySelectorAll('.picture:not([hidden]) img')]"
            + ".every((i) => i.alt.startsWith('Noir'))");
    new Select(browser.element("#filters [name=style]")).selectByValue("");
    browser.click("#filters [name=text]");
    browser.element("#filters [name=text]").sendKeys("carl");
    browser.until("document.querySelectorAll('.picture:not([hidden])').length === 2");
    new Select(browser.element("#filters [name=status]")).selectByValue("failed");
    browser.until("document.getElementById('wall-empty').textContent.includes('filters')");
  }

  @Test
  void theTickerWaitsWhileItIsHeldAndShowsWhatIsAskedFor() throws IOException {
    open("");
    browser.click("#ticker-pause");
    Client publisher = Client.of(server.base(), "pub", "publisher");
    publisher.publish("held", "1", "public");
    publisher.publish("held", "2", "public");
    browser.until("document.getElementById('ticker-pause').textContent.includes('2 new')");
    assertFalse(browser.element("#ticker").getText().contains("held"));
    browser.click("#ticker-pause");
    browser.until("document.getElementById('ticker').textContent.includes('held')");
    new Select(browser.element("#ticker-type")).selectByValue("photo.");
    assertFalse(browser.element("#ticker").getText().contains("held"));
  }

  @Test
  void thePictureIsSeenLargeAndAsItWasBefore() throws IOException {
    Client dora = Client.of(server.base(), "dora");
    picture(dora, "thermal", "public");
    open("");
    finished("Thermal, dora").click();
    browser.visible("#viewer");
    assertEquals("0", browser.evaluate("document.getElementById('cut').value"));
    browser.element("#viewer").sendKeys("b");
    assertEquals("100", browser.evaluate("document.getElementById('cut').value"));
    browser.element("#cut").sendKeys(Keys.ARROW_LEFT);
    assertEquals("99", browser.evaluate("document.getElementById('cut').value"));
    browser.element("#viewer").sendKeys(Keys.ESCAPE);
    browser.until("!document.getElementById('viewer').open");
  }

  @Test
  void onesOwnPicturesCanBeDeleted() throws IOException {
    Client eve = Client.of(server.base(), "eve");
    ann = eve;
    picture(eve, "comic", "private");
    open("");
    finished("Comic, eve");
    browser.click("#open-gallery");
    browser.element("#own li img[src*='transformations']");
    assertEquals(1, browser.elements("#own li a[download]").size());
    browser.driver().executeScript("globalThis.confirm = () => true");
    browser.click("#own li button:last-of-type");
    browser.until("document.querySelectorAll('#own li').length === 0");
    browser.until("!document.querySelector(\".picture img[alt='Comic, eve']\")");
  }

  @Test
  void theKioskShowsWhatEverybodyMaySeeAndNothingElse() throws IOException {
    Client fay = Client.of(server.base(), "fay");
    ann = fay;
    picture(fay, "poster", "private");
    open("?kiosk");
    picture(fay, "riso", "private");
    picture(fay, "dream", "public");
    finished("Dream, fay");
    assertTrue(browser.elements(".picture img[alt='Poster, fay']").isEmpty());
    assertTrue(browser.elements(".picture img[alt='Risograph, fay']").isEmpty());
    assertFalse(browser.element("#filters").isDisplayed());
    assertFalse(browser.element("aside").isDisplayed());
  }

  @Test
  void thePageSpeaksFrenchWhenTheBrowserDoesOrWhenItIsChosen() throws IOException {
    new Select(opened("#language")).selectByValue("fr");
    browser.until("document.documentElement.lang === 'fr'");
    browser.element("#connection[data-state='live']");
    assertEquals("Le mur", browser.element("#wall-title").getText());
    try (Browser french = new Browser(dir, "fr")) {
      french.open(ann.uri("/dashboard#token=" + ann.token()));
      french.element("#connection[data-state='live']");
      assertEquals("Créer une image", french.element("#upload h2").getText());
      assertTrue(french.element("#styles").getText().contains("Moderne"));
    }
  }

  private WebElement opened(String css) {
    open("");
    return browser.element(css);
  }

  @Test
  void fiveThousandCardsLeaveThePageQuick() {
    open("");
    browser
        .driver()
        .executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            import("/dashboard/wall.js").then(({ Wall }) => {
              document.getElementById("wall").replaceChildren();
              const wall = new Wall(document.getElementById("wall"), document.getElementById("wall-empty"), (id) => id, () => {});
              let n = 0;
              let last = performance.now();
              globalThis.frames = [];
              const step = () => {
                const now = performance.now();
                frames.push(now - last);
                last = now;
                for (let i = 0; i < 50 && n < 5000; i++, n++) {
                  wall.show({ transformationId: `t${n}`, photoId: "x", styleId: "noir", status: "processing",
                    timestamp: new Date(1e12 + n).toISOString(), progress: 0.5 }, { arrives: true });
                }
                if (n < 5000) requestAnimationFrame(step);
                else requestAnimationFrame(() => done(null));
              };
              requestAnimationFrame(step);
            });
            """);
    assertTrue((Long) browser.evaluate("document.querySelectorAll('.picture').length") <= 400);
    assertEquals(
        "t4999", browser.evaluate("document.querySelector('.picture').card.transformationId"));
    Number median = (Number) browser.evaluate("frames.sort((a, b) => a - b)[frames.length >> 1]");
    assertTrue(median.doubleValue() < 500, "a frame took " + median + " ms, without a GPU");
  }

  @Test
  void nothingSeriousStandsInTheWayOfAKeyboardOrAScreenReader() throws IOException {
    picture(ann, "vintage", "public");
    open("");
    finished("Vintage");
    for (String scheme : List.of("light", "dark")) {
      browser.scheme(scheme);
      assertNoViolations();
    }
    browser.click("#open-gallery");
    browser.visible("#own li");
    assertNoViolations();
  }

  private void assertNoViolations() throws IOException {
    try (var in = getClass().getResourceAsStream(axe())) {
      browser.driver().executeScript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    Object serious =
        browser
            .driver()
            .executeAsyncScript(
                """
                const done = arguments[arguments.length - 1];
                axe.run().then(({ violations }) => done(violations
                  .filter(({ impact }) => impact === "serious" || impact === "critical")
                  .map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" "))));
                """);
    assertEquals(List.of(), serious);
  }

  private static String axe() {
    return "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
  }

  @Test
  void thePageFitsPhonesAndLargeScreensByDayAndByNight() throws IOException {
    for (String style : List.of("vintage", "neon", "poster", "winter", "terminal", "cinema")) {
      picture(ann, style, "public");
    }
    open("");
    finished("Cinema");
    finished("Winter");
    for (Map.Entry<Integer, Integer> size :
        List.of(Map.entry(390, 844), Map.entry(1280, 900), Map.entry(2560, 1440))) {
      browser.size(size.getKey(), size.getValue());
      for (String scheme : List.of("light", "dark")) {
        browser.scheme(scheme);
        assertEquals(
            true,
            browser.evaluate("document.documentElement.scrollWidth <= innerWidth"),
            "nothing sticks out at " + size.getKey());
        browser.until("[...document.images].every((i) => i.complete || i.loading === 'lazy')");
        browser.screenshot(size.getKey() + "-" + scheme);
      }
    }
    browser.assertNothingWentWrong();
  }
}
