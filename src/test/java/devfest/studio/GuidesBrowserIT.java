package devfest.studio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs of the guides that need a browser, Node.js, Python or Go, as they stand there. */
class GuidesBrowserIT {

  private static final Path PACKAGES = Path.of("node_modules").toAbsolutePath();

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
    server = Server.start(dir, "studio.dev-mode=true", "studio.cors.allowed-origins=" + siteAt(""));
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
