package devfest.studio.users;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.Server;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import devfest.studio.log.Database;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users are listed, exported and erased. */
class UsersIT {

  private static final String V1 = "/api/v1";
  private static final String ZOE = V1 + "/users/" + Traces.USER;

  @TempDir Path dir;
  private Server server;
  private Client root;
  private Client bob;

  @BeforeEach
  void start() throws Exception {
    server = Server.start(dir, "studio.dev-mode=true", "studio.quota.transformations-per-day=1000");
    root = Client.of(server.base(), "root", "admin");
    bob = Client.of(server.base(), "bob", "publisher");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void nothingOfAnErasedUserIsLeftInTheDatabaseTheFilesAndTheLog() throws Exception {
    Client zoe = Client.of(server.base(), Traces.USER, "publisher");
    Traces traces = Traces.leave(zoe, bob);
    String reported = bob.photo(TestImages.jpeg(60, 40), "public");
    String report = V1 + "/transformations/" + bob.transform(reported, "vintage") + "/report";
    String reason = "{\"reason\":\"report-" + Traces.MARK + "\"}";
    assertEquals(204, zoe.post(report, reason).status());
    assertEquals(1, root.get(V1 + "/moderation").items().size());
    assertTrue(Traces.readable(root).contains(Traces.MARK));
    isExported(zoe);
    isListed();
    assertEquals(403, bob.delete(ZOE).status());
    assertEquals(403, bob.get(ZOE + "/export").status());
    assertEquals(403, bob.get(V1 + "/users").status());
    assertEquals(404, root.delete(V1 + "/users/nobody").status());
    assertEquals(404, root.get(V1 + "/users/nobody/export").status());
    for (String picture : traces.pictures()) {
      assertEquals(200, bob.get(picture).status());
    }

    try (SseReader own = zoe.stream("");
        SseReader chat = zoe.follow(V1 + "/chat/stream");
        SseReader admins = root.stream("");
        SseReader others = bob.follow(V1 + "/chat/stream")) {
      own.next("connected");
      chat.next("message");
      admins.next("connected");
      others.next("message");
      assertEquals(204, zoe.delete(ZOE).status(), server::log);
      assertTrue(own.next("stream.closed").data().contains("revoked"));
      chat.next("stream.closed");
      admins.next("events.erased");
      others.next("erased");
    }

    for (String picture : traces.pictures()) {
      assertEquals(404, bob.get(picture).status(), picture);
    }
    assertEquals(401, zoe.get(V1 + "/photos").status());
    assertEquals(List.of(), Traces.found(Traces.readable(root)));
    assertFalse(text(bob.get(V1 + "/notifications")).contains(Traces.MARK));
    try (SseReader replay = root.stream("?replay=1000")) {
      for (SseReader.Frame frame : replay.during(Duration.ofSeconds(1))) {
        assertFalse(frame.data().contains(Traces.MARK), frame::toString);
      }
    }
    assertEquals(0, root.get(V1 + "/moderation").items().size());
    assertEquals(204, bob.delete(V1 + "/photos/" + reported).status());
    assertEquals(404, root.delete(ZOE).status());
    assertEquals(404, root.get(ZOE + "/export").status());
    assertEquals(404, bob.post(ZOE + "/mention", "{\"text\":\"Where are you?\"}").status());
    Awaitility.await()
        .untilAsserted(
            () -> assertEquals(Set.of("studio-store"), files("photos", "transformations")));

    server.stop();
    assertFalse(Files.exists(dir.resolve("data/studio.erased")));
    assertEquals(List.of(), Traces.in(dir.resolve("data")));
    assertEquals(List.of(), rows());
    // The trail in the log names users; all other lines do not.
    assertEquals(
        List.of(),
        server
            .log()
            .lines()
            .filter(line -> line.contains(Traces.MARK) && !line.contains("action="))
            .toList());
  }

  private static String text(Client.Reply reply) {
    return new String(reply.bytes(), StandardCharsets.UTF_8);
  }

  private static void isExported(Client zoe) throws Exception {
    Map<String, byte[]> files = Traces.export(zoe, Traces.USER);
    Set<String> documents =
        files.keySet().stream().filter(name -> !name.contains("/")).collect(Collectors.toSet());
    assertEquals(
        Set.of(
            "audit.json",
            "caused-events.jsonl",
            "deliveries.json",
            "events.jsonl",
            "games.json",
            "guest.json",
            "hooks.json",
            "mentions.json",
            "notifications.json",
            "photos.json",
            "posts.json",
            "push-subscriptions.json",
            "quota.json",
            "reports.json",
            "sessions.json",
            "tasks.json",
            "transformations.json",
            "webhooks.json"),
        documents);
    assertEquals(4, files.keySet().stream().filter(name -> name.startsWith("photos/")).count());
    assertEquals(
        1,
        files.keySet().stream()
            .filter(name -> name.startsWith("transf"))
            .filter(name -> name.endsWith(".jpg"))
            .count());
    String all =
        files.values().stream()
            .map(content -> new String(content, StandardCharsets.UTF_8))
            .collect(Collectors.joining());
    for (String trace :
        List.of(
            "chat",
            "post",
            "data",
            "hook",
            "webhook",
            "push",
            "home",
            "mention",
            "delivery",
            "file",
            "report")) {
      assertTrue(all.contains(trace + '-' + Traces.MARK), trace);
    }
    assertTrue(
        new String(files.get("hooks.json"), StandardCharsets.UTF_8).contains("\"secret\":null"));
  }

  private void isListed() {
    List<String> all = new ArrayList<>();
    String cursor = "";
    do {
      var page = root.get(V1 + "/users?limit=1&cursor=" + cursor).data();
      page.getJsonArray("items").forEach(item -> all.add(item.asJsonObject().getString("user")));
      cursor = page.get("next").equals(JsonValue.NULL) ? null : page.getString("next");
    } while (cursor != null);
    assertEquals(List.of("bob", "root", Traces.USER), all);
    var counts = root.get(V1 + "/users").items().getJsonObject(2).getJsonObject("counts");
    assertEquals(4, counts.getInt("photos"));
    assertEquals(1, counts.getInt("transformations"));
    assertEquals(400, root.get(V1 + "/users?cursor=*").status());
    assertEquals(400, root.get(V1 + "/users?limit=0").status());
  }

  private Set<String> files(String... directories) throws Exception {
    Set<String> files = new TreeSet<>(Set.of("studio-store"));
    for (String directory : directories) {
      try (Stream<Path> all = Files.walk(dir.resolve("data").resolve(directory))) {
        all.filter(Files::isRegularFile).forEach(file -> files.add(file.getFileName().toString()));
      }
    }
    return files;
  }

  /** The lines of a dump of the database that contain the mark. */
  private List<String> rows() throws Exception {
    List<String> found = new ArrayList<>();
    try (Database database = Database.h2(dir.resolve("data"));
        Connection connection = database.source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet dump = statement.executeQuery("script")) {
      while (dump.next()) {
        if (dump.getString(1).contains(Traces.MARK)) {
          found.add(dump.getString(1));
        }
      }
    }
    return found;
  }

  @Test
  void anErasureGoesOnAfterAKillAndRequestsThatRaceWithOneLeaveNothing() throws Exception {
    Client zoe = Client.of(server.base(), Traces.USER, "publisher");
    String events =
        Stream.generate(
                () ->
                    "{\"event\":\"a\",\"data\":\"%s\",\"userId\":\"%s\"}"
                        .formatted(Traces.MARK, Traces.USER))
            .limit(1_000)
            .collect(Collectors.joining(",", "[", "]"));
    for (int i = 0; i < 10; i++) {
      assertEquals(200, zoe.post(V1 + "/events", events).status());
    }
    for (int i = 0; i < 5; i++) {
      String ignored = zoe.photo(TestImages.jpeg(80, 60), "public");
    }
    CompletableFuture<Client.Reply> answer = CompletableFuture.supplyAsync(() -> root.delete(ZOE));
    Awaitility.await().until(() -> zoe.get(V1 + "/photos").status() == 401);
    server.kill();
    boolean ignored = answer.handle((reply, failure) -> failure != null).get();
    server = Server.start(dir, "studio.dev-mode=true");
    root = Client.of(server.base(), "root", "admin");
    Awaitility.await().until(() -> !Traces.readable(root).contains(Traces.MARK));

    race();

    Client returned = Client.of(server.base(), Traces.USER);
    String photo = returned.photo(TestImages.jpeg(80, 60), "public");
    assertEquals(1, returned.get(V1 + "/photos").items().size());
    assertEquals(200, returned.get("/uploads/photos/" + photo + ".jpg").status());
    assertEquals(204, returned.delete(ZOE).status(), server::log);
    server.kill(); // before the database could be compacted
    server = Server.start(dir, "studio.dev-mode=true");
    assertEquals(List.of(), Traces.in(dir.resolve("data")));
    server.stop();
    assertEquals(List.of(), rows());
  }

  private void race() throws Exception {
    for (int round = 0; round < 8; round++) {
      Client zoe = Client.of(server.base(), Traces.USER, "publisher");
      List<CompletableFuture<Void>> writers =
          Stream.generate(() -> CompletableFuture.runAsync(() -> Traces.write(server.base(), zoe)))
              .limit(4)
              .toList();
      TimeUnit.MILLISECONDS.sleep(200 + 40L * round);
      assertEquals(204, root.delete(ZOE).status(), server::log);
      CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
      assertEquals(List.of(), Traces.found(Traces.readable(root)), "round " + round);
      assertEquals(404, root.delete(ZOE).status(), "round " + round);
    }
    Awaitility.await().untilAsserted(() -> assertEquals(Set.of("studio-store"), files("photos")));
  }
}
