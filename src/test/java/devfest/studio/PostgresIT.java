package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A studio whose database is PostgreSQL. */
class PostgresIT {

  @TempDir static Path dir;
  private static EmbeddedPostgres.Builder builder;
  private static EmbeddedPostgres postgres;
  private static Server server;
  private static Client ann;

  @BeforeAll
  static void start() throws IOException {
    builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(dir.resolve("postgres"))
            .setCleanDataDirectory(false);
    postgres = builder.start();
    server =
        Server.start(
            dir,
            "studio.dev-mode=true",
            "studio.db.url=" + postgres.getJdbcUrl("postgres", "postgres"),
            "studio.db.user=postgres");
    ann = Client.of(server.base(), "ann", "publisher");
  }

  @AfterAll
  static void stop() throws IOException {
    if (server != null) {
      server.close();
    }
    postgres.close();
  }

  @Test
  void photosAndTransformationsWork() throws Exception {
    Client bob = Client.of(server.base(), "bob", "publisher");
    try (SseReader stream = bob.stream("")) {
      stream.next("connected");
      String id = bob.transform(bob.photo(TestImages.jpeg(600, 400), null), "modern");
      long first = Long.parseLong(stream.next("photo.uploaded").id());
      assertEquals(first + 2, Long.parseLong(stream.next("transformation.completed").id()));
      assertEquals(200, bob.get("/uploads/transformations/" + id + ".jpg").status());
      assertEquals(
          200,
          bob.post("/api/v1/events", "{\"event\":\"a\",\"userId\":\"bob\",\"data\":\"\\u0000\"}")
              .status());
      assertTrue(stream.next("a").data().contains("\"data\":\"\\u0000\""));
    }
    assertFalse(Files.exists(dir.resolve("data/studio.mv.db")), "no second database");
  }

  @Test
  void theCallForABackupSaysWhatToUse() {
    Client.Reply reply = Client.of(server.base(), "root", "admin").post("/api/v1/backup", "");
    assertEquals(409, reply.status());
    assertEquals(
        "The database is PostgreSQL: back it up with pg_dump.", reply.json().getString("detail"));
  }

  @Test
  void callsGet503DuringAnOutageAndRecoverAfterIt() throws Exception {
    try (SseReader stream = ann.stream("")) {
      stream.next("connected");
      ann.publish("before", "1", "public");
      stream.next("before");
      int quiet = server.log().length();
      postgres.close();
      Client nobody = Client.anonymous(server.base());
      for (int i = 0; i < 3; i++) {
        for (Client.Reply reply :
            List.of(
                ann.post("/api/v1/events/tickets", ""),
                ann.post("/api/v1/events", "{\"event\":\"lost\",\"data\":1}"),
                ann.post("/api/v1/users/ann/mention", "{\"text\":\"x\"}"),
                ann.get("/api/v1/events"),
                ann.get("/api/v1/photos"),
                ann.get("/api/v1/timer"),
                ann.get("/api/v1/quota/stream"),
                ann.get("/api/v1/stream?channels=events,quota"),
                nobody.get("/api/v1/events/stream?ticket=none"))) {
          assertEquals(503, reply.status(), reply.response()::toString);
          assertEquals("2", reply.header("Retry-After"));
        }
        assertEquals(503, ann.get("/api/v1/health").status());
        assertEquals(200, ann.get("/health/live").status());
      }
      postgres = builder.setPort(postgres.getPort()).start();
      long back = System.nanoTime();
      await()
          .until(
              () ->
                  ann.post("/api/v1/events", "{\"event\":\"after\",\"data\":1,\"userId\":\"ann\"}")
                          .status()
                      == 200);
      stream.next("after");
      Duration silence = Duration.ofNanos(System.nanoTime() - back);
      assertTrue(silence.compareTo(Duration.ofSeconds(5)) < 0, silence::toString);
      await().until(() -> ann.get("/api/v1/health").status() == 200);
      String log = server.log().substring(quiet);
      assertEquals(1, count("The database cannot be used", log), log);
      assertEquals(1, count("The database can be used again", log), log);
      assertEquals(0, count("\tat ", log), log);
    }
  }

  private static long count(String text, String log) {
    return log.lines().filter(line -> line.contains(text)).count();
  }
}
