package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresSignalIT {

  private static EmbeddedPostgres server;

  private final Signal a = open();
  private final Signal b = open();
  private final Heard atA = new Heard();
  private final Heard atB = new Heard();

  @BeforeAll
  static void startServer() throws Exception {
    server = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  private static Signal open() {
    return new PostgresSignal(server.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
  }

  private void start() {
    a.start(Executors.defaultThreadFactory(), atA);
    b.start(Executors.defaultThreadFactory(), atB);
    Awaitility.await()
        .until(() -> atA.connections.get() == 1 && atB.connections.get() == 1 && a.isConnected());
  }

  @AfterEach
  void stop() {
    a.stop();
    b.stop();
  }

  private static int terminateAll() throws SQLException {
    try (Connection admin = server.getPostgresDatabase().getConnection();
        Statement statement = admin.createStatement()) {
      try (var rows =
          statement.executeQuery(
              "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                  + " where application_name = 'devfest-studio signal'")) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  @Test
  void allNodesHearALineIncludingItsSender() {
    start();
    a.send("key", "{\"text\":\"été\"}");
    Awaitility.await()
        .until(() -> atA.lines.contains("{\"text\":\"été\"}") && atB.lines.equals(atA.lines));
  }

  @Test
  void severalLinesOfTheLargestSizeArrive() {
    start();
    String large = "x".repeat(Message.MAX_BYTES);
    for (int i = 0; i < 5; i++) {
      a.send("key " + i, i + large.substring(1));
    }
    Awaitility.await().until(() -> atB.lines.size() == 5);
    assertEquals("4" + large.substring(1), atB.lines.get(4));
  }

  @Test
  void aTerminatedConnectionIsReplacedAndReported() throws Exception {
    start();
    a.send("key", "1");
    Awaitility.await().until(() -> atB.lines.contains("1"));
    assertEquals(3, terminateAll(), "two that listen, one that sends");
    Awaitility.await().until(() -> atA.connections.get() == 2 && atB.connections.get() == 2);
    a.send("key", "2");
    Awaitility.await().until(() -> atB.lines.contains("2"));
    assertTrue(a.isConnected());
  }

  @Test
  void stopClosesTheConnections() throws Exception {
    start();
    a.stop();
    b.stop();
    Awaitility.await().until(() -> terminateAll() == 0);
    a.send("key", "1");
    assertFalse(atB.lines.contains("1"));
  }
}
