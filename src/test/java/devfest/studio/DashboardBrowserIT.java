package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a real Chromium before a real server. Screenshots go to {@code target/screens}. */
class DashboardBrowserIT {

  private static final Path SCREENS = Path.of("target", "screens");

  @TempDir static Path dir;
  private static Server server;

  private Client ann;
  private ChromeDriver browser;
  private WebDriverWait wait;

  @BeforeAll
  static void startServer() throws IOException {
    Files.createDirectories(SCREENS);
    server = Server.start(dir, "studio.dev-mode=true");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void startBrowser() throws IOException {
    ann = Client.of(server.base(), "ann");
    ChromeOptions options = new ChromeOptions();
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--lang=en",
        "--user-data-dir=" + Files.createTempDirectory(dir, "profile"));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    browser = new ChromeDriver(options);
    wait = new WebDriverWait(browser, Duration.ofSeconds(20));
  }

  @AfterEach
  void stopBrowser() {
    browser.quit();
  }

  private void open(int width, int height) {
    browser.manage().window().setSize(new Dimension(width, height));
    browser.get(ann.uri("/dashboard") + "#token=" + ann.token());
    wait.until(ExpectedConditions.attributeToBe(By.id("connection"), "data-state", "live"));
  }

  private void screenshot(String name) throws IOException {
    Files.write(SCREENS.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
  }

  private WebElement picture(String status) {
    return wait.until(
        ExpectedConditions.presenceOfElementLocated(
            By.cssSelector(".picture[data-status='" + status + "']")));
  }

  private void assertNothingWentWrong() {
    List<String> errors =
        browser.manage().logs().get(LogType.BROWSER).getAll().stream()
            .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
            .map(Object::toString)
            .toList();
    assertEquals(List.of(), errors);
  }

  @Test
  void aPhotoThatIsDroppedInAppearsOnTheWallInItsStyle() throws IOException {
    open(1280, 900);
    assertFalse(browser.getCurrentUrl().contains("token"), "the token leaves the address");
    Path photo = Files.write(dir.resolve("photo.jpg"), TestImages.jpeg(1600, 1200));
    browser.findElement(By.id("files")).sendKeys(photo.toString());
    WebElement vintage = browser.findElement(By.cssSelector("#styles input[value=vintage]"));
    browser.executeScript("arguments[0].click()", vintage);
    browser.findElement(By.id("send")).click();

    WebElement done = picture("completed");
    assertTrue(done.getText().contains("Vintage"), done.getText());
    assertTrue(done.getText().contains("NEW"), done.getText());
    WebElement image = done.findElement(By.tagName("img"));
    wait.until(
        driver ->
            Boolean.TRUE.equals(
                browser.executeScript(
                    "return arguments[0].complete && arguments[0].naturalWidth > 0", image)));
    wait.until(ExpectedConditions.textToBe(By.id("count-completed"), "1"));
    assertTrue(browser.findElement(By.id("ticker")).getText().contains("transformation.completed"));
    screenshot("1280");

    browser.navigate().refresh();
    picture("completed");
    assertEquals(1, browser.findElements(By.cssSelector(".picture")).size(), "and stays there");

    browser.manage().window().setSize(new Dimension(500, 900));
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", 390, "height", 844, "deviceScaleFactor", 1, "mobile", true));
    assertEquals(
        390L,
        browser.executeScript("return document.documentElement.scrollWidth"),
        "nothing sticks out on a phone");
    screenshot("390");
    assertNothingWentWrong();
  }

  @Test
  void theWallFollowsOthersAndGoesOnAfterTheServerWasAway() throws Exception {
    Path data = Files.createTempDirectory(dir, "away");
    try (Server first = Server.start(data, "studio.dev-mode=true")) {
      ann = Client.of(first.base(), "ann");
      open(1280, 900);
      first.kill();
      wait.until(ExpectedConditions.attributeToBe(By.id("connection"), "data-state", "waiting"));
      assertTrue(browser.findElement(By.id("connection")).getText().contains("next try in"));
      try (Server second = Server.startAt(first.base().getPort(), data, "studio.dev-mode=true")) {
        Client bob = Client.of(second.base(), "bob");
        bob.transform(bob.photo(TestImages.jpeg(640, 480), "public"), "modern");
        assertTrue(
            new WebDriverWait(browser, Duration.ofSeconds(60))
                .until(
                    ExpectedConditions.presenceOfElementLocated(
                        By.cssSelector(".picture[data-status=completed]")))
                .getText()
                .contains("bob"));
        assertEquals(1, browser.findElements(By.cssSelector(".picture")).size());
      }
    }
  }

  @Test
  void whoHasNoTokenIsAskedForOne() {
    browser.get(ann.uri("/dashboard").toString());
    WebElement dialog = wait.until(ExpectedConditions.visibilityOfElementLocated(By.id("sign-in")));
    dialog.findElement(By.id("token")).sendKeys(ann.token());
    dialog.findElement(By.cssSelector("button")).click();
    wait.until(ExpectedConditions.attributeToBe(By.id("connection"), "data-state", "live"));
  }

  @Test
  void aFileThatIsNoPhotoIsRefusedWithTheReason() throws IOException {
    open(1280, 900);
    Path file = Files.writeString(dir.resolve("no-photo.jpg"), "not a photo");
    browser.findElement(By.id("files")).sendKeys(file.toString());
    browser.findElement(By.id("send")).click();
    wait.until(
        driver ->
            driver.findElement(By.cssSelector("#upload-message.refusal")).getText().length() > 5);
  }
}
