package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.json.Json;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node on a PostgreSQL that has no connection left for it. */
class ConnectionsIT {

  private static final int POOL = 4;

  @TempDir Path dir;

  @Test
  void callsThatGetNoConnectionAre503AndNever401OrAnError() throws Exception {
    ExecutorService callers = Executors.newCachedThreadPool();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        Connection admin = postgres.getPostgresDatabase().getConnection();
        Statement sql = admin.createStatement()) {
      sql.execute("create role studio login");
      sql.execute("create database studio owner studio");
      try (Server server =
              Server.start(
                  dir,
                  "studio.dev-mode=true",
                  "studio.db.url=" + postgres.getJdbcUrl("studio", "studio"),
                  "studio.db.user=studio",
                  "studio.db.pool=" + POOL);
          Connection other = postgres.getDatabase("postgres", "studio").getConnection()) {
        Client ann = Client.of(server.base(), "ann", "publisher");
        String cookie = session(Client.of(server.base(), "ann", "g".repeat(4_000)));
        Map<String, Callable<Integer>> calls = calls(ann, cookie);
        assertEquals(200, ann.get("/api/v1/photos").status());
        int quiet = server.log().length();

        other.setAutoCommit(false);
        try (Statement lock = other.createStatement()) {
          lock.execute("select * from event_head for update"); // all appends wait
        }
        List<Future<Integer>> mentions = new ArrayList<>();
        for (int i = 0; i < 2 * POOL; i++) { // below the limit of mentions
          mentions.add(
              callers.submit(
                  () -> ann.post("/api/v1/users/ann/mention", "{\"text\":\"x\"}").status()));
        }
        await().until(() -> count(sql, "waiting") == POOL);
        assertAll503(calls, callers);
        assertTrue(count(sql, "all") <= POOL, "the setting is the bound");
        other.rollback();
        int done = 0;
        for (Future<Integer> mention : mentions) {
          int status = mention.get(30, TimeUnit.SECONDS);
          assertTrue(status == 201 || status == 503, () -> "a mention got " + status);
          done += status == 201 ? 1 : 0;
        }
        assertTrue(done >= POOL, "those that had a connection went on");
        assertEquals(200, ann.get("/api/v1/photos").status());

        sql.execute("alter role studio connection limit 0");
        sql.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'studio'");
        assertAll503(calls, callers);
        sql.execute("alter role studio connection limit -1");
        await().until(() -> ann.get("/api/v1/photos").status() == 200);

        String log = server.log().substring(quiet);
        assertEquals(
            1, log.split("; calls that wait longer than", -1).length - 1, "one line per minute");
        assertFalse(log.contains("\tat "), log);
      }
    } finally {
      callers.shutdownNow();
    }
  }

  /** A cookie that refers to a stored token, which has to be read from the database. */
  private static String session(Client user) {
    Client.Reply begun =
        user.send(
            user.request("/api/v1/session")
                .version(HttpClient.Version.HTTP_1_1) // Payara rejects this header over HTTP/2
                .POST(HttpRequest.BodyPublishers.noBody()));
    assertEquals(204, begun.status());
    String set = begun.header("Set-Cookie");
    assertTrue(set.length() < 300, "a reference");
    return set.substring(0, set.indexOf(';'));
  }

  /** Calls whose authentication or work needs the database, by name; each returns its status. */
  private static Map<String, Callable<Integer>> calls(Client user, String cookie) {
    Client nobody = Client.anonymous(user.uri("/"));
    Map<String, Callable<Integer>> calls = new LinkedHashMap<>();
    calls.put("list", () -> status(user.get("/api/v1/photos")));
    calls.put("issue a ticket", () -> status(user.post("/api/v1/events/tickets", "")));
    calls.put(
        "publish",
        () ->
            status(
                user.post(
                    "/api/v1/events",
                    Json.createObjectBuilder()
                        .add("event", "a")
                        .add("data", 1)
                        .build()
                        .toString())));
    calls.put("ticket", () -> status(nobody.get("/api/v1/events/stream?ticket=unknown")));
    calls.put(
        "cookie of a page",
        () ->
            status(
                nobody.send(
                    nobody
                        .request("/api/v1/quota")
                        .header("Cookie", cookie)
                        .header("Sec-Fetch-Site", "same-origin"))));
    calls.put(
        "cookie of a stream",
        () ->
            status(nobody.send(nobody.request("/api/v1/events/stream").header("Cookie", cookie))));
    calls.put(
        "cookie of a socket",
        () -> Socket.refusal(nobody.uri("/api/v1/timer/ws"), "Cookie", cookie));
    return calls;
  }

  private static int status(Client.Reply reply) {
    if (reply.status() == 503) {
      assertEquals("2", reply.header("Retry-After"));
    }
    return reply.status();
  }

  private static void assertAll503(Map<String, Callable<Integer>> calls, ExecutorService callers)
      throws Exception {
    Map<String, Future<Integer>> running = new LinkedHashMap<>();
    calls.forEach((name, call) -> running.put(name, callers.submit(call)));
    for (Map.Entry<String, Future<Integer>> each : running.entrySet()) {
      assertEquals(503, each.getValue().get(60, TimeUnit.SECONDS), each.getKey());
    }
  }

  private static int count(Statement sql, String which) throws SQLException {
    try (ResultSet row =
        sql.executeQuery(
            "select count(*) from pg_stat_activity where application_name like 'devfest-studio-%'"
                + (which.equals("waiting") ? " and wait_event_type = 'Lock'" : ""))) {
      row.next();
      return row.getInt(1);
    }
  }
}
