package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.images.Gallery;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.support.ui.Select;

/** The page in a real Chromium before a real server. */
class DashboardBrowserIT {

  private static final String HOOK_SECRET = "a secret";

  /** The stored values that contain a token. */
  private static final String STORED =
      "JSON.stringify([localStorage, sessionStorage].flatMap(Object.entries)"
          + ".filter((entry) => /token|eyJ/.test(entry.join())))";

  /** Draws each picture on white. */
  private static final String SHOW =
      """
      const [files, done] = arguments;
      const show = async (data) => {
        const image = new Image();
        image.src = `data:image/x;base64,${data}`;
        await image.decode();
        const { naturalWidth: width, naturalHeight: height } = image;
        const canvas = Object.assign(document.createElement("canvas"), { width, height });
        const pen = canvas.getContext("2d", { willReadFrequently: true });
        pen.fillStyle = "white";
        pen.fillRect(0, 0, width, height);
        pen.drawImage(image, 0, 0);
        return look(width, height, pen.getImageData(0, 0, width, height).data);
      };
      (async () => {
        const shown = {};
        for (const [name, data] of Object.entries(files)) shown[name] = await show(data).catch(String);
        done(shown);
      })();
      """;

  @TempDir static Path dir;
  private static Server server;

  private Client ann;
  private Browser browser;

