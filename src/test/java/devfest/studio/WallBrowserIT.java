package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wall screen of an event in a real Chromium. */
class WallBrowserIT {

  private static final String SHOWN = "document.querySelector('.stage .shown img:not(.backdrop)')";

  @TempDir static Path dir;
  private static Server server;

  private Client root;
  private Browser browser;

  @BeforeAll
  static void startServer() throws IOException {
    server =
        Server.start(
            dir,
            "studio.dev-mode=true",
            "studio.stream.heartbeat=PT1S",
            "studio.quota.transformations-per-day=0");
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

  private String picture(int width, int height, String style) {
    Client ann = Client.of(server.base(), "ann");
    String id = ann.transform(ann.photo(TestImages.jpeg(width, height), "public"), style);
    await()
        .until(
            () ->
                ann.get("/api/v1/transformations/" + id)
                    .data()
                    .getString("status")
                    .equals("completed"));
    return id;
  }

  private void event(String times) {
    String body =
        "{\"name\":\"DevFest Lille\",\"tagline\":\"Photos with style\",\"joinUrl\":\"https://studio.example.org/join\"%s}";
    Client.Reply reply =
        root.send(
            root.request("/api/v1/event")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body.formatted(times))));
    assertEquals(200, reply.status());
  }

  private void openWall() {
    browser.open(URI.create("about:blank")); // only another page is loaded as a whole
    browser.open(server.base().resolve("dashboard?kiosk#token=" + root.token()));
    browser.element("#connection[data-state='live']");
  }

  private void awaitScene(String scene) {
    browser.until("document.body.dataset.scene === '" + scene + "'");
  }

  private void awaitShown(String style) {
    browser.until(
        "((picture) => picture?.alt === '%s, ann' && picture.complete && picture.naturalWidth > 0"
                .formatted(style)
            + " && getComputedStyle(picture.closest('figure')).opacity === '1')("
            + SHOWN
            + ")");
  }

  private void assertReadable(String css) {
    Object share =
        browser.evaluate(
            "parseFloat(getComputedStyle(document.querySelector('%s')).fontSize) * .7 / innerHeight"
                .formatted(css));
    assertTrue(((Number) share).doubleValue() >= 1 / 60.0, css + ": " + share);
  }

  private void assertFits() {
    assertEquals(
        true,
        browser.evaluate(
            "document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight"));
    assertEquals(
        true,
        browser.evaluate(
            "(({ bottom, right }) => bottom <= innerHeight && right <= innerWidth)"
                + "(document.getElementById('invitation').getBoundingClientRect())"),
        "the invitation is whole");
  }

  @Test
  void theWallShowsWholePicturesAndReadableWordsOnEachScreen() throws IOException {
    event("");
    String landscape = picture(3300, 2200, "sketch");
    browser.scheme("light");
    browser.size(1920, 1080);
    openWall();
    awaitScene("live");
    awaitShown("Sketch");
    assertTrue(browser.evaluate(SHOWN + ".currentSrc").toString().contains("/medium/"));
    assertEquals("contain", browser.evaluate("getComputedStyle(" + SHOWN + ").objectFit"));
    assertEquals(
        "rgb(7, 7, 15)", browser.evaluate("getComputedStyle(document.body).backgroundColor"));
    assertReadable(".stage figcaption");
    assertReadable(".invitation .soft");
    assertFits();
    browser.screenshot("wall-1920");
    browser.assertNoViolations();

    String portrait = picture(1200, 1800, "comic");
    awaitShown("Comic");
    browser.screenshot("wall-1920-portrait-picture");
    browser.until("document.body.classList.contains('idle')");
    assertEquals(204, deletePhotoOf(portrait).status());
    browser.until(SHOWN + "?.alt !== 'Comic, ann'");
    awaitShown("Sketch");

    browser.size(3840, 2160);
    openWall();
    awaitShown("Sketch");
    String large = browser.evaluate(SHOWN + ".currentSrc").toString();
    assertTrue(large.endsWith("/transformations/" + landscape + ".jpg"), large);
    assertReadable(".stage figcaption");
    assertFits();
    browser.screenshot("wall-3840");

    browser.close();
    browser = new Browser(dir, "fr");
    browser.size(1080, 1920);
    openWall();
    awaitShown("Crayon");
    assertReadable(".stage figcaption");
    assertReadable(".invitation .soft");
    assertFits();
    browser.screenshot("wall-1080-french");
    event(",\"endsAt\":\"" + Instant.now().minusSeconds(60) + "\"");
    awaitScene("closing");
    browser.screenshot("wall-1080-closing-french");
    browser.assertNothingWentWrong();
    assertEquals(204, deletePhotoOf(landscape).status());
  }

  private Client.Reply deletePhotoOf(String picture) {
    String photo = root.get("/api/v1/transformations/" + picture).data().getString("photoId");
    return root.delete("/api/v1/photos/" + photo);
  }

  @Test
  void theWallInvitesBeforeTheEventAndIsQuietAfterIt() throws IOException {
    String picture = picture(900, 600, "noir");
    event(",\"startsAt\":\"" + Instant.now().plusSeconds(3600) + "\"");
    browser.size(1920, 1080);
    openWall();
    awaitScene("before");
    assertTrue(browser.visible("#poster-text").getText().startsWith("Starts "));
    browser.screenshot("wall-before");
    assertFalse(browser.element("#wall").isDisplayed());
    event("");
    awaitScene("live");
    browser.until(SHOWN + "?.alt === 'Noir, ann'");
    String announcement = "{\"text\":\"Lunch in hall B\",\"ttlSeconds\":3}";
    assertEquals(201, root.post("/api/v1/announcements", announcement).status());
    assertEquals("Lunch in hall B", browser.visible("#announcement").getText());
    assertReadable("#announcement");
    browser.screenshot("wall-announcement");
    browser.until("document.getElementById('announcement').hidden");

    event(",\"endsAt\":\"" + Instant.now().plusSeconds(3) + "\"");
    awaitScene("closing");
    assertEquals("Thank you!", browser.visible("#poster-title").getText());
    assertEquals(null, browser.evaluate(SHOWN));
    assertFalse(browser.element("#invitation").isDisplayed());
    browser.offline(true);
    browser.until("document.getElementById('connection').dataset.state !== 'live'");
    assertFalse(browser.element("#connection").isDisplayed());
    browser.screenshot("wall-closing");
    browser.offline(false);
    browser.element("#connection[data-state='live']");
    event(",\"endsAt\":\"" + Instant.now().plusSeconds(3600) + "\"");
    awaitScene("live");
    browser.until(SHOWN + "?.alt === 'Noir, ann'");
    assertEquals(200, root.post("/api/v1/transformations/" + picture + "/hide", "").status());
    browser.until(SHOWN + " === null");
    awaitScene("empty");
    assertEquals(204, deletePhotoOf(picture).status());
  }

  @Test
  void picturesThatAreNotRevealedAreReplacedByTheInvitation() {
    browser.open(server.base().resolve("join"));
    Object scenes =
        browser
            .driver()
            .executeAsyncScript(
                """
                const done = arguments[arguments.length - 1];
                import("/dashboard/kiosk.js").then(({ sceneOf }) => done([
                  sceneOf({ reveal: false }, 0, 5),
                  sceneOf({ reveal: true }, 0, 5),
                  sceneOf({}, 0, 5),
                  sceneOf({}, 0, 0),
                ].join()), (failure) => done(String(failure)));
                """);
    assertEquals("secret,live,live,empty", scenes);
  }

  /** Replaces the clock, timers and the loading of pictures, and starts a wall. */
  private static final String SIMULATION =
      """
      const done = arguments[arguments.length - 1];
      const timers = new Map();
      let time = Date.now();
      let last = 0;
      Date.now = () => time;
      const later = (run, millis, every) => {
        timers.set(++last, { at: time + (millis || 0), run, every });
        return last;
      };
      globalThis.setTimeout = (run, millis) => later(run, millis);
      globalThis.setInterval = (run, millis) => later(run, millis, millis);
      globalThis.clearTimeout = globalThis.clearInterval = (id) => timers.delete(id);
      globalThis.requestAnimationFrame = (run) => later(() => run(time), 16);
      const image = HTMLImageElement.prototype;
      const sources = new WeakMap();
      const source = {
        get() { return sources.get(this) ?? ""; },
        set(value) { sources.set(this, value); later(() => this.onload?.(), 20); },
      };
      Object.defineProperty(image, "src", source);
      Object.defineProperty(image, "currentSrc", { get: source.get });
      Object.defineProperty(image, "srcset", { get: () => "", set() {} });
      const step = () => {
        let id = 0;
        for (const [each, { at }] of timers) if (!id || at < timers.get(id).at) id = each;
        const timer = timers.get(id);
        time = Math.max(time, timer.at);
        if (timer.every) timer.at = time + timer.every;
        else timers.delete(id);
        timer.run();
      };
      const begin = async () => {
        const page = await (await fetch("/dashboard?kiosk")).text();
        const parts = new DOMParser().parseFromString(page, "text/html").body.children;
        document.body.replaceChildren(...parts);
        const { Kiosk } = await import("/dashboard/kiosk.js");
        const { Slideshow } = await import("/dashboard/slideshow.js");
        const { Wall } = await import("/dashboard/wall.js");
        const { Ticker } = await import("/dashboard/ticker.js");
        const find = (id) => document.getElementById(id);
        const kiosk = new Kiosk((id) => id, () => {});
        const wall = new Wall(find("wall"), find("wall-empty"), (id) => id, null, 24);
        const ticker = new Ticker((id) => id);
        const counts = new Map();
        const arrivals = new Map();
        const deleted = new Set();
        let shown = "";
        let slowest = 0;
        let ghosts = 0;
        const current = () => document.querySelector(".stage .shown img:not(.backdrop)")?.alt ?? "";
        const add = (id, arrives) => {
          const picture = { transformationId: id, photoId: "photo-" + id, styleId: id, status: "completed",
            resultUrl: "/uploads/transformations/" + id + ".jpg", timestamp: new Date(time).toISOString() };
          wall.show(picture, { arrives });
          kiosk.add(picture, arrives);
          if (arrives) {
            arrivals.set(id, time);
            ticker.show({ id, event: "transformation.completed", timestamp: picture.timestamp, data: picture });
          }
        };
        const OLD = 1000;
        for (let i = 0; i < OLD; i++) add("old" + i, false);
        let arrived = 0;
        const remove = (id) => {
          deleted.add(id);
          wall.removePhoto("photo-" + id);
          kiosk.removePhoto("photo-" + id);
          if (current() === id) ghosts++;
        };
        const tick = () => {
          step();
          const now = current();
          if (now === shown || !now) return;
          shown = now;
          counts.set(now, (counts.get(now) ?? 0) + 1);
          if (deleted.has(now)) ghosts++;
          if (arrivals.has(now)) {
            slowest = Math.max(slowest, time - arrivals.get(now));
            arrivals.delete(now);
          }
        };
        later(function arrive() {
          add("new" + arrived++, true);
          if (arrived % 6 === 0) remove("new" + (arrived - 4));
          if (arrived % 12 === 0) remove(shown);
        }, 20_000, 20_000);
        globalThis.hours = (hours) => {
          const end = time + hours * 3_600_000;
          while (time < end) tick();
        };
        globalThis.result = () => {
          const old = Array.from({ length: OLD }, (_, i) => "old" + i).filter((id) => !deleted.has(id))
            .map((id) => counts.get(id) ?? 0);
          const missed = [...arrivals.keys()].filter((id) => !deleted.has(id)).length;
          const many = new Slideshow(find("stage"), (id) => id);
          for (let i = 0; i < 6000; i++)
            many.add({ transformationId: "m" + i, at: new Date(time + i).toISOString() }, false);
          return { arrived, least: Math.min(...old), most: Math.max(...old), slowest, ghosts, missed,
            deleted: deleted.size, kept: many.size, oldest: many.ids[0] };
        };
      };
      begin().then(() => done(""), (failure) => done(String(failure)));
      """;

  @Test
  void twelveHoursTakeABoundedAmountOfMemoryAndShowEachPictureFairly() {
    browser.open(server.base().resolve("join"));
    assertEquals("", browser.driver().executeAsyncScript(SIMULATION));
    browser.driver().executeScript("hours(1)");
    Map<String, Double> before = metrics();
    for (int hour = 1; hour < 12; hour++) {
      browser.driver().executeScript("hours(1)");
    }
    Map<String, Double> after = metrics();
    assertTrue(after.get("Nodes") - before.get("Nodes") < 200, before + " " + after);
    assertTrue(
        after.get("JSEventListeners") - before.get("JSEventListeners") < 20, before + " " + after);
    // The addresses of 1,980 pictures take less than a megabyte.
    assertTrue(
        after.get("JSHeapUsedSize") - before.get("JSHeapUsedSize") < 3e6, before + " " + after);

    @SuppressWarnings("unchecked")
    Map<String, Object> result =
        (Map<String, Object>) browser.driver().executeScript("return result()");
    assertTrue(number(result, "arrived") >= 2_150, result::toString);
    assertTrue(number(result, "deleted") > 400, result::toString);
    assertEquals(0, number(result, "ghosts"), "deleted pictures are not shown");
    assertEquals(0, number(result, "missed"), "each new picture was shown");
    assertTrue(number(result, "slowest") < 1_500, result::toString);
    assertTrue(number(result, "least") >= 1, result::toString);
    assertTrue(number(result, "most") - number(result, "least") <= 1, result::toString);
    assertEquals(5_000, number(result, "kept"));
    assertEquals("m1000", result.get("oldest"));
  }

  private static long number(Map<String, Object> of, String name) {
    return ((Number) of.get(name)).longValue();
  }

  /** Of the page, after a garbage collection. */
  private Map<String, Double> metrics() {
    browser.driver().executeCdpCommand("HeapProfiler.enable", Map.of());
    browser.driver().executeCdpCommand("HeapProfiler.collectGarbage", Map.of());
    browser.driver().executeCdpCommand("Performance.enable", Map.of());
    Map<String, Double> found = new HashMap<>();
    Object all =
        browser.driver().executeCdpCommand("Performance.getMetrics", Map.of()).get("metrics");
    for (Object each : (List<?>) all) {
      Map<?, ?> metric = (Map<?, ?>) each;
      String name = String.valueOf(metric.get("name"));
      if (List.of("Nodes", "JSEventListeners", "JSHeapUsedSize").contains(name)) {
        found.put(name, ((Number) metric.get("value")).doubleValue());
      }
    }
    return found;
  }
}
