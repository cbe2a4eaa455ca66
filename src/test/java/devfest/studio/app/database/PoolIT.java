package devfest.studio.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.http.Outage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pool on a PostgreSQL that limits its connections. */
class PoolIT {

  private static EmbeddedPostgres server;

  private StudioDataSource source;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void createRole() throws SQLException {
    admin("create role few login connection limit 3");
    source = source(8);
  }

  @AfterEach
  void dropRole() throws SQLException {
    source.close();
    admin(
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'few'",
        "drop role few");
    assertFalse(Outage.DATABASE.isOn());
  }

  private static StudioDataSource source(int pool) {
    Map<String, String> settings =
        Map.of(
            "studio.db.url",
            server.getJdbcUrl("few", "postgres"),
            "studio.db.user",
            "few",
            "studio.db.pool",
            Integer.toString(pool));
    return new StudioDataSource(name -> Optional.ofNullable(settings.get(name)));
  }

  private static void admin(String... statements) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** A transaction of some milliseconds, as a server's pool does it. */
  private int transaction(int millis) throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "select 1, pg_sleep(%s)".formatted(Double.toString(millis / 1000.0)))) {
        assertTrue(row.next());
      }
      connection.commit();
      connection.setAutoCommit(true);
      return 1;
    }
  }

  private int transactions(int n, int millis) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(n);
    try {
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        running.add(callers.submit(() -> transaction(millis)));
      }
      int done = 0;
      for (Future<Integer> each : running) {
        done += each.get(30, TimeUnit.SECONDS);
      }
      return done;
    } finally {
      callers.shutdownNow();
    }
  }

  private static int connections() throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select count(*) from pg_stat_activity where usename = 'few'")) {
      row.next();
      return row.getInt(1);
    }
  }

  @Test
  void aNodeHasAtMostAsManyConnectionsAsTheSetting() throws Exception {
    admin("alter role few connection limit 100");
    source = source(4);
    assertEquals(40, transactions(40, 50));
    assertEquals(4, connections());
  }

  @Test
  void whenPostgresRefusesMoreConnectionsTransactionsShareThoseThatThereAre() throws Exception {
    assertEquals(20, transactions(20, 100));
    assertEquals(3, connections());
  }

  @Test
  void aTransactionThatGetsNoConnectionInTimeFailsAsUnavailable() throws Exception {
    try (Connection a = source.getConnection();
        Connection b = source.getConnection();
        Connection c = source.getConnection()) {
      for (Connection each : List.of(a, b, c)) {
        each.setAutoCommit(false);
        each.createStatement().execute("select 1");
      }
      SQLException failure = assertThrows(SQLException.class, () -> transaction(1));
      assertEquals(Optional.of(Outage.DATABASE), Outage.of(failure));
      assertFalse(Outage.DATABASE.isOn(), "the database works for those that have a connection");
      a.rollback();
      assertEquals(1, transaction(1));
    }
  }

  @Test
  void aRestartOfTheDatabaseBreaksNoLaterTransaction() throws Exception {
    assertEquals(3, transactions(3, 100));
    admin("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'few'");
    TimeUnit.MILLISECONDS.sleep(1_600);
    assertEquals(6, transactions(6, 10));
  }

  @Test
  void theOperatorIsWarnedWhenTheNodesMayNeedMoreThanPostgresAdmits() throws Exception {
    assertEquals(1, transaction(1));
    try (Connection connection = source.getConnection()) {
      Capacity few = Capacity.of(connection);
      assertEquals(3, few.left());
      assertEquals(1, few.nodes());
      String warning = few.warning(8).orElseThrow();
      assertTrue(warning.startsWith("PostgreSQL has 3 connections for the studio, but "), warning);
      admin("alter role few connection limit -1");
      Capacity all = Capacity.of(connection);
      assertTrue(all.left() > 90, all::toString);
      assertEquals(Optional.empty(), all.warning(8));
    }
  }

  @Test
  void eachNodeNeedsItsPoolAndTwoMore() {
    assertEquals(Optional.empty(), new Capacity(96, 3).warning(30));
    String warning = new Capacity(95, 3).warning(30).orElseThrow();
    assertTrue(warning.contains("but 3 nodes may need 96"), warning);
  }
}
