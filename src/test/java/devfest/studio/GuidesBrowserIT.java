package devfest.studio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.WindowType;

/** The programs of the guides that need a browser, Node.js, Python or Go, as they stand there. */
class GuidesBrowserIT {

  private static final Path PACKAGES = Path.of("node_modules").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path dir;
  private static HttpServer site;
  private static Server server;

  private Client publisher;
  private Client admin;

  /** The site of an application of its own, whose origin the studio knows. */
  @BeforeAll
  static void startServers() throws IOException {
    site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    site.start();
    server =
        Server.start(
            dir,
            "studio.dev-mode=true",
            "studio.webhooks.allow-private=true",
            "studio.cors.allowed-origins=" + siteAt(""));
  }

  @AfterAll
  static void stopServers() {
    server.close();
    site.stop(0);
  }

  @BeforeEach
  void clients() {
    publisher = Client.of(server.base(), "pub", "publisher");
    admin = Client.of(server.base(), "root", "admin");
  }

  private static URI siteAt(String path) {
    return URI.create("http://127.0.0.1:" + site.getAddress().getPort() + path);
  }

  @ParameterizedTest
  @CsvSource({"python.md,python3,studio.py", "node.md,node,studio.mjs"})
  void aProgramReceivesEachEventOnceAndRenewsItsToken(String page, String tool, String file)
      throws IOException, InterruptedException {
    needs(tool);
    try (SlowLine line = new SlowLine(server.base(), 0);
        ExampleProcess example = new ExampleProcess(Example.write(page, line.base()), tool, file)) {
      example.run(line, publisher, admin);
    }
  }

  @Test
  void aReceiverOfWebhooksHandlesEachSignedEventOnce() throws Exception {
    needs("node");
    int port = Server.freePort();
    URI receiver = URI.create("http://127.0.0.1:" + port + "/");
    String wish = "{\"url\":\"%s\",\"types\":[\"talk.*\"]}".formatted(receiver);
    JsonObject webhook = admin.post("/api/v1/webhooks", wish).data();
    String secret = webhook.getString("secret");
    Path files = Example.write("webhooks.md", server.base());
    Files.writeString(files.resolve("secret.txt"), secret + "\n");
    List<String> expected = new ArrayList<>(List.of("live"));
    try (ExampleProcess example =
        new ExampleProcess(files, "node", "receiver.mjs", Integer.toString(port))) {
      example.start();
      await().until(() -> example.lines().equals(expected));
      talk(expected, "A");
      talk(expected, "B");
      await().until(() -> example.lines().equals(expected));

      String last = Files.readString(files.resolve("last.txt"));
      String body =
          "{\"events\":[{\"id\":\"%s\",\"event\":\"talk.x\",\"data\":{}}]}".formatted(last);
      long now = Instant.now().getEpochSecond();
      Webhook signer = new Webhook(secret);
      String test = "{\"events\":[{\"id\":\"t\",\"event\":\"webhook.test\",\"data\":{}}]}";
      assertEquals(204, send(receiver, now, signer.sign("1", now, test), test));
      expected.add("webhook.test ");
      String signature = signer.sign("1", now, body);
      assertEquals(204, send(receiver, now, signature, body), "it comes again");
      assertEquals(401, send(receiver, now, signature, body + " "));
      assertEquals(401, send(receiver, now, "v1,", body));
      assertEquals(401, send(receiver, now - 600, signer.sign("1", now - 600, body), body));
      assertEquals(401, send(receiver, now + 1, signature, body));

      example.stop();
      talk(expected, "C");
      expected.add(expected.size() - 1, "live");
      example.start();
      await().until(() -> example.lines().equals(expected));
    } finally {
      admin.delete("/api/v1/webhooks/" + webhook.getString("webhookId"));
    }
  }

  private void talk(List<String> expected, String room) {
    expected.add("talk.started " + room);
    String position = publisher.publish("talk.started", "{\"room\":\"" + room + "\"}", "public");
    assertFalse(position.isEmpty());
  }

