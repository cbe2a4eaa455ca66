package devfest.studio;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.openqa.selenium.bidi.BiDi;
import org.openqa.selenium.bidi.Command;
import org.openqa.selenium.bidi.Connection;
import org.openqa.selenium.remote.http.ClientConfig;
import org.openqa.selenium.remote.http.HttpClient;

/**
 * A headless Firefox of its own with one tab. Selenium drives it over WebDriver BiDi, which Firefox
 * serves itself: Debian has no geckodriver.
 */
final class Firefox implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern LISTENS = Pattern.compile("WebDriver BiDi listening on (ws://\\S+)");

  private final Process process;
  private final HttpClient http;
  private final Connection connection;
  private final BiDi session;
  private final String tab;

  Firefox(Path dir) throws IOException {
    Path profile = Files.createTempDirectory(dir, "firefox");
    Path log = profile.resolve("firefox.log");
    try {
      process =
          new ProcessBuilder(
                  "firefox-esr",
                  "--headless",
                  "--no-remote",
                  "--remote-debugging-port=0",
                  "--profile",
                  profile.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      throw new IOException("The tests in Firefox need the program firefox-esr", e);
    }
    String address =
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> address(Files.readString(log)), found -> !found.isEmpty());
    http =
        HttpClient.Factory.createDefault()
            .createClient(ClientConfig.defaultConfig().baseUri(URI.create(address)));
    connection = new Connection(http, address + "/session");
    session = new BiDi(connection, PATIENCE);
    send("session.new", Map.of("capabilities", Map.of()));
    Map<String, Object> tree = send("browsingContext.getTree", Map.of());
    tab = (String) ((Map<?, ?>) ((List<?>) tree.get("contexts")).get(0)).get("context");
  }

  private static String address(String log) {
    Matcher found = LISTENS.matcher(log);
    return found.find() ? found.group(1) : "";
  }

  void open(URI page) {
    send(
        "browsingContext.navigate",
        Map.of("context", tab, "url", page.toString(), "wait", "complete"));
  }

  void reload() {
    send("browsingContext.reload", Map.of("context", tab, "wait", "complete"));
  }

  /** Returns the value of an expression that is a text, a number, a boolean or null. */
  Object evaluate(String expression) {
    Map<?, ?> result = result(expression);
    return result.get("value");
  }

  /** Waits until the expression is true. */
  void until(String expression) {
    Awaitility.await(expression)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> Boolean.TRUE.equals(evaluate("Boolean(" + expression + ")")));
  }

  /** Chooses files in a field, as a user does. */
  void choose(String css, Path... files) {
    Object field = result("document.querySelector('" + css + "')").get("sharedId");
    send(
        "input.setFiles",
        Map.of(
            "context",
            tab,
            "element",
            Map.of("sharedId", field),
            "files",
            Stream.of(files).map(file -> file.toAbsolutePath().toString()).toList()));
  }

  private Map<?, ?> result(String expression) {
    Map<String, Object> reply =
        send(
            "script.evaluate",
            Map.of(
                "expression", expression, "target", Map.of("context", tab), "awaitPromise", true));
    if (!"success".equals(reply.get("type"))) {
      throw new AssertionError(expression + ": " + reply.get("exceptionDetails"));
    }
    return (Map<?, ?>) reply.get("result");
  }

  private Map<String, Object> send(String method, Map<String, Object> parameters) {
    return session.send(new Command<>(method, parameters, Map.class));
  }

  @Override
  public void close() {
    try {
      send("browser.close", Map.of());
    } finally {
      connection.close();
      http.close();
      process.destroy();
    }
  }
}
