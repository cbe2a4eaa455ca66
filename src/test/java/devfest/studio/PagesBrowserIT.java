package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.app.page.PageServlet;
import jakarta.servlet.annotation.WebServlet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/**
 * Each page of the studio, in both languages and both colour schemes, on a phone, a desk and a
 * large screen, and by the keyboard alone.
 */
class PagesBrowserIT {

  /**
   * A page.
   *
   * @param path from the studio's base
   * @param ready is true once the page shows all that it has to show
   */
  record Page(String name, String path, String ready) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final String LIVE = "document.querySelector('#connection[data-state=live]')";

  /** Records which controls have had the focus, and of which it could not be seen. */
  private static final String CONTROLS =
      """
      const name = (control) => control.outerHTML.slice(0, 200);
      const visited = new Set();
      let last = null;
      let steps = 0;
      globalThis.faults = [];
      globalThis.visit = () => {
        const control = document.activeElement;
        if (control === last && steps++ < 10) return true; // to the next part of a date
        if (control === document.body || visited.has(control)) return false;
        last = control;
        steps = 0;
        visited.add(control);
        const { top, bottom } = control.getBoundingClientRect();
        const bar = document.querySelector(".bar");
        const edge = bar && !bar.contains(control) && !control.closest(".skip") ? bar.getBoundingClientRect().bottom : 0;
        if (bottom <= edge || top >= innerHeight) faults.push(`outside: ${name(control)}`);
        const isOutlined = [control, control.closest("label")].some((each) => {
          const { outlineStyle, outlineWidth } = each ? getComputedStyle(each) : {};
          return each && outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
        });
        if (!isOutlined) faults.push(`not outlined: ${name(control)}`);
        return true;
      };
      const controls = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
        .filter((control) => !control.disabled && control.tabIndex >= 0 && control.checkVisibility({ visibilityProperty: true }));
      const isReached = (control) =>
        visited.has(control) ||
        (control.type === "radio" && [...visited].some((other) => other.type === "radio" && other.name === control.name));
      globalThis.missed = () => controls.filter((control) => control.isConnected && !isReached(control)).map(name);
      """;

  /** Addresses of the servlet that redirect to a page. */
  private static final Set<String> REDIRECTS = Set.of("", "/dashboard/", "/dashboard/index.html");

  @TempDir static Path dir;
  private static Server server;
  private static String picture;
  private static String pass;
  private static final Map<String, Browser> BROWSERS = new TreeMap<>();

  @BeforeAll
  static void start() throws IOException {
    server =
        Server.start(
            dir, "studio.dev-mode=true", "studio.guests=on", "studio.stream.heartbeat=PT1S");
    Client root = Client.of(server.base(), "root", "admin");
    fill(root);
    for (String language : List.of("en", "fr")) {
      Browser browser = new Browser(dir, language);
      BROWSERS.put(language, browser);
      browser.open(server.base().resolve("dashboard#token=" + root.token()));
      browser.until(LIVE);
    }
  }

  @AfterAll
  static void stop() {
    BROWSERS.values().forEach(Browser::close);
    server.close();
  }

  private static void fill(Client root) {
    Client ada = Client.of(server.base(), "Ada Lovelace");
    String photo = ada.photo(TestImages.jpeg(600, 400), "public");
    for (String style : List.of("vintage", "neon", "poster")) {
      picture = ada.transform(photo, style);
    }
    Awaitility.await().until(() -> root.get("/p/" + picture).status() == 200);
    post(ada, "/api/v1/transformations/" + picture + "/report", "{\"reason\":\"unfit\"}");
    post(ada, "/api/v1/chat/messages", "{\"text\":\"Which way to the keynote?\"}");
    post(root, "/api/v1/chat/messages", "{\"text\":\"Up the stairs, then to the left.\"}");
    post(root, "/api/v1/games", "{\"home\":\"Red\",\"away\":\"Blue\"}");
    post(root, "/api/v1/timer/start", "{\"duration\":3600}");
    post(root, "/api/v1/users/root/mention", "{\"text\":\"hello\"}");
    pass =
        root.post("/api/v1/passes", "{\"name\":\"Entrance\"}")
            .data()
            .getString("url")
            .replaceFirst(".*#", "#");
  }

  private static void post(Client as, String path, String body) {
    int status = as.post(path, body).status();
    assertTrue(status / 100 == 2, () -> path + " returned " + status);
  }

  static List<Page> pages() {
    return List.of(
        new Page(
            "dashboard",
            "dashboard",
            LIVE + " && document.querySelectorAll('.picture').length > 2"),
        new Page("chat", "dashboard/chat.html", LIVE + " && document.querySelector('#said li')"),
        new Page("event", "dashboard/event.html", LIVE + " && document.querySelector('.pass img')"),
        new Page(
            "moderation",
            "dashboard/moderation.html",
            LIVE + " && document.querySelector('#cases li')"),
        new Page(
            "people",
            "dashboard/people.html",
            LIVE + " && document.querySelector('#user-list li')"),
        new Page(
            "scores", "dashboard/scores.html", LIVE + " && document.querySelector('#games li')"),
        new Page(
            "signed-in", "dashboard/signed-in.html", "document.querySelector('a').textContent"),
        new Page(
            "statistics",
            "dashboard/statistics.html",
            LIVE + " && document.querySelector('#style-list li')"),
        new Page(
            "timer",
            "dashboard/timer.html",
            LIVE + " && document.querySelector('#drive:not([hidden])')"),
        new Page("join", "join" + pass, "document.querySelector('#signed-in:not([hidden])')"),
        new Page("diagnose", "diagnose", "document.getElementById('again')?.disabled === false"),
        new Page("join-without-pass", "join", "document.querySelector('#message').textContent"),
        new Page(
            "shared",
            "p/" + picture,
            "[...document.images].every((image) => image.naturalWidth > 0)"),
        new Page("share-missing", "p/" + UUID.randomUUID(), "true"),
        // From 150 tags and calls on, Swagger UI shows only those in view.
        new Page("calls", "api/v1/docs", "document.querySelectorAll('.opblock').length > 50"),
        new Page(
            "events",
            "api/v1/docs/events",
            "document.querySelectorAll('#channels section').length > 10"));
  }