  private static int send(URI to, long timestamp, String signature, String body)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(to)
                .header("webhook-id", "1")
                .header("webhook-timestamp", Long.toString(timestamp))
                .header("webhook-signature", signature)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void aGoProgramReceivesEachEventOnceAndRenewsItsToken() throws IOException, InterruptedException {
    try (SlowLine line = new SlowLine(server.base(), 0)) {
      Path files = Example.write("go.md", line.base());
      ExampleProcess.call(files, "go", "vet", "studio.go");
      ExampleProcess.call(files, "go", "build", "-o", "studio", "studio.go");
      try (ExampleProcess example = new ExampleProcess(files, files.resolve("studio").toString())) {
        example.run(line, publisher, admin);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"javascript.md", "websocket.md"})
  void aPageWithoutABundlerReceivesEachEventOnce(String guide) throws IOException {
    try (SlowLine line = new SlowLine(server.base(), 0)) {
      run(line, Example.write(guide, line.base()), "talks.html");
    }
  }

  @Test
  void aPageOverAWebSocketPausesInTheBackgroundAndResumesInANewTab() throws IOException {
    Path files = Example.write("websocket.md", server.base());
    var context = site.createContext("/", exchange -> answer(exchange, files));
    try (Browser browser = new Browser(dir, "en")) {
      browser.before(
          """
          globalThis.sockets = [];
          globalThis.WebSocket = class extends WebSocket {
            constructor(url) { super(url); sockets.push(this); }
          };
          globalThis.setHidden = (hidden) => {
            Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
            document.dispatchEvent(new Event("visibilitychange"));
          };
          """);
      ExamplePage page = new ExamplePage(browser, siteAt("/talks.html"));
      page.start();
      await().atMost(PATIENCE).until(page::live);
      browser.driver().executeScript("setHidden(true)");
      browser.until("sockets.length === 1 && sockets[0].readyState >= WebSocket.CLOSING");
      publisher.publish("talk.started", "{\"room\":\"hidden\"}", "public");
      browser.driver().executeScript("setHidden(false)");
      await().atMost(PATIENCE).until(() -> page.lines().equals(List.of("talk.started hidden")));
      String former = browser.driver().getWindowHandle();
      browser.driver().switchTo().newWindow(WindowType.TAB);
      String latter = browser.driver().getWindowHandle();
      browser.driver().switchTo().window(former).close();
      browser.driver().switchTo().window(latter);
      publisher.publish("talk.started", "{\"room\":\"closed\"}", "public");
      page.start();
      await()
          .atMost(PATIENCE)
          .until(() -> page.lines().equals(List.of("talk.started hidden", "talk.started closed")));
    } finally {
      site.removeContext(context);
    }
  }

  @ParameterizedTest
  @CsvSource({"react.md,main.jsx", "vue.md,main.js"})
  void aPageWithAFrameworkReceivesEachEventOnce(String page, String entry)
      throws IOException, InterruptedException {
    needs("node");
    try (SlowLine line = new SlowLine(server.base(), 0)) {
      Path files = Example.write(page, line.base());
      Path client = Files.createDirectory(files.resolve("node_modules")).resolve("devfest-studio");
      Files.createSymbolicLink(client, Path.of("src/main/webapp/client").toAbsolutePath());
      bundle(files, entry);
      run(line, files, "index.html");
    }
  }

  @Test
  void anAppOfReactNativeReceivesEachEventOnce() throws IOException, InterruptedException {
    needs("node");
    try (SlowLine line = new SlowLine(server.base(), 0)) {
      Path files = Example.write("react-native.md", line.base());
      Path hook = files.resolve("useStudio.js");
      String own = siteAt("").toString();
      Files.writeString(hook, Files.readString(hook).replace("http://localhost:3000", own));
      Files.writeString(
          files.resolve("main.jsx"),
          """
          import { createRoot } from "react-dom/client";
          import { Talks } from "./Talks.jsx";
          createRoot(document.getElementById("root")).render(<Talks />);
          """);
      bundle(files, "main.jsx");
      run(line, files, "index.html");
    }
  }

  /** Joins the modules of a page to one script, as a build of an application does. */
  private static void bundle(Path files, String entry) throws IOException, InterruptedException {
    String bundler = Path.of("src/test/javascript/bundle.js").toAbsolutePath().toString();
    ExampleProcess.call(files, "node", bundler, entry);
    Files.writeString(
        files.resolve("index.html"),
        "<!doctype html><meta charset=utf-8><title>Talks</title><div id=root></div>"
            + "<script type=module src=bundle.js></script>");
  }

  /** Fails, and does not skip, because the guides would otherwise be wrong unnoticed. */
  private static void needs(String tool) throws InterruptedException {
    try {
      ExampleProcess.call(dir, tool, "--version");
    } catch (IOException e) {
      throw new AssertionError("The guides need " + tool + " on the machine", e);
    }
    if (tool.equals("node")) {
      assertTrue(Files.exists(PACKAGES.resolve("esbuild")), "Run npm ci first");
    }
  }

  /** Runs a page of the site in a browser. */
  private void run(SlowLine line, Path files, String page) throws IOException {
    var context = site.createContext("/", exchange -> answer(exchange, files));
    try (Browser browser = new Browser(dir, "en")) {
      new ExamplePage(browser, siteAt("/" + page)).run(line, publisher, admin);
    } finally {
      site.removeContext(context);
    }
  }

  /** Sends a file, or a token for its user. */
  private static void answer(HttpExchange exchange, Path files) throws IOException {
    String path = exchange.getRequestURI().getPath().substring(1);
    byte[] body;
    if (path.equals("token")) {
      String token = Client.of(server.base(), "ann").token();
      body = ("{\"token\":\"" + token + "\"}").getBytes(UTF_8);
    } else if (Files.isRegularFile(files.resolve(path))) {
      body = Files.readAllBytes(files.resolve(path));
    } else {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    String type =
        path.endsWith(".html")
            ? "text/html"
            : path.endsWith(".js") ? "text/javascript" : "application/json";
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** An example that is a page; it stops when the browser goes elsewhere. */
  private static final class ExamplePage extends Example {

    private final Browser browser;
    private final URI page;
    private List<String> lines = List.of();

    ExamplePage(Browser browser, URI page) {
      this.browser = browser;
      this.page = page;
    }

    @Override
    void start() {
      browser.open(page);
    }

    @Override
    void stop() {
      lines();
      browser.open(siteAt("/nothing"));
    }

    @Override
    boolean live() {
      return String.valueOf(browser.evaluate("document.querySelector('#state')?.textContent"))
          .strip()
          .startsWith("live");
    }

    @Override
    List<String> lines() {
      Object shown =
          browser.evaluate(
              "document.querySelector('#talks') && [...document.querySelectorAll('#talks li')]"
                  + ".map((line) => line.textContent)");
      if (shown instanceof List<?> texts) {
        lines = texts.stream().map(String::valueOf).toList();
      }
      return lines;
    }
  }
}
