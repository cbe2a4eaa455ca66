package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A studio below a path, which clients reach over https through a proxy. */
class HttpsIT {

  private static final String EVIL = "Host: evil.example\r\nConnection: close\r\n\r\n";

  @TempDir static Path dir;
  private static Server server;

  @BeforeAll
  static void start() throws IOException {
    server =
        Server.startBelow(
            "/studio/", dir, "studio.dev-mode=true", "studio.public-url=https://localhost/studio");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Raw get(String path, String headers) throws IOException {
    return Raw.send(server.base(), "GET " + path + " HTTP/1.1\r\n" + headers);
  }

  @Test
  void everyResponseRequiresHttpsAndForbidsInlineScriptsAndStyles() throws IOException {
    for (String path :
        List.of(
            "/studio/api/v1/health",
            "/studio/api/v1/docs",
            "/studio/dashboard",
            "/studio/dashboard;/docs",
            "/studio/dashboard;x=y/docs",
            "/studio/dashboard/app.js",
            "/studio/v/0123456789ab/dashboard/app.js",
            "/studio/nothing",
            "/studio/client",
            "/studio/WEB-INF/web.xml",
            "/studio")) {
      Raw response = get(path, EVIL);
      assertEquals("max-age=31536000", response.headers().get("Strict-Transport-Security"), path);
      String policy = response.headers().get("Content-Security-Policy");
      assertTrue(policy.startsWith("default-src"), path);
      assertFalse(policy.contains("unsafe"), path);
    }
  }

  @Test
  void noRedirectGoesToTheHostThatTheClientNames() throws IOException {
    for (String path :
        List.of(
            "/studio",
            "/studio/",
            "/studio/dashboard/",
            "/studio/client",
            "/studio/webjars",
            "/studio/webjars/swagger-ui",
            "/studio/uploads",
            "/studio/api/v1/docs/",
            "/studio/WEB-INF")) {
      Raw response = get(path, EVIL);
      assertFalse(
          String.valueOf(response.headers().get("Location")).contains("//"),
          path + " " + response.headers());
    }
    assertEquals("studio/", get("/studio", EVIL).headers().get("Location"));
    assertEquals(404, get("/studio/client", EVIL).status());
  }

  @Test
  void aRequestHasOneValidHost() throws IOException {
    String path = "/studio/api/v1/health";
    String close = "\r\nConnection: close\r\n\r\n";
    assertEquals(200, get(path, "Host: studio.example.org" + close).status());
    for (String host : List.of("a\r\nHost: b", "a\r\nHost: a", "a b", "a<b", "a, b", "x@a")) {
      Raw response = get(path, "Host: " + host + close);
      assertEquals(400, response.status(), host);
    }
  }

  @Test
  void theHttpPageOfThisHostIsNotTheStudiosOwn() {
    Client ann = Client.of(server.base(), "ann");
    String set = ann.post("/api/v1/session", "").header("Set-Cookie");
    assertTrue(set.contains("Secure"), set);
    Client nobody = Client.anonymous(server.base());
    String cookie = set.substring(0, set.indexOf(';'));
    for (String[] one :
        new String[][] {{"200", "https://localhost"}, {"401", "http://localhost"}}) {
      assertEquals(
          Integer.parseInt(one[0]),
          nobody
              .send(nobody.request("/api/v1/me").header("Cookie", cookie).header("Origin", one[1]))
              .status(),
          one[1]);
    }
  }

  @Test
  void filesOfTheDataDirectoryAreForTheOwnerOnly() throws IOException {
    Client ann = Client.of(server.base(), "ann");
    String photo = ann.photo(TestImages.jpeg(40, 30), "public");
    assertEquals(201, ann.post("/api/v1/github/hooks", "{}").status());
    Path data = dir.resolve("data");
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : all.toList()) {
        assertEquals(
            Files.isDirectory(path) ? "rwx------" : "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)),
            path.toString());
      }
    }
    assertTrue(Files.exists(data.resolve("photos/" + photo + ".jpg")));
  }

  @Test
  void theDatabaseDoesNotContainTheSecretOfAHook() throws IOException {
    Client ann = Client.of(server.base(), "ann");
    String secret = ann.post("/api/v1/github/hooks", "{}").data().getString("secret");
    assertEquals(43, secret.length());
    for (String file : List.of("studio.mv.db", "studio-hook-key")) {
      String content =
          new String(
              Files.readAllBytes(dir.resolve("data").resolve(file)),
              java.nio.charset.StandardCharsets.ISO_8859_1);
      assertFalse(content.contains(secret), file);
    }
    assertNull(ann.get("/api/v1/github/hooks").items().getJsonObject(0).getString("secret", null));
  }
}
