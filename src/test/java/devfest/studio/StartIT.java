package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start needs and reports. */
class StartIT {

  @TempDir Path dir;

  @Test
  void aBareDeploymentHasNoDevModeAndReportsThatItHasNoKey() throws Exception {
    try (Server server = Server.start(dir, "studio.moderation=before")) {
      Client nobody = Client.anonymous(server.base());
      Client.Reply redeemed = nobody.post("/api/v1/passes/redeem", "{\"pass\":\"x\"}");
      assertEquals(404, redeemed.status());
      assertTrue(redeemed.json().getString("detail").contains("studio.guests"));
      assertEquals("before", nobody.get("/api/v1/event").data().getString("moderation"));
      String wish = "{\"user\":\"eve\",\"groups\":[\"admin\"]}";
      assertEquals(404, nobody.post("/api/v1/dev/tokens", wish).status());
      assertEquals(401, nobody.get("/api/v1/photos").status());
      List<String> log = linesBesidesTheTrail(server);
      for (int i = 0; i < 5; i++) {
        assertEquals(401, nobody.withToken("a.b.c").get("/api/v1/photos").status());
        assertEquals(401, nobody.get("/api/v1/events/stream?token=a.b.c").status());
      }
      assertEquals(log, linesBesidesTheTrail(server), "a bad token has no other line");
      assertTrue(server.log().contains("only anonymous calls will work"));
      assertFalse(server.log().contains("token="));
      assertFalse(Files.exists(dir.resolve("data/dev-key.json")));
    }
  }

  private static List<String> linesBesidesTheTrail(Server server) {
    return server
        .log()
        .lines()
        .filter(line -> !line.contains("devfest.studio.audit") && !line.contains("action="))
        .toList();
  }

  /** The last is the server's own, if it has any. */
  private static void assertEndsWith(String line, String log) {
    int at = log.lastIndexOf("The studio does not start: ");
    assertTrue(log.startsWith(line, at + "The studio does not start: ".length()), log);
  }

  private static long count(String text, String log) {
    return log.lines().filter(line -> line.contains(text)).count();
  }

  @Test
  void invalidSettingsStopTheStartWithOneLineEach() throws Exception {
    String log =
        Server.fail(
            dir,
            "studio.stream.heartbeat=15",
            "studio.stream.hartbeat=PT15S",
            "studio.anonymous-access=publick",
            "studio.db.url=jdbc:mysql://db/studio?password=geheim");
    assertEquals(1, count("studio.stream.heartbeat is '15', but must be an ISO-8601", log), log);
    assertEquals(1, count("studio.stream.hartbeat is not a property of the studio", log), log);
    assertEquals(1, count("studio.anonymous-access is 'publick', but", log), log);
    assertEquals(1, count("studio.db.url is 'jdbc:mysql://db/studio?password=(secret)'", log), log);
    assertFalse(log.contains("geheim"), log);
    assertEndsWith("4 settings are wrong, see above", log);
  }

  @Test
  void anUnreachableDatabaseStopsTheStartWithItsCause() throws Exception {
    String log = Server.fail(dir, "studio.db.url=jdbc:postgresql://127.0.0.1:1/studio");
    assertEndsWith("Connection to 127.0.0.1:1 refused", log);
  }

  @Test
  void anonymousClientsSeePublicThingsIfTheOperatorAllowsIt() throws Exception {
    try (Server server =
        // With -D, DevKey is not used, so the server generates its own key.
        Server.start(dir, "-Dstudio.dev-mode=true", "studio.anonymous-access=public")) {
      await().until(() -> server.log().contains("/dashboard#token="));
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(dir.resolve("data/dev-key.json"))));
      Client nobody = Client.anonymous(server.base());
      Client ann = Client.of(server.base(), "ann");
      for (String path : List.of("/api/v1/events/stats", "/api/v1/events/stream", "/events")) {
        for (String header : List.of("Basic YTpi", "Bearer", "Bearer x", "bearer", "")) {
          HttpRequest.Builder bad = nobody.request(path).header("Authorization", header);
          assertEquals(401, nobody.send(bad).status(), path + " is not anonymous by " + header);
        }
      }
      try (SseReader stream = nobody.stream("")) {
        stream.next("connected");
        ann.photo(TestImages.jpeg(60, 40), "private");
        String open = ann.photo(TestImages.jpeg(60, 40), "public");
        assertTrue(stream.next("photo.uploaded").data().contains(open), "only the public one");
      }
      for (String path : List.of("styles", "events", "events/stats", "transformations/recent")) {
        assertEquals(200, nobody.get("/api/v1/" + path).status(), path);
      }
      assertEquals(401, nobody.get("/api/v1/photos").status());
    }
  }
}
