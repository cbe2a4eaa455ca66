package devfest.studio.app.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaticFilesIT extends SharedServerTest {

  private static final String OLD = "/v/0123456789ab/";

  private Client nobody() {
    return Client.anonymous(base());
  }

  /** Returns the directory that the dashboard names. */
  private String version() {
    String page = new String(nobody().get("/dashboard").bytes(), UTF_8);
    Matcher script = Pattern.compile("src=\"(v/[0-9a-f]{12}/)dashboard/app\\.js\"").matcher(page);
    assertTrue(script.find(), page);
    return "/" + script.group(1);
  }

  private Client.Reply get(String path, String... headers) {
    HttpRequest.Builder request = nobody().request(path);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return nobody().send(request);
  }

  private static String unzipped(Client.Reply reply) throws IOException {
    assertEquals("gzip", reply.header("Content-Encoding"));
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(reply.bytes()))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dashboard/app.js",
        "dashboard/style.css",
        "dashboard/icon.svg",
        "client/devfest-studio.js",
        "vendor/oauth4webapi-3.8.8/index.js",
        "webjars/chart.js/4.5.1/dist/chart.umd.js"
      })
  void browsersKeepTheFilesOfAVersion(String file) throws IOException {
    Client.Reply plain = get(version() + file);
    assertEquals(200, plain.status());
    assertEquals("public, max-age=31536000, immutable", plain.header("Cache-Control"));
    assertNull(plain.header("Content-Encoding"));
    assertEquals("nosniff", plain.header("X-Content-Type-Options"));
    assertTrue(plain.response().headers().allValues("Vary").contains("Accept-Encoding"));
    Client.Reply small = get(version() + file, "Accept-Encoding", "br, gzip");
    assertEquals(new String(plain.bytes(), UTF_8), unzipped(small));
    assertEquals(plain.header("Content-Type"), small.header("Content-Type"));
    assertNotEquals(plain.header("ETag"), small.header("ETag"));
    assertTrue(small.response().headers().allValues("Vary").contains("Accept-Encoding"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dashboard/app.js",
        "/client/devfest-studio.js",
        "/dashboard",
        "/diagnose",
        "/join",
        OLD + "dashboard/app.js"
      })
  void otherAddressesAreRevalidated(String path) throws IOException {
    for (String coding : List.of("identity", "gzip")) {
      Client.Reply first = get(path, "Accept-Encoding", coding);
      assertEquals(200, first.status());
      assertEquals("no-cache", first.header("Cache-Control"));
      String tag = first.header("ETag");
      for (String known : List.of(tag, "\"x\", W/" + tag, "*")) {
        Client.Reply again = get(path, "Accept-Encoding", coding, "If-None-Match", known);
        assertEquals(304, again.status(), known);
        assertEquals(tag, again.header("ETag"));
        assertEquals("no-cache", again.header("Cache-Control"));
        assertTrue(again.response().headers().allValues("Vary").contains("Accept-Encoding"));
        assertEquals(0, again.bytes().length);
      }
      String other = coding.equals("gzip") ? "identity" : "gzip";
      assertEquals(200, get(path, "Accept-Encoding", other, "If-None-Match", tag).status());
    }
  }

  @Test
  void aPictureIsSentAsItIs() {
    Client.Reply picture = get(version() + "dashboard/icon-192.png", "Accept-Encoding", "gzip");
    assertEquals("image/png", picture.header("Content-Type"));
    assertNull(picture.header("Content-Encoding"));
    assertFalse(picture.response().headers().allValues("Vary").contains("Accept-Encoding"));
  }

  @Test
  void headHasTheHeadersOfGet() {
    for (String path :
        List.of(version() + "dashboard/style.css", "/dashboard/style.css", "/join")) {
      for (String coding : List.of("identity", "gzip")) {
        Client.Reply get = get(path, "Accept-Encoding", coding);
        Client.Reply head =
            nobody()
                .send(
                    nobody()
                        .request(path)
                        .header("Accept-Encoding", coding)
                        .method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertEquals(200, head.status());
        assertEquals(0, head.bytes().length);
        for (String header :
            List.of("Content-Type", "Content-Length", "ETag", "Cache-Control", "Vary")) {
          assertEquals(
              get.response().headers().allValues(header),
              head.response().headers().allValues(header),
              path + " " + header);
        }
        assertEquals(String.valueOf(get.bytes().length), get.header("Content-Length"));
      }
    }
  }

  /** A page from before an upgrade, or from a node of another version, finds its files. */
  @Test
  void theAddressOfAnotherVersionHasTheFileOfThisOne() {
    assertEquals(
        new String(get(version() + "dashboard/app.js").bytes(), UTF_8),
        new String(get(OLD + "dashboard/app.js").bytes(), UTF_8));
  }

  @Test
  void theStableAddressesHaveSingleModules() {
    String module = new String(get("/client/devfest-studio.js").bytes(), UTF_8);
    assertTrue(module.contains("import { Connection } from \"./connection.js\""), module);
    assertTrue(module.contains("export function connect("), module);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../WEB-INF/web.xml",
        "../WEB-INF/web.xml",
        "WEB-INF/web.xml",
        "%2e%2e/%2e%2e/WEB-INF/web.xml",
        "..%2f..%2fWEB-INF/web.xml",
        "%252e%252e/WEB-INF/web.xml",
        "dashboard/..;/..;/..;/WEB-INF/web.xml",
        "dashboard/../../../WEB-INF/web.xml",
        "dashboard%5c..%5c..%5cWEB-INF%5cweb.xml",
        "META-INF/MANIFEST.MF",
        "dashboard/",
        "dashboard",
        "dashboard/app.js/",
        "dashboard/nothing.js",
        "webjars/swagger-ui/5.34.1/swagger-ui.css",
        ""
      })
  void nothingElseIsServed(String path) {
    for (String directory : List.of(version(), OLD)) {
      Client.Reply reply = get(directory + path);
      assertTrue(List.of(400, 404).contains(reply.status()), () -> reply.status() + " " + path);
      assertFalse(new String(reply.bytes(), UTF_8).contains("web-app"), path);
      assertNotEquals("public, max-age=31536000, immutable", reply.header("Cache-Control"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v", "/v/", "/v/x", "/v/0123456789AB/dashboard/app.js", "/v/12/a", "/vendor/"})
  void thereIsNothingAtOtherNames(String path) {
    assertEquals(404, get(path).status());
  }
}
