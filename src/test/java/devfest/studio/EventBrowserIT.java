package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Alert;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.ExpectedConditions;

/** Attendees who join, and organisers who describe the event, in a real Chromium. */
class EventBrowserIT {

  @TempDir static Path dir;
  private static Server server;

  private Client root;
  private Browser browser;

  @BeforeAll
  static void startServer() throws IOException {
    server =
        Server.start(
            dir, "studio.dev-mode=true", "studio.guests=on", "studio.stream.heartbeat=PT1S");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void startBrowser() throws IOException {
    root = Client.of(server.base(), "root", "admin");
    browser = new Browser(dir, "en");
  }

  @AfterEach
  void stopBrowser() {
    browser.close();
  }

  private void organise() {
    browser.open(server.base().resolve("dashboard/event.html#token=" + root.token()));
    browser.visible("#passes");
    browser.until("document.getElementById('profile-name').value !== ''");
  }

  private JsonObject pass() {
    Client.Reply reply = root.post("/api/v1/passes", "{\"name\":\"Entrance\"}");
    assertEquals(201, reply.status());
    return reply.data();
  }

  private void join(JsonObject pass, String name) {
    browser.open(URI.create(pass.getString("url")));
    browser.visible("#name").sendKeys(name);
    browser.click("#join button");
    browser.visible("#upload");
  }

  @Test
  void anAttendeeScansAPassAndIsIn() throws IOException {
    JsonObject pass = pass();
    browser.size(390, 844);
    join(pass, "Ada");
    assertEquals("Ada", browser.element("#sign-out").getAttribute("title"));
    assertFalse(browser.element("#open-event").isDisplayed());
    browser.open(URI.create(pass.getString("url")).resolve("join"));
    browser.until("document.getElementById('signed-in').textContent.includes('Ada')");
  }

  @Test
  void thePagesFitEveryScreenAndAreAccessible() throws IOException {
    JsonObject pass = pass();
    browser.open(URI.create(pass.getString("url")));
    browser.visible("#join");
    browser.assertFitsAndIsAccessible("join");
    organise();
    assertEquals("Event", browser.element("h1").getText());
    browser.visible(".pass img");
    browser.assertFitsAndIsAccessible("event");
  }

  @Test
  void aPassThatIsNotValidIsRefusedInWords() {
    browser.open(server.base().resolve("join#pass=0123456789abcdefghij-_"));
    browser.click("#join button");
    browser.until("document.getElementById('message').textContent.includes('no longer valid')");
    browser.open(server.base().resolve("join"));
    browser.until("document.getElementById('message').textContent.includes('QR code')");
    assertFalse(browser.element("#join").isDisplayed());
  }

  @Test
  void anAddressIsRefusedAsANameInWords() {
    browser.open(URI.create(pass().getString("url")));
    browser.visible("#name").sendKeys("ada@example.org");
    browser.click("#join button");
    browser.until("document.getElementById('message').textContent.includes('another name')");
  }

  @Test
  void anOrganiserSetsALogoAndAFrameAndRevealsThePicturesLater(@TempDir Path dir)
      throws IOException {
    organise();
    BufferedImage image = new BufferedImage(120, 80, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0xFFFF0000);
    Path file = Files.write(dir.resolve("art.png"), TestImages.encode(image, "png"));
    for (String kind : List.of("logo", "frame")) {
      browser.element("#" + kind + "-file").sendKeys(file.toString());
      browser.until("document.getElementById('" + kind + "-image').naturalWidth === 120");
      assertTrue(root.get("/api/v1/event").data().getString(kind + "Url").endsWith(".png"));
    }
    browser.evaluate("document.getElementById('profile-reveal').value = 'false'");
    browser.click("#profile button");
    browser.until("document.getElementById('profile-message').textContent === 'Saved.'");
    assertFalse(root.get("/api/v1/event").data().getBoolean("reveal"));
    browser.evaluate("document.getElementById('profile-reveal').value = 'true'");
    browser.click("#profile button");
    Alert sure = browser.until(ExpectedConditions.alertIsPresent());
    assertTrue(sure.getText().contains("cannot be undone"), sure.getText());
    sure.dismiss();
    browser.until("document.getElementById('profile-message').textContent === ''");
    assertFalse(root.get("/api/v1/event").data().getBoolean("reveal"));
    browser.click("#profile button");
    browser.until(ExpectedConditions.alertIsPresent()).accept();
    browser.until("document.getElementById('profile-message').textContent === 'Saved.'");
    assertTrue(root.get("/api/v1/event").data().getBoolean("reveal"));
    browser.assertNothingWentWrong();
    browser.assertFitsAndIsAccessible("event-artwork");
    for (String kind : List.of("logo", "frame")) {
      browser.click("#" + kind + "-remove");
      browser.until("document.getElementById('" + kind + "-image').hidden");
      assertTrue(root.get("/api/v1/event").data().isNull(kind + "Url"));
    }
    Files.writeString(file, "no picture");
    browser.element("#logo-file").sendKeys(file.toString());
    browser.until("document.getElementById('artwork-message').textContent.includes('PNG')");
  }

  @Test
  void aSharedPictureHasAPageThatWorksWithoutScripts() throws IOException {
    Client guest = Client.of(server.base(), "sharer");
    String id = guest.transform(guest.photo(TestImages.jpeg(600, 400), "private"), "vintage");
    await().until(() -> root.get("/p/" + id).status() == 200);
    browser.open(server.base().resolve("p/" + id));
    browser.until("[...document.images].every((image) => image.naturalWidth > 0)");
    browser.assertFitsAndIsAccessible("share");
    browser.open(server.base().resolve("p/" + UUID.randomUUID()));
    browser.assertFitsAndIsAccessible("share-missing");
  }

  @Test
  void anOrganiserDescribesTheEventAndPutsAPassOnTheWall() throws IOException {
    organise();
    browser.evaluate("document.getElementById('profile-name').value = 'DevFest Lille'");
    browser.click("#profile button");
    browser.until("document.getElementById('profile-message').textContent === 'Saved.'");
    browser.element("#pass-name").sendKeys("Poster");
    browser.click("#new-pass button");
    browser.until("document.querySelector('.pass h3')?.textContent === 'Poster'");
    browser.click(".pass button");
    browser.until("document.querySelector('.pass button').disabled");
    assertTrue(root.get("/api/v1/event").data().getString("joinUrl").contains("/join#pass="));
    browser.assertNothingWentWrong();
    browser.open(server.base().resolve("dashboard?kiosk#token=" + root.token()));
    browser.visible("#invitation img");
    browser.until("document.querySelector('#invitation img').naturalWidth > 0");
    assertEquals("DevFest Lille", browser.visible("#event-name").getText());
    browser.size(1920, 1080);
    browser.screenshot("wall-with-invitation");
    browser.assertNothingWentWrong();
  }

  @Test
  void anAnnouncementIsShownOnAnOpenPageUntilItsTimeIsOver() throws IOException {
    browser.open(server.base().resolve("dashboard#token=" + root.token()));
    browser.until("document.getElementById('connection').dataset.state === 'live'");
    String body = "{\"text\":\"Lunch in hall B\",\"ttlSeconds\":4}";
    assertEquals(201, root.post("/api/v1/announcements", body).status());
    assertEquals("Lunch in hall B", browser.visible("#announcement").getText());
    browser.screenshot("announcement");
    browser.until("document.getElementById('announcement').hidden");
    browser.assertNothingWentWrong();
  }

  private void announceText(String text, int seconds) {
    String body = "{\"text\":\"%s\",\"ttlSeconds\":%d}".formatted(text, seconds);
    assertEquals(201, root.post("/api/v1/announcements", body).status());
  }

  private void awaitAnnouncement(String text) {
    browser.until("document.getElementById('announcement')?.textContent === '" + text + "'");
    assertTrue(browser.element("#announcement").isDisplayed());
  }

  @Test
  void eachPageShowsThePresentAnnouncementAndTheNextOne() throws IOException {
    announceText("Text 0", 300);
    List<String> pages =
        List.of("chat", "scores", "timer", "event", "moderation", "people", "statistics");
    for (int i = 0; i < pages.size(); i++) {
      browser.open(
          server.base().resolve("dashboard/" + pages.get(i) + ".html#token=" + root.token()));
      awaitAnnouncement("Text " + i);
      browser.until("document.getElementById('connection').dataset.state === 'live'");
      announceText("Text " + (i + 1), 300);
      awaitAnnouncement("Text " + (i + 1));
      browser.screenshot("announcement-" + pages.get(i));
      browser.assertNothingWentWrong();
    }
    announceText("The end", 1);
    browser.until("document.getElementById('announcement').hidden");
  }

  private void describe(String json) {
    Client.Reply reply =
        root.send(
            root.request("/api/v1/event")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json)));
    assertEquals(200, reply.status());
  }

  private String field(String id) {
    return String.valueOf(browser.evaluate("document.getElementById('" + id + "').value"));
  }

  @Test
  void theFormFollowsChangesOfColleaguesAndKeepsWhatTheUserHasTyped() {
    describe("{\"name\":\"One\",\"tagline\":\"a\",\"moderation\":\"before\",\"reveal\":false}");
    organise();
    browser.until("document.getElementById('connection').dataset.state === 'live'");
    assertEquals("One", field("profile-name"));
    browser.evaluate("document.getElementById('profile-tagline').value = 'Mine'");
    describe(
        "{\"name\":\"Two\",\"tagline\":\"b\",\"accent\":\"#123456\",\"moderation\":\"after\",\"reveal\":true}");
    browser.until("document.getElementById('profile-name').value === 'Two'");
    assertEquals("Mine", field("profile-tagline"));
    assertEquals("after", field("profile-moderation"));
    assertEquals("true", field("profile-reveal"));
    browser.until("document.documentElement.style.getPropertyValue('--event') === '#123456'");
    browser.click("#profile button");
    browser.until("document.getElementById('profile-message').textContent === 'Saved.'");
    JsonObject event = root.get("/api/v1/event").data();
    assertEquals("Two", event.getString("name"));
    assertEquals("Mine", event.getString("tagline"));
    assertTrue(event.getBoolean("reveal"));
    browser.assertNothingWentWrong();
  }

  @Test
  void aPageThatHasMissedAChangeDoesNotTakeItBack() {
    pass();
    describe("{\"name\":\"One\",\"moderation\":\"after\",\"reveal\":true}");
    browser.before(
        """
        const original = fetch;
        globalThis.fetch = (url, options) => /api.v1.(stream|events)\\b/.test(url)
          ? new Promise(() => {})
          : original(url, options);
        """);
    organise();
    browser.visible(".pass");
    describe("{\"name\":\"Two\",\"moderation\":\"before\",\"reveal\":false}");
    browser.click(".pass button");
    browser.until("document.querySelector('.pass button').disabled");
    JsonObject event = root.get("/api/v1/event").data();
    assertTrue(event.getString("joinUrl").contains("/join#pass="));
    assertEquals("Two", event.getString("name"));
    assertEquals("before", event.getString("moderation"));
    assertFalse(event.getBoolean("reveal"));
    describe("{\"name\":\"Three\",\"moderation\":\"after\",\"reveal\":true}");
    browser.evaluate("document.getElementById('profile-tagline').value = 'Mine'");
    browser.driver().executeScript("document.getElementById('profile').requestSubmit()");
    browser.until("document.getElementById('profile-name').value === 'Three'");
    event = root.get("/api/v1/event").data();
    assertEquals("Mine", event.getString("tagline"));
    assertEquals("after", event.getString("moderation"));
    assertTrue(event.getBoolean("reveal"));
  }

  private String publicPicture(Client ann) {
    String id = ann.transform(ann.photo(TestImages.jpeg(300, 200), "public"), "vintage");
    await()
        .until(
            () ->
                ann.get("/api/v1/transformations/" + id)
                    .data()
                    .getString("status")
                    .equals("completed"));
    return id;
  }

  private static Callable<Boolean> links(String picture, int status) {
    Client nobody = Client.anonymous(server.base());
    return () -> nobody.get("/uploads/transformations/" + picture + ".jpg").status() == status;
  }

  @Test
  void anOrganiserDecidesAboutReportedPicturesByKeyboard() throws IOException {
    String picture = publicPicture(Client.of(server.base(), "ann"));
    Client bob = Client.of(server.base(), "bob");
    String body = "{\"reason\":\"That is me\"}";
    String path = "/api/v1/transformations/" + picture + "/report";
    assertEquals(204, bob.post(path, body).status());
    browser.open(server.base().resolve("dashboard/moderation.html#token=" + root.token()));
    browser.until("document.querySelector('#cases img')?.naturalWidth > 0");
    assertTrue(browser.element("#cases li").getText().contains("That is me"));
    browser.assertNothingWentWrong();
    browser.element("body").sendKeys("h");
    browser.until("document.querySelectorAll('#cases li').length === 0");
    await().until(links(picture, 404));
    browser.element("body").sendKeys("u");
    await().until(links(picture, 200));
    assertEquals(204, Client.of(server.base(), "carl").post(path, body).status());
    browser.visible("#cases li");
    browser.assertFitsAndIsAccessible("moderation");
  }

  private String reportedPicture(String owner) {
    String picture = publicPicture(Client.of(server.base(), owner));
    String path = "/api/v1/transformations/" + picture + "/report";
    assertEquals(204, Client.of(server.base(), "bob").post(path, "{}").status());
    return picture;
  }

  private void emptyQueue() {
    for (JsonObject each :
        root.get("/api/v1/moderation").data().getJsonArray("items").getValuesAs(JsonObject.class)) {
      assertEquals(200, root.post(hiding(each.getString("transformationId")), "{}").status());
    }
  }

  private void awaitSelected(String picture) {
    browser.until(
        "document.querySelector('#cases li[aria-current]')?.dataset.id === '" + picture + "'");
  }

  @Test
  void theKeysActOnTheSelectedPictureWhateverAColleagueDecides() throws Exception {
    emptyQueue();
    String first = reportedPicture("carl");
    String second = reportedPicture("dora");
    String third = reportedPicture("emil");
    browser.open(server.base().resolve("dashboard/moderation.html#token=" + root.token()));
    awaitSelected(first);
    browser.element("body").sendKeys(Keys.ARROW_DOWN);
    awaitSelected(second);
    assertEquals(200, root.post(hiding(first), "{}").status());
    browser.until("document.querySelectorAll('#cases li').length === 2");
    awaitSelected(second);
    assertEquals(200, root.post(hiding(second), "{}").status());
    browser.until("document.querySelectorAll('#cases li').length === 1");
    browser.until("document.getElementById('message').textContent.includes('no longer')");
    browser.element("body").sendKeys("h");
    awaitSelected(third);
    browser.screenshot("moderation-selected");
    assertTrue(links(third, 200).call());
    browser.element("body").sendKeys("h");
    browser.until("document.querySelectorAll('#cases li').length === 0");
    assertTrue(links(third, 404).call());
    browser.assertNothingWentWrong();
  }

  private static String hiding(String picture) {
    return "/api/v1/transformations/" + picture + "/hide";
  }

  @Test
  void theWallOfAnOrganiserNamesNoAddressOfOthers() {
    String picture = publicPicture(Client.of(server.base(), "gina@example.org"));
    browser.open(server.base().resolve("dashboard#token=" + root.token()));
    browser.element(".picture[data-status='completed'] img[src*='" + picture + "']");
    assertEquals(
        false,
        browser.evaluate(
            "[...document.querySelectorAll('#wall li')].some((card) => (card.textContent + card.querySelector('img').alt).includes('@'))"));
  }

  @Test
  void aPictureThatIsHiddenInTheViewerLeavesTheWall() {
    String picture = publicPicture(Client.of(server.base(), "ann"));
    browser.open(server.base().resolve("dashboard#token=" + root.token()));
    browser.until("document.querySelectorAll('.picture[data-status=completed] img').length > 0");
    browser.click(".picture[data-status='completed'] .frame");
    browser.click("#viewer-hide");
    await().until(links(picture, 404));
    browser.until("document.getElementById('viewer-message').textContent.includes('hidden')");
  }

  @Test
  void anOrganiserDeletesAPictureInTheViewerAndItLeavesEveryWall() throws IOException {
    String picture = publicPicture(Client.of(server.base(), "ann"));
    String photo = root.get("/api/v1/transformations/" + picture).data().getString("photoId");
    String card = ".picture[data-status='completed'] img[src*='" + picture + "']";
    try (Browser wall = new Browser(dir, "en")) {
      wall.open(server.base().resolve("dashboard?kiosk#token=" + root.token()));
      wall.element(card);
      browser.size(390, 844);
      browser.open(server.base().resolve("dashboard#token=" + root.token()));
      browser.element(card);
      browser.evaluate("document.querySelector(\"" + card + "\").closest('button').click()");
      browser.visible("#viewer-delete");
      browser.screenshot("viewer-delete-390");
      browser.click("#viewer-delete");
      Alert sure = browser.until(ExpectedConditions.alertIsPresent());
      assertEquals("Delete the photo and all pictures made from it?", sure.getText());
      sure.accept();
      browser.until("!document.getElementById('viewer').open");
      for (Browser each : new Browser[] {browser, wall}) {
        each.until("!document.querySelector(\"" + card + "\")");
      }
    }
    assertEquals(404, root.get("/api/v1/photos/" + photo).status());
    await().until(links(picture, 404));
  }

  @Test
  void aUserDeletesOnlyOwnPicturesInTheViewerAndDownloadsThem() throws IOException {
    Client ann = Client.of(server.base(), "ann@example.org");
    Client bob = Client.of(server.base(), "bob@example.org");
    String own = publicPicture(ann);
    String foreign = publicPicture(bob);
    browser.open(server.base().resolve("dashboard#token=" + ann.token()));
    for (String picture : new String[] {own, foreign}) {
      String card = ".picture[data-status='completed'] img[src*='" + picture + "']";
      browser.element(card);
      browser.evaluate("document.querySelector(\"" + card + "\").closest('button').click()");
      browser.visible("#viewer-share");
      assertEquals(picture.equals(own), browser.element("#viewer-delete").isDisplayed());
      browser.click("#viewer form button");
    }
    browser.click("#open-gallery");
    browser.visible("#own li");
    browser.evaluate(
        "HTMLAnchorElement.prototype.click = function () { globalThis.saved = this.href; }");
    browser.click("#save-own");
    browser.until("globalThis.saved?.endsWith('/api/v1/photos.zip')");
    browser.size(390, 844);
    browser.screenshot("gallery-390");
  }

  private String guest(String name) {
    String pass = pass().getString("url").replaceFirst(".*=", "");
    String body = "{\"pass\":\"%s\",\"name\":\"%s\"}".formatted(pass, name);
    return Client.anonymous(server.base())
        .post("/api/v1/passes/redeem", body)
        .data()
        .getString("token");
  }

  @Test
  void anOrganiserSeesWhoIsHereAndErasesAPerson() throws Exception {
    String token = guest("Grace Hopper");
    Client grace = Client.anonymous(server.base()).withToken(token);
    String photo = grace.photo(TestImages.jpeg(60, 40), "public");
    browser.open(server.base().resolve("dashboard/people.html#token=" + root.token()));
    assertEquals("Who is here", browser.element("h1").getText());
    String page =
        "[...document.querySelectorAll('#stream-list li')].find((li) => li.textContent.includes('Grace'))";
    String user = page.replace("stream", "user");
    try (SseReader stream = grace.stream("")) {
      stream.next("connected");
      browser.until(page);
      browser.until(user);
      browser.assertNothingWentWrong();
      browser.assertFitsAndIsAccessible("people");
      browser.evaluate(page + ".querySelector('button').click()");
      assertTrue(stream.next("stream.closed").data().contains("revoked"));
      browser.until("!" + page);
      browser.until("document.getElementById('message').textContent.includes('Grace')");
    }
    browser.visible("#search").sendKeys("HOPPER");
    browser.until("document.querySelectorAll('#user-list li').length === 1");
    assertTrue(browser.element("#user-list li").getText().contains("1 photo, 0 pictures"));
    browser.click("#user-list .danger");
    browser.visible("#erase-name").sendKeys("Grace");
    assertFalse(browser.element("#erase-confirm").isEnabled());
    browser.size(390, 844);
    browser.screenshot("people-erase-390");
    browser.element("#erase-name").sendKeys(" Hopper");
    browser.assertNoViolations();
    browser.click("#erase-confirm");
    browser.until("document.getElementById('message').textContent === 'Grace Hopper is erased.'");
    assertTrue(browser.element("#no-users").isDisplayed());
    assertEquals(404, root.get("/api/v1/photos/" + photo).status());
    assertEquals(401, grace.get("/api/v1/me").status());
  }

  @Test
  void anOrganiserSignsAUserOutOnAllDevices() throws Exception {
    Client cleo = Client.of(server.base(), "cleo");
    assertEquals(200, cleo.get("/api/v1/me").status());
    try (Browser french = new Browser(dir, "fr")) {
      french.open(server.base().resolve("dashboard/people.html#token=" + root.token()));
      assertEquals("Participants", french.element("h1").getText());
      french.visible("#search").sendKeys("cleo");
      french.until("document.querySelectorAll('#user-list li').length === 1");
      french.screenshot("people-french");
      french.click("#user-list button");
      french.until(ExpectedConditions.alertIsPresent()).accept();
      french.until("document.getElementById('message').textContent.includes('cleo')");
    }
    assertEquals(401, cleo.get("/api/v1/me").status());
  }

  @Test
  void aUserSeesNeitherPeopleNorStatistics() {
    Client bob = Client.of(server.base(), "bob");
    for (String page : new String[] {"people", "statistics"}) {
      browser.open(server.base().resolve("dashboard/" + page + ".html#token=" + bob.token()));
      browser.visible("#not-allowed");
      assertEquals(0, browser.elements(".card:not([hidden])").size());
    }
  }

  @Test
  void anOrganiserSeesTheStatisticsOfTheDayAndDownloadsThem() throws IOException {
    String ignored = publicPicture(Client.of(server.base(), "dora"));
    browser.open(server.base().resolve("dashboard/statistics.html#token=" + root.token()));
    browser.until("Number(document.getElementById('day-pictures').textContent) > 0");
    browser.until("document.querySelector('#style-list li').textContent.includes('Vintage')");
    browser.click("summary");
    assertEquals(24, browser.elements("#hour-rows tr").size());
    String drawn =
        "document.getElementById('hours').getContext('2d').getImageData(0, 0, 600, 200).data.some(Boolean)";
    browser.until(drawn);
    browser.assertNothingWentWrong();
    browser.assertFitsAndIsAccessible("statistics");
    browser.before(
        "HTMLAnchorElement.prototype.click = function () { globalThis.saved = this.href; };");
    browser.open(server.base().resolve("dashboard/statistics.html"));
    browser.until("document.getElementById('day').value");
    browser.click("#save-all");
    browser.until("globalThis.saved?.endsWith('/api/v1/event/pictures.zip')");
    browser.click("#save-table");
    browser.until("globalThis.saved?.includes('/api/v1/event/stats.csv?zone=')");
    browser.evaluate(
        "(() => { const day = document.getElementById('day'); day.value = '2026-01-01';"
            + " day.dispatchEvent(new Event('change')); })()");
    browser.until("document.getElementById('day-photos').textContent === '0'");
    assertEquals("No pictures on this day.", browser.visible("#no-styles").getText());
    try (Browser french = new Browser(dir, "fr")) {
      french.open(server.base().resolve("dashboard/statistics.html#token=" + root.token()));
      french.until("Number(document.getElementById('day-pictures').textContent) > 0");
      french.screenshot("statistics-french");
    }
  }

  @Test
  void deletingAPassEndsTheAccessOfItsGuests() throws IOException {
    JsonObject pass = pass();
    join(pass, "Ada");
    try (Browser other = new Browser(dir, "fr")) {
      other.open(server.base().resolve("dashboard/event.html#token=" + root.token()));
      String card = ".pass[data-id='" + pass.getString("passId") + "']";
      other.visible(card);
      other.screenshot("event-french");
      other.click(card + " .row button:last-child");
      Alert sure = other.until(ExpectedConditions.alertIsPresent());
      sure.accept();
      other.until("!document.querySelector(\"" + card + "\")");
    }
    browser.visible("#sign-in");
  }
}