  private static Browser open(Page page, String language) {
    Browser browser = BROWSERS.get(language);
    browser.size(1280, 900);
    browser.scheme("light");
    browser.open(server.base().resolve("dashboard/icon.svg"));
    // The page to which the provider returns leads back to itself.
    String path = server.base().resolve(page.path()).toString();
    browser
        .driver()
        .executeScript(
            "sessionStorage.setItem('studio.sign-in', JSON.stringify({ page: arguments[0] }))",
            path);
    browser.open(URI.create(path));
    browser.until(page.ready());
    return browser;
  }

  @Test
  void thePagesOfTheServletAreAllHere() {
    Set<String> served =
        new HashSet<>(Set.of(PageServlet.class.getAnnotation(WebServlet.class).urlPatterns()));
    served.removeAll(REDIRECTS);
    Set<String> paths =
        pages().stream()
            .map(page -> "/" + page.path().replaceFirst("#.*", ""))
            .collect(Collectors.toSet());
    served.removeAll(paths);
    assertEquals(Set.of(), served);
  }

  static Stream<Arguments> pagesInBothLanguages() {
    return pages().stream()
        .flatMap(page -> BROWSERS.keySet().stream().map(language -> Arguments.of(page, language)));
  }

  @ParameterizedTest
  @MethodSource("pagesInBothLanguages")
  void aPageFitsEveryScreenAndIsAccessible(Page page, String language) throws IOException {
    Browser browser = open(page, language);
    browser.assertFitsAndIsAccessible("page-" + page.name() + "-" + language);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyControlOfAPageIsReachedByTabAndShowsItsFocus(Page page) {
    Browser browser = open(page, "en");
    browser.driver().executeScript(CONTROLS);
    do {
      new Actions(browser.driver()).sendKeys(Keys.TAB).perform();
    } while (Boolean.TRUE.equals(browser.evaluate("visit()")));
    assertEquals(List.of(), browser.evaluate("faults"), "focus that cannot be seen");
    assertEquals(List.of(), browser.evaluate("missed()"), "controls that Tab does not reach");
  }

  @Test
  void frenchTextsAreSetAsPrintersDo() {
    Browser browser = open(pages().get(0), "fr");
    Object broken =
        browser
            .driver()
            .executeAsyncScript(
                """
                const done = arguments[arguments.length - 1];
                const texts = (part) => typeof part === "object" ? Object.values(part).flatMap(texts) : [part];
                import("./dashboard/words.js").then(({ words }) => {
                  const all = [...texts(words), words.sent("a"), words.eraseType("a"), words.unreadNotices(2)];
                  done(all.filter((text) => typeof text === "string" && / [;:!?»]|« /.test(text)));
                });
                """);
    assertEquals(List.of(), broken);
  }

  /**
   * Browsers keep a page that the user leaves. With its connections, six of them would block the
   * next one, because they open only that many to a server.
   */
  @Test
  void aPageThatTheUserLeavesReleasesItsConnectionAndResumesWhenItIsShownAgain()
      throws IOException {
    Client visitor = Client.of(server.base(), "visitor");
    try (Browser browser = new Browser(dir, "en")) {
      browser.open(visitor.uri("/dashboard#token=" + visitor.token()));
      browser.until(LIVE);
      for (int i = 0; i < 4; i++) {
        for (String page : List.of("chat", "scores")) {
          browser.open(visitor.uri("/dashboard/" + page + ".html"));
          browser.until(LIVE);
        }
      }
      Awaitility.await().until(() -> streams(visitor.user()), count -> count == 1);
      browser.driver().executeScript("globalThis.isKept = true");
      browser.open(visitor.uri("/join"));
      Awaitility.await().until(() -> streams(visitor.user()), count -> count == 0);
      browser.driver().navigate().back();
      browser.until("globalThis.isKept && " + LIVE);
      assertEquals(1, streams(visitor.user()));
    }
  }

  private static long streams(String user) {
    return Client.of(server.base(), "root", "admin").get("/api/v1/streams").items().stream()
        .filter(stream -> stream.asJsonObject().getString("user", "").equals(user))
        .count();
  }

  /** Each button that opens a dialog, with what is needed before it can be used. */
  static Stream<Arguments> dialogs() {
    return Stream.of(
        Arguments.of("dashboard", "#open-gallery", "gallery"),
        Arguments.of("dashboard", "#open-camera", "camera"),
        Arguments.of("dashboard", ".picture button.frame", "viewer"),
        Arguments.of("dashboard", "#new-post", "post"),
        Arguments.of("people", "#user-list .danger", "erase"));
  }

  @ParameterizedTest
  @MethodSource("dialogs")
  void aDialogOpensByEnterAndReturnsTheFocusOnEscape(String name, String button, String dialog) {
    Page page = pages().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    Browser browser = open(page, "en");
    if (button.equals("#new-post")) {
      browser.element("#open-organiser").sendKeys(Keys.ENTER);
    }
    browser.visible(button).sendKeys(Keys.ENTER);
    String open = "document.getElementById('" + dialog + "')";
    browser.until(open + ".open && " + open + ".contains(document.activeElement)");
    new Actions(browser.driver()).sendKeys(Keys.ESCAPE).perform();
    browser.until("!" + open + ".open && document.activeElement.matches('" + button + "')");
  }
}