  @BeforeAll
  static void startServer() throws IOException {
    server =
        Server.start(dir, "studio.dev-mode=true", "studio.github.webhook-secret=" + HOOK_SECRET);
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
  void aDroppedPhotoAppearsOnTheWallInItsStyle() throws IOException {
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
    assertTrue(
        browser.element("#ticker").getText().contains("Transformation finished · Instant · ann"));
    browser.until("!document.querySelector('.picture .new')");

    browser.driver().navigate().refresh();
    finished("Instant");
    assertEquals(
        1, browser.elements(".picture img[alt^='Instant']").size(), "and stays there, once");
    browser.assertNothingWentWrong();
  }

  @Test
  void severalPhotosUploadAtOnceAndAnInvalidFileIsRejectedWithAReason() throws IOException {
    open("");
    Path none = Files.writeString(dir.resolve("no-photo.jpg"), "not a photo");
    browser.element("#files").sendKeys(photo("a.jpg") + "\n" + photo("b.jpg") + "\n" + none);
    assertTrue(browser.element("#drop-hint").getText().contains("3"));
    browser.driver().executeScript("document.querySelector('#styles [value=pixel]').click()");
    browser.click("#send");
    browser.until("document.querySelectorAll('#uploads .sent').length === 2");
    String reason = browser.visible("#uploads .refusal").getText();
    assertTrue(reason.contains("no-photo.jpg: ") && reason.length() > 25, reason);
    assertTrue(browser.elements("#uploads .refusal button").isEmpty(), "it stays no photo");
    browser.until("document.querySelectorAll(\".picture img[alt^='Pixel']\").length >= 2");
  }

  @Test
  void iphonePhotosAreRejectedWithAdviceBeforeTheUpload() throws IOException {
    open("");
    Path heic = Files.writeString(dir.resolve("IMG_0001.jpg"), "\0\0\0\30ftypheic\0\0\0\0mif1heic");
    Path avif = Files.writeString(dir.resolve("b.png"), "\0\0\0\34ftypmif1\0\0\0\0mif1avifmiaf");
    Path film = Files.writeString(dir.resolve("c.mp4"), "\0\0\0\30ftypmp42\0\0\0\0isommp42 heic");
    Path name = Files.writeString(dir.resolve("e.HEIC"), "of a brand that is not known");
    List<Path> files = List.of(heic, avif, film, photo("d.jpg"), name, photo("f.heic"));
    browser
        .element("#files")
        .sendKeys(files.stream().map(Path::toString).collect(Collectors.joining("\n")));
    browser.until("document.querySelectorAll('#uploads .refusal').length === 3");
    String reasons = browser.element("#uploads").getText();
    String said = ann.upload(Files.readAllBytes(heic), null).json().getString("detail");
    assertTrue(reasons.contains("IMG_0001.jpg: " + said), reasons);
    assertTrue(reasons.contains("b.png: " + said), reasons);
    assertTrue(reasons.contains("e.HEIC: " + said), reasons);
    browser.until("document.getElementById('drop-hint').textContent.startsWith('3 ')");
    assertEquals(
        0L,
        browser.evaluate(
            "performance.getEntriesByType('resource').filter((e) => e.name.endsWith('/photos')"
                + " && e.initiatorType === 'xmlhttprequest').length"));
  }

  @Test
  void theBrowserShowsPicturesAsTheStudioStoresThem() throws IOException {
    browser.open(URI.create("about:blank"));
    Map<String, byte[]> pictures = Gallery.pictures();
    Map<String, String> files = new TreeMap<>();
    pictures.forEach((name, file) -> files.put(name, Base64.getEncoder().encodeToString(file)));
    @SuppressWarnings("unchecked")
    Map<String, String> shown =
        (Map<String, String>) browser.driver().executeAsyncScript(Gallery.LOOK + SHOW, files);
    List<String> lines = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String name : pictures.keySet()) {
      lines.add(name + ": " + shown.get(name));
      String ours = Gallery.seen(pictures.get(name));
      if (Gallery.difference(ours, shown.get(name)) > 3) {
        others.add(name + "\n  " + shown.get(name) + "\n  " + ours);
      }
    }
    Files.createDirectories(Path.of("target", "screens"));
    Files.write(Path.of("target", "screens", "chromium.txt"), lines);
    assertEquals(List.of(), others);
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
  void theWallShowsOtherUsersAndResumesAfterAnOutage() throws Exception {
    Path data = Files.createTempDirectory(dir, "away");
    try (Server first = Server.start(data, "studio.dev-mode=true")) {
      ann = Client.of(first.base(), "ann");
      open("");
      first.kill();
      browser.element("#connection[data-state='waiting']");
      browser.until(
          "/Next attempt in [0-9]+ s/.test(document.getElementById('connection').textContent)");
      assertEquals(
          "Connection lost",
          browser.element("#connection-change").getAttribute("textContent"),
          "what is read out does not count down");
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
  void aVisitorWithoutATokenIsAskedForOne() {
    browser.open(ann.uri("/dashboard"));
    browser.visible("#sign-in");
    browser.element("#token").sendKeys(ann.token());
    browser.click("#sign-in button[value=enter]");
    browser.element("#connection[data-state='live']");
  }

  @Test
  void theTokenDialogCannotBeDismissedAndNothingIsStored() {
    browser.open(ann.uri("/dashboard#token=not-a-token"));
    browser.visible("#sign-in");
    for (int i = 0; i < 3; i++) {
      browser.element("#token").sendKeys(Keys.ESCAPE);
    }
    browser.until("document.getElementById('sign-in').open");
    assertTrue(browser.element("#sign-in-message").getText().contains("not accepted"));
    assertEquals("[]", browser.evaluate(STORED));
  }

  @Test
  void noScriptCanReadTheTokenOfASignedInUser() {
    open("");
    browser.open(ann.uri("/dashboard/chat.html"));
    browser.visible("#speak");
    assertEquals("", browser.evaluate("document.cookie"));
    assertEquals("[]", browser.evaluate(STORED));
    browser.assertNothingWentWrong();
  }

  @Test
  void theTokenThatAnEarlierVersionStoredBeginsASessionAndIsRemoved() {
    browser.open(ann.uri("/dashboard/icon.svg"));
    browser
        .driver()
        .executeScript("localStorage.setItem('studio.token', arguments[0])", ann.token());
    browser.open(ann.uri("/dashboard"));
    browser.element("#sign-out[title='ann']");
    browser.element("#connection[data-state='live']");
    assertEquals("[]", browser.evaluate(STORED));
  }

  @Test
  void thePageAsksAgainWhenTheSessionEnds() {
    Client eve = Client.of(server.base(), "eve", Duration.ofSeconds(4));
    browser.open(eve.uri("/dashboard#token=" + eve.token()));
    browser.element("#sign-out[title='eve']");
    browser.visible("#sign-in");
    assertTrue(browser.element("#sign-in-message").getText().contains("session has ended"));
    browser.element("#token").sendKeys(ann.token());
    browser.click("#sign-in button[value=enter]");
    browser.element("#sign-out[title='ann']");
    browser.element("#connection[data-state='live']");
  }

  /** By a host name to which browsers do not mark their calls as of the same origin. */
  @Test
  void overPlainHttpThePageKeepsTheTokenInMemoryUntilItIsLeft() throws IOException {
    String address =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
            .map(InetAddress::getHostAddress)
            .findFirst()
            .orElseThrow(() -> new AssertionError("The test needs an address besides loopback"));
    String page = "http://" + address + ":" + server.base().getPort() + "/dashboard";
    browser.open(URI.create(page + "#token=" + ann.token()));
    browser.element("#connection[data-state='live']");
    browser.visible("#upload");
    assertEquals(page, browser.driver().getCurrentUrl());
    assertEquals("[]", browser.evaluate(STORED));
    browser.open(URI.create(page));
    browser.visible("#sign-in");
  }

  @Test
  void aTokenInTheAddressOfAnOpenPageIsUsedAndSigningOutAffectsAllTabs() {
    open("");
    Client gus = Client.of(server.base(), "gus");
    browser.driver().executeScript("location.hash = 'token=' + arguments[0]", gus.token());
    browser.element("#sign-out[title='gus']");
    assertFalse(browser.driver().getCurrentUrl().contains("token"));
    String first = browser.driver().getWindowHandle();
    browser.driver().switchTo().newWindow(WindowType.TAB);
    browser.open(ann.uri("/dashboard"));
    browser.click("#sign-out");
    browser.visible("#sign-in");
    browser.driver().switchTo().window(first);
    browser.visible("#sign-in");
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
  void theTickerPausesWhileHeldAndShowsOnlySelectedEvents() throws IOException {
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
  void theTickerShowsEventsFromBeforeThePageWasOpened() throws IOException {
    Client hal = Client.of(server.base(), "hal");
    picture(hal, "solar", "public");
    open("");
    finished("Solarised, hal");
    browser.until(
        "document.getElementById('ticker').textContent.includes('Transformation finished · Solarised · hal')");
    browser.until("document.querySelector('#ticker b').title !== ''");
  }

  @Test
  void replayedEventsAreNotCountedTwice() throws IOException {
    open("");
    browser.open(URI.create("about:blank"));
    picture(ann, "vintage", "public");
    picture(ann, "modern", "public");
    open("");
    String counted = "Number(document.getElementById('count-photos').textContent)";
    String drawn = "Chart.getChart('chart').data.datasets[0].data.reduce((a, b) => a + b)";
    browser.until(counted + " > 1 && " + drawn + " > 1");
    browser.until("document.querySelectorAll('#ticker li').length > 3");
    JsonObject stats = ann.get("/api/v1/events/stats").data().getJsonObject("eventsByType");
    long photos = stats.getInt("photo.uploaded");
    assertEquals(photos, browser.evaluate(counted));
    JsonObject window = ann.get("/api/v1/events/stats?since=PT10M").data();
    long recent = window.getJsonObject("eventsByType").getInt("photo.uploaded");
    assertEquals(recent, browser.evaluate(drawn));
  }

  @Test
  void eventsNamedLikeObjectPropertiesCreateNoCardAndBreakNoCount() {
    open("");
    Client publisher = Client.of(server.base(), "pub", "publisher");
    for (String name : List.of("constructor", "toString", "hasOwnProperty")) {
      publisher.publish(
          name,
          "{\"transformationId\":\"x\",\"photoId\":\"../x\",\"styleId\":\"modern\"}",
          "public");
    }
    browser.until("document.getElementById('ticker').textContent.includes('hasOwnProperty')");
    browser.until("Chart.getChart('chart').data.datasets[3].data.at(-1) >= 3");
    assertTrue(browser.elements(".picture img[src*='/x.jpg']").isEmpty());
    browser.assertNothingWentWrong();
  }

  @Test
  void aPictureCanBeViewedLargeAndComparedWithItsOriginal() throws IOException {
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
    browser.driver().executeScript("Object.defineProperty(navigator, 'clipboard', {})");
    browser.click("#viewer-share");
    browser.until(
        "/this link.*\\/p\\/[-0-9a-f]+/.test("
            + "document.getElementById('viewer-message').textContent)");
    browser.element("#viewer").sendKeys(Keys.ESCAPE);
    browser.until("!document.getElementById('viewer').open");
  }

  @Test
  void theWallShowsThumbnailsAndFallsBackToFullPictures() throws IOException {
    picture(ann, "sketch", "public");
    open("");
    String small = finished("Sketch, ann").getAttribute("src");
    assertTrue(small.contains("/uploads/transformations/thumbnails/"), small);
    browser
        .driver()
        .executeScript(
            """
            import("/dashboard/picture.js").then(({ show }) => {
              globalThis.image = new Image();
              show(image, { status: "completed", resultUrl: arguments[0] }); // has no small copy itself
            });
            """,
            small);
    browser.until("globalThis.image?.complete && image.naturalWidth > 0 && !image.srcset");
  }

  @Test
  void usersCanDeleteTheirOwnPictures() throws IOException {
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
  void olderPicturesLoadOnceAndIncludePhotosWithoutAPicture() {
    Client ivy = Client.of(server.base(), "ivy");
    ann = ivy;
    String first = ivy.photo(TestImages.jpeg(32, 24), "private");
    String photo = ivy.photo(TestImages.jpeg(32, 24), "private");
    for (int i = 0; i < 30; i++) {
      ivy.transform(photo, "modern");
    }
    String last = ivy.photo(TestImages.jpeg(32, 24), "private");
    open("");
    browser.click("#open-gallery");
    browser.until("document.querySelectorAll('#own li').length === 25");
    assertEquals(
        last, browser.evaluate("document.querySelector('#own li').dataset.photo"), "the newest");
    browser
        .driver()
        .executeScript("for (const i of [1, 2]) document.getElementById('own-more').click()");
    browser.until("document.querySelectorAll('#own li').length === 32");
    assertEquals(
        first, browser.evaluate("document.querySelector('#own li:last-child').dataset.photo"));
    browser.driver().executeScript("globalThis.confirm = () => true");
    browser.click("#own li:first-child button:last-of-type");
    browser.until("document.querySelectorAll('#own li').length === 31");
    assertEquals(404, ivy.get("/api/v1/photos/" + last).status());
  }

  @Test
  void aRejectedTransformationIsRetriedWithoutAnotherUpload() throws IOException {
    Client joe = Client.of(server.base(), "joe");
    ann = joe;
    open("");
    browser
        .driver()
        .executeScript(
            """
            const real = fetch;
            globalThis.keys = [];
            globalThis.fetch = async (...call) => {
              if (call[1]?.method === "POST") keys.push(call[1].headers["Idempotency-Key"]);
              return keys.length === 1 ? new Response("{}", { status: 429 }) : real(...call);
            };
            """);
    browser.element("#files").sendKeys(photo("joe.jpg").toString());
    browser.click("#send");
    assertTrue(browser.visible("#uploads .refusal").getText().startsWith("joe.jpg is stored"));
    browser.click("#uploads button");
    browser.element("#uploads .sent");
    finished("Modern, joe");
    assertEquals(1, joe.get("/api/v1/photos").items().size());
    assertEquals(true, browser.evaluate("keys[0].length > 20 && keys[0] === keys[1]"));
  }

  @Test
  void aPhotoDroppedOutsideTheBoxIsAcceptedAndCanBeRemoved() {
    open("");
    browser
        .driver()
        .executeScript(
            """
            const dataTransfer = new DataTransfer();
            for (const name of ["a.png", "b.png"]) dataTransfer.items.add(new File(["x"], name));
            const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
            globalThis.stays = !document.getElementById("wall").dispatchEvent(drop);
            """);
    assertEquals(true, browser.evaluate("stays"));
    browser.until("document.getElementById('drop-hint').textContent.startsWith('2 ')");
    browser.click("#chosen [aria-label='Remove a.png']");
    browser.until("document.getElementById('drop-hint').textContent.startsWith('1 ')");
    browser.click("#chosen [aria-label='Remove b.png']");
    assertFalse(browser.element("#send").isEnabled());
  }

  @Test
  void thePageReportsThatStylesFailedToLoadAndRetries() {
    browser
        .driver()
        .executeCdpCommand(
            "Page.addScriptToEvaluateOnNewDocument",
            Map.of(
                "source",
                """
                const real = fetch;
                globalThis.refuses = true;
                globalThis.fetch = async (...call) =>
                  refuses && String(call[0]).includes("/styles") ? new Response("", { status: 503 }) : real(...call);
                """));
    open("");
    assertTrue(browser.visible("#trouble").getText().startsWith("Styles could not be loaded"));
    browser.driver().executeScript("refuses = false");
    browser.visible("#upload");
    assertEquals("", browser.element("#trouble").getText());
  }

  /** Tells a wall of its own, which is not drawn, what happens. */
  private Object wall(String script) {
    browser.open(ann.uri("/dashboard/icon.svg"));
    return browser
        .driver()
        .executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            import("/dashboard/wall.js").then(({ Wall }) => {
              const html = (name) => document.createElementNS("http://www.w3.org/1999/xhtml", name);
              document.createElement = html;
              const list = html("ul");
              const empty = html("p");
              empty.hidden = true;
              const wall = new Wall(list, empty, (id) => id, null);
              const card = (n, status) => ({ transformationId: `t${n}`, photoId: `p${n}`, styleId: "noir", status,
                timestamp: new Date(1e12 + n).toISOString() });
              const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
              %s
            }).catch((failure) => done(String(failure)));
            """
                .formatted(script));
  }

  @Test
  void aPhotoDeletedInTheMeantimeDoesNotReappear() {
    Object left =
        wall(
            """
            wall.show(card(1, "completed"));
            wall.removePhoto("p1");
            wall.show(card(1, "completed"));
            wall.show(card(2, "completed"));
            done(wall.ids.join());
            """);
    assertEquals("t2", left);
  }

  @Test
  void lateProgressDoesNotRestartATransformationButARetryDoes() {
    Object running =
        wall(
            """
            wall.show(card(1, "failed"), { arrives: true });
            wall.show(card(1, "processing"));
            const late = wall.running;
            wall.show(card(1, "processing"), { arrives: true });
            done(`${late} ${wall.running}`);
            """);
    assertEquals("0 1", running);
  }

  @Test
  void aWallInABackgroundTabKeepsNoMoreCardsThanAVisibleOne() {
    Object held =
        wall(
            """
            for (let n = 0; n < 5000; n++) wall.show(card(n, "failed"), { arrives: true });
            done(wall.ids.length <= 800 && wall.ids.includes("t4999"));
            """);
    assertEquals(true, held);
  }

  @Test
  void theWallIsReportedEmptyOnlyOnceThatIsKnown() {
    Object said =
        wall(
            """
            drawn().then(() => {
              const before = empty.hidden;
              wall.settled();
              drawn().then(() => done(`${before} ${empty.hidden}`));
            });
            """);
    assertEquals("true false", said);
  }

  @Test
  void theKioskShowsOnlyPublicPhotos() throws IOException {
    Client fay = Client.of(server.base(), "fay");
    ann = fay;
    picture(fay, "poster", "private");
    open("?kiosk");
    picture(fay, "riso", "private");
    picture(fay, "dream", "public");
    finished("Dream, fay");
    assertTrue(browser.elements(".picture img[alt='Poster, fay']").isEmpty());
    assertTrue(browser.elements(".picture img[alt='Risograph, fay']").isEmpty());
    assertTrue(browser.elements(".picture button").isEmpty(), "there is nothing to press");
    finished("Dream, fay").click();
    assertEquals(false, browser.evaluate("document.getElementById('viewer').open"));
    assertFalse(browser.element("#filters").isDisplayed());
    assertFalse(browser.element("#upload").isDisplayed());
    assertFalse(browser.element("aside").isDisplayed());
  }

  @Test
  void thePageIsInFrenchWhenTheBrowserPrefersItOrTheUserChoosesIt() throws IOException {
    new Select(opened("#language")).selectByValue("fr");
    browser.until("document.documentElement.lang === 'fr'");
    browser.element("#connection[data-state='live']");
    assertEquals("Mur d’images", browser.element("#wall-title").getText());
    try (Browser french = new Browser(dir, "fr")) {
      french.open(ann.uri("/dashboard#token=" + ann.token()));
      french.element("#connection[data-state='live']");
      assertEquals("Créer une image", french.element("#upload h2").getText());
      assertTrue(french.element("#styles").getText().contains("Moderne"));
      Path none = Files.writeString(dir.resolve("aucune-photo.jpg"), "pas une photo");
      french.element("#files").sendKeys(none.toString());
      french.click("#send");
      String reason = french.visible("#uploads .refusal").getText();
      assertTrue(reason.contains("n’est pas une photo"), reason);
    }
  }

  private WebElement opened(String css) {
    open("");
    return browser.element(css);
  }

  @Test
  void thePageStaysResponsiveWithFiveThousandCards() {
    open("");
    browser
        .driver()
        .executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            import("/dashboard/wall.js").then(({ Wall }) => {
              // In the place of the list that the page's own wall goes on drawing to.
              const own = document.getElementById("wall");
              const list = own.cloneNode(false);
              own.replaceWith(list);
              const wall = new Wall(list, document.getElementById("wall-empty"), (id) => id, () => {});
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
    assertEquals(400L, browser.evaluate("document.querySelectorAll('.picture').length"));
    assertEquals(
        "t4999", browser.evaluate("document.querySelector('.picture').card.transformationId"));
    Number median = (Number) browser.evaluate("frames.sort((a, b) => a - b)[frames.length >> 1]");
    assertTrue(median.doubleValue() < 500, "a frame took " + median + " ms, without a GPU");
  }

  @Test
  void thePageHasNoSeriousAccessibilityViolations() throws IOException {
    picture(ann, "vintage", "public");
    open("");
    finished("Vintage");
    for (String scheme : List.of("light", "dark")) {
      browser.scheme(scheme);
      browser.assertNoViolations();
    }
    browser.element("body").sendKeys(Keys.TAB);
    assertEquals("skip-to-upload", browser.evaluate("document.activeElement.id"));
    browser.click("#open-gallery");
    browser.visible("#own li");
    browser.assertNoViolations();
  }

  @Test
  void theEventsPageWorksByKeyboardAndFitsAPhone() throws IOException {
    browser.open(ann.uri("/api/v1/docs"));
    browser.click("nav[aria-label='Documents'] a");
    browser.until("document.querySelectorAll('#channels section').length > 10");
    assertTrue(browser.driver().getCurrentUrl().endsWith("/api/v1/docs/events"));
    browser.element("#stream-quota summary").sendKeys(Keys.ENTER);
    browser.until("document.querySelector('#stream-quota details').open");
    assertTrue(browser.element("#stream-quota details").getText().contains("resetsAt"));
    browser.element("#contents a[href='#stream-timer']").sendKeys(Keys.ENTER);
    browser.until("location.hash === '#stream-timer'");
    browser.size(390, 844);
    browser.assertFits();
    browser.screenshot("events-390");
    browser.assertNothingWentWrong(); // before the checker's own warnings
    for (String scheme : List.of("light", "dark")) {
      browser.scheme(scheme);
      browser.assertNoViolations();
    }
  }

  @Test
  void thePageFitsPhonesAndLargeScreensInLightAndDarkMode() throws IOException {
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
        browser.assertFits();
        browser.until("[...document.images].every((i) => i.complete || i.loading === 'lazy')");
        browser.screenshot(size.getKey() + "-" + scheme);
      }
      if (size.getKey() < 600) {
        assertEquals(
            true,
            browser.evaluate(
                "((tops) => tops.every((top, i) => i === 0 || top > tops[i - 1]))("
                    + "[...document.querySelectorAll('#upload, #wall, aside')]"
                    + ".map((part) => part.getBoundingClientRect().top))"),
            "what stands below comes later");
      }
    }
    browser.assertNothingWentWrong();
  }

  @Test
  void organisersSeeGithubEventsAndMovePostsByKeyboardAndByDragging() throws IOException {
    browser.size(1600, 1000);
    Client publisher = Client.of(server.base(), "organiser", "publisher");
    browser.open(publisher.uri("/dashboard#token=" + publisher.token()));
    browser.click("#open-organiser");
    browser.until("document.getElementById('quota-text').textContent.startsWith('100 of 100')");
    Hooks github = new Hooks(Client.anonymous(server.base()), Hooks.SHARED, HOOK_SECRET);
    assertEquals(202, github.deliver("star").status());
    assertEquals(202, github.deliver("release").status());
    browser.until(
        "document.querySelector('#deliveries li')?.textContent.includes('release')"
            + " && document.querySelector('#deliveries li').dataset.status === 'processed'");
    browser.until("document.getElementById('delivered').textContent === '2'");

    WebElement draft = browser.visible("#posts-drafts .post");
    assertTrue(draft.getText().contains("Released: Codertocat/Hello-World 0.0.1"));
    draft.sendKeys(Keys.ARROW_RIGHT);
    browser.visible("#posts-ready .post");
    browser.until("document.getElementById('count-ready').textContent === '1'");

    browser.click("#new-post");
    browser.visible("#post-name").sendKeys("Written by hand");
    browser.click("#post-save");
    browser.visible("#posts-drafts .post");
    drag("#posts-drafts li", "#board [data-status='scheduled']");
    browser.click("#schedule [value='later']");
    browser.until(
        "document.getElementById('board-message').textContent.includes('Allowed: [ready]')");
    drag("#posts-drafts li", "#board [data-status='ready']");
    browser.until("document.querySelectorAll('#posts-ready .post').length === 2");
    drag("#posts-ready li", "#board [data-status='scheduled']");
    browser.click("#schedule [value='now']");
    browser.until("document.querySelectorAll('#posts-published .post').length === 1");
    for (String scheme : List.of("light", "dark")) {
      browser.scheme(scheme);
      browser.assertNoViolations();
      browser.screenshot("organiser-" + scheme);
    }
    browser.size(390, 844);
    browser.assertFits();
    browser.screenshot("organiser-390");
    browser.click("#open-menu");
    browser.click("#open-organiser");
    browser.visible("main");
  }

  /** As a mouse would: the events of HTML's drag and drop. */
  private void drag(String from, String to) {
    browser
        .driver()
        .executeScript(
            """
            const [from, to] = [...arguments].map((css) => document.querySelector(css));
            const fire = (on, type) =>
              on.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: new DataTransfer() }));
            fire(from, "dragstart");
            fire(to, "dragover");
            fire(to, "drop");
            fire(from, "dragend");
            """,
            from,
            to);
  }
}
