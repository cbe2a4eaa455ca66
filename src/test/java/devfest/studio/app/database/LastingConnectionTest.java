package devfest.studio.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.http.Outage;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LastingConnectionTest {

  private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
  private final List<Connection> opened = new ArrayList<>();

  private final Pool pool = new Pool(this::open, 2, Duration.ofMillis(300));

  private Connection open() throws SQLException {
    Connection connection = DriverManager.getConnection(url);
    opened.add(connection);
    return connection;
  }

  @AfterEach
  void close() throws SQLException {
    for (Connection connection : opened) {
      connection.close();
    }
  }

  private static int one(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select 1")) {
      assertTrue(result.next());
      return result.getInt(1);
    }
  }

  /** As a restart of the database does. */
  private void kill() throws SQLException {
    opened.get(opened.size() - 1).close();
  }

  private static void rest() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(1_600);
  }

  @Test
  void aConnectionThatBrokeWhileIdleIsReopened() throws Exception {
    Connection connection = LastingConnection.of(pool);
    assertEquals(1, one(connection));
    kill();
    assertFalse(connection.isClosed(), "or the pool would give up");
    rest();
    connection.setAutoCommit(false);
    assertEquals(1, one(connection));
    connection.commit();
    assertEquals(2, opened.size());
  }

  @Test
  void aTransactionNeverContinuesOnAnotherConnection() throws Exception {
    Connection connection = LastingConnection.of(pool);
    connection.setAutoCommit(false);
    assertEquals(1, one(connection));
    kill();
    rest();
    assertThrows(SQLException.class, () -> one(connection));
    assertThrows(SQLException.class, connection::commit);
    connection.rollback(); // the database has done that
    connection.setAutoCommit(true);
    assertEquals(1, one(connection));
    assertEquals(2, opened.size());
  }

  @Test
  void aValidConnectionIsKept() throws Exception {
    Connection connection = LastingConnection.of(pool);
    rest();
    assertEquals(1, one(connection));
    assertEquals(1, opened.size());
    assertTrue(connection.equals(connection));
    connection.close();
    assertTrue(connection.isClosed());
    assertThrows(SQLException.class, () -> one(connection));
  }

  @Test
  void aConnectionIsLeasedUntilTheTransactionEnds() throws Exception {
    List<Connection> lasting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      lasting.add(LastingConnection.of(pool));
      lasting.get(i).setAutoCommit(false);
      assertEquals(1, one(lasting.get(i)));
      if (i % 2 == 0) {
        lasting.get(i).commit();
      } else {
        lasting.get(i).rollback();
      }
    }
    assertEquals(1, opened.size(), "the transactions did not overlap");
    assertEquals(1, one(lasting.get(3)), "a transaction may begin without setAutoCommit");
    assertEquals(1, one(lasting.get(4)));
    assertEquals(2, opened.size());
    assertExhausted();
    assertExhausted();
    lasting.get(3).rollback();
    lasting.get(4).close(); // with an open transaction: the connection cannot be reused
    assertEquals(1, one(LastingConnection.of(pool)));
    assertTrue(opened.get(1).isClosed());
  }

  @Test
  void outsideATransactionAConnectionIsLeasedUntilItsStatementsAreClosed() throws Exception {
    Connection first = LastingConnection.of(pool);
    Connection second = LastingConnection.of(pool);
    Statement a = first.createStatement();
    try (PreparedStatement b = second.prepareStatement("select 2")) {
      assertEquals(1, one(first), "a second statement of the same connection");
      assertTrue(b.executeQuery().next());
      assertExhausted();
      a.close();
      assertEquals(1, one(LastingConnection.of(pool)));
    }
    a.close();
    assertEquals(2, opened.size());
    assertEquals(1, one(first), "closing a statement twice does no harm");
  }

  @Test
  void transactionsAndSingleStatementsMayAlternate() throws Exception {
    Connection connection = LastingConnection.of(pool);
    assertEquals(1, one(connection));
    connection.setAutoCommit(false);
    try (Statement create = connection.createStatement()) {
      create.execute("create table t (id int)");
      create.execute("insert into t values (1)");
    }
    connection.commit();
    try (Statement insert = connection.createStatement()) {
      insert.execute("insert into t values (2)");
    }
    connection.rollback();
    connection.setAutoCommit(true);
    try (Statement count = connection.createStatement();
        ResultSet rows = count.executeQuery("select * from t")) {
      assertTrue(rows.next());
      assertEquals(1, rows.getInt(1));
      assertFalse(rows.next());
    }
    assertEquals(1, opened.size());
  }

  private void assertExhausted() {
    SQLException failure = assertThrows(SQLException.class, () -> one(LastingConnection.of(pool)));
    assertEquals(Optional.of(Outage.DATABASE), Outage.of(failure), "the call gets 503");
    assertFalse(Outage.DATABASE.isOn(), "the database itself works");
  }
}
