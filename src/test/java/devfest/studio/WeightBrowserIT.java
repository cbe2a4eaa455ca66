package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page costs a phone at its first load: bytes, requests, and parts that move. */
class WeightBrowserIT {

  private static final int MOST_BYTES = 150_000;
  private static final double MOST_SHIFT = 0.05;

  /** Adds up the layout shifts, and multiplies the pictures of the wall. */
  private static final String WATCH =
      """
      globalThis.shift = 0;
      globalThis.shifted = [];
      new PerformanceObserver((list) => {
        for (const { value, sources, hadRecentInput } of list.getEntries()) {
          if (hadRecentInput) continue;
          shift += value;
          shifted.push(sources.map(({ node }) => node?.id || node?.className || node?.nodeName));
        }
      }).observe({ type: "layout-shift", buffered: true });
      const original = globalThis.fetch;
      globalThis.fetch = async (url, ...options) => {
        const response = await original(url, ...options);
        if (!String(url).includes("/transformations/recent")) return response;
        const body = await response.json();
        const at = (n) => new Date(Date.parse(body.data[0].timestamp) - n).toISOString();
        body.data = Array.from({ length: 200 }, (_, n) => (
          { ...body.data[0], transformationId: `copy-${n}`, timestamp: at(n) }));
        return Response.json(body);
      };
      """;

  /** Files of the page besides those of its version, its manifest and the icons that it names. */
  private static final String ELSEWHERE =
      """
      performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname).filter(
        (path) => !/^\\/(v\\/[0-9a-f]{12}|api|uploads)\\//.test(path) && !/\\.webmanifest$|\\/icon-[a-z0-9-]+\\.png$/.test(path))
      """;

  private static final String BYTES =
      """
      [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
        .filter(({ name }) => !/\\/uploads\\/|\\/preview/.test(name))
        .reduce((sum, { transferSize }) => sum + transferSize, 0)
      """;

  @TempDir static Path dir;
  private static Server server;

  private Browser browser;

  @BeforeAll
  static void startServer() throws Exception {
    server = Server.start(dir, "studio.dev-mode=true", "studio.anonymous-access=public");
    Client ann = Client.of(server.base(), "ann");
    String photo = ann.upload(TestImages.jpeg(600, 400), "public").data().getString("photoId");
    try (SseReader stream = ann.stream("?types=transformation.completed")) {
      stream.next("connected");
      ann.transform(photo, "vintage");
      stream.next("transformation.completed");
    }
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

  private void open(String page, String... groups) {
    Client user = Client.of(server.base(), "user-" + UUID.randomUUID(), groups);
    browser.open(user.uri(page + (groups.length == 0 ? "" : "#token=" + user.token())));
    browser.element("#connection[data-state='live']");
  }

  private void untilLoaded() {
    browser.until("document.querySelectorAll('#wall li').length === 200");
    browser.until("document.getElementById('count-photos').textContent !== '–'");
    browser.until("document.querySelector('#ticker li')");
    browser.until("document.querySelector('#wall img')?.complete");
  }

  private void assertIsLight() {
    long bytes = ((Number) browser.evaluate(BYTES)).longValue();
    assertTrue(bytes > 10_000 && bytes <= MOST_BYTES, () -> bytes + " bytes");
    assertEquals(List.of(), browser.evaluate(ELSEWHERE));
    double shift = ((Number) browser.evaluate("shift")).doubleValue();
    assertTrue(
        shift < MOST_SHIFT, () -> shift + " by " + browser.evaluate("JSON.stringify(shifted)"));
  }

  @Test
  void theDashboardIsLightAndStaysInPlaceForAVisitor() {
    open("/dashboard");
    untilLoaded();
    assertIsLight();
  }

  @Test
  void theDashboardIsLightAndStaysInPlaceForAUser() {
    open("/dashboard", "user");
    browser.visible("#upload");
    untilLoaded();
    assertIsLight();
  }

  @Test
  void theDashboardIsLightAndStaysInPlaceForAnOrganiser() {
    open("/dashboard", "admin");
    browser.visible("#upload");
    untilLoaded();
    browser.until("!document.getElementById('open-organiser').hidden");
    assertIsLight();
    browser.assertNothingWentWrong();
  }

  @Test
  void theLibraryOfTheChartIsLoadedWhenTheChartIsNear() {
    open("/dashboard");
    untilLoaded();
    assertEquals(false, browser.evaluate("'Chart' in globalThis"));
    browser.evaluate("document.getElementById('chart').scrollIntoView()");
    browser.until("globalThis.Chart?.getChart('chart')?.data.labels.length > 0");
    assertEquals(List.of(), browser.evaluate(ELSEWHERE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat", "event", "moderation", "people", "scores", "statistics", "timer"})
  void theOtherPagesLoadTheirVersionOnly(String page) {
    open("/dashboard/" + page + ".html", "admin");
    assertEquals(List.of(), browser.evaluate(ELSEWHERE));
    browser.assertNothingWentWrong();
  }
}
