package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.ExpectedCondition;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium of its own. Screenshots go to {@code target/screens}. */
final class Browser implements AutoCloseable {

  private static final Path SCREENS = Path.of("target", "screens");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String AXE = "/axe.min.js";

  /** Details that help to find out why something did not happen. */
  private static final String ABOUT =
      "JSON.stringify([globalThis.states?.slice(-12), globalThis.ids,"
          + " document.getElementById('connection')?.textContent,"
          + " [...document.querySelectorAll('#filters > *')].map((i) => i.value),"
          + " [...document.querySelectorAll('.picture:not([hidden]) img')].map((i) => i.alt),"
          + " [...document.querySelectorAll('#uploads li')].map((i) => i.textContent)])";

  private final ChromeDriver driver;

  /**
   * @param language of the user, such as {@code fr}
   */
  Browser(Path dir, String language) throws IOException {
    ChromeOptions options = new ChromeOptions();
    options.addArguments(
        "--headless",
        "--window-size=1280,900",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        "--lang=" + language,
        "--accept-lang=" + language,
        "--user-data-dir=" + Files.createTempDirectory(dir, "profile"));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    driver = new ChromeDriver(options);
    driver.manage().timeouts().scriptTimeout(PATIENCE.multipliedBy(2));
  }

  ChromeDriver driver() {
    return driver;
  }

  void open(URI page) {
    driver.get(page.toString());
  }

  WebElement element(String css) {
    return until(ExpectedConditions.presenceOfElementLocated(By.cssSelector(css)));
  }

  List<WebElement> elements(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  WebElement visible(String css) {
    return until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(css)));
  }

  /** Clicks once, on what the page has at last: it may replace an element before the click. */
  void click(String css) {
    ExpectedCondition<WebElement> clickable =
        ExpectedConditions.elementToBeClickable(By.cssSelector(css));
    until(
        (ExpectedCondition<Boolean>)
            page -> {
              WebElement element = clickable.apply(page);
              if (element == null) {
                return false;
              }
              element.click();
              return true;
            });
  }

  /**
   * Waits until the condition has a value. Goes on after an error, because the page may replace an
   * element, or itself, between two commands of the condition; the last error is reported.
   */
  <T> T until(ExpectedCondition<T> condition) {
    return new WebDriverWait(driver, PATIENCE)
        .ignoring(WebDriverException.class)
        .withMessage(() -> "of the page: " + evaluate(ABOUT))
        .until(condition);
  }

  /** Waits until the expression is true. */
  void until(String expression) {
    until(
        (ExpectedCondition<Boolean>)
            ignored ->
                Boolean.TRUE.equals(driver.executeScript("return Boolean(" + expression + ")")));
  }

  Object evaluate(String expression) {
    return driver.executeScript("return " + expression);
  }

  void size(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  /** The colours that the user's system prefers: {@code light} or {@code dark}. */
  void scheme(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  void offline(boolean offline) {
    driver.executeCdpCommand("Network.enable", Map.of());
    driver.executeCdpCommand(
        "Network.emulateNetworkConditions",
        Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
  }

  /** Runs a script in each page before the scripts of the page. */
  void before(String script) {
    driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
  }

  void screenshot(String name) throws IOException {
    Files.createDirectories(SCREENS);
    Files.write(SCREENS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  /** Nothing in the console. */
  void assertNothingWentWrong() {
    List<String> errors =
        driver.manage().logs().get(LogType.BROWSER).getAll().stream()
            .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
            .map(Object::toString)
            .toList();
    assertEquals(List.of(), errors);
  }

  /**
   * Nothing sticks out at the side. Not compared with {@code innerWidth}, which on a phone grows
   * with what sticks out.
   */
  void assertFits() {
    Object outside =
        driver.executeScript(
            """
            const { scrollWidth, clientWidth } = document.documentElement;
            if (scrollWidth <= clientWidth) return [];
            const outside = [...document.querySelectorAll("body *")]
              .filter((element) => element.getBoundingClientRect().right > clientWidth)
              .map((element) => element.outerHTML.slice(0, 200));
            return [`${scrollWidth} instead of ${clientWidth} pixels`, ...outside];
            """);
    assertEquals(List.of(), outside, "the page is too wide");
  }

  /** Looks at the page on a phone and on a desk, by day and by night. */
  void assertFitsAndIsAccessible(String name) throws IOException {
    for (Map.Entry<Integer, Integer> size :
        List.of(Map.entry(390, 844), Map.entry(1280, 900), Map.entry(3840, 2160))) {
      size(size.getKey(), size.getValue());
      assertFits();
      screenshot(name + "-" + size.getKey());
    }
    size(1280, 900);
    for (String scheme : List.of("light", "dark")) {
      scheme(scheme);
      assertNoViolations();
      screenshot(name + "-" + scheme);
    }
  }

  /** No violations of WCAG 2.2 at level AA, nor of the best practices that axe knows. */
  void assertNoViolations() throws IOException {
    try (var in = getClass().getResourceAsStream(AXE)) {
      driver.executeScript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    Object violations =
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
            axe.run({ runOnly: tags, resultTypes: ["violations"] }).then(({ violations }) => done(violations
              .map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" "))));
            """);
    assertEquals(List.of(), violations);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
