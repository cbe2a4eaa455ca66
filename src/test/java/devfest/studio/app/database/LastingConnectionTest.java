package devfest.studio.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LastingConnectionTest {

  private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
  private final List<Connection> opened = new ArrayList<>();

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
    TimeUnit.MILLISECONDS.sleep(600);
  }

  @Test
  void aConnectionThatBrokeWhileIdleIsReopened() throws Exception {
    Connection connection = LastingConnection.of(this::open);
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
    Connection connection = LastingConnection.of(this::open);
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
    Connection connection = LastingConnection.of(this::open);
    rest();
    assertEquals(1, one(connection));
    assertEquals(1, opened.size());
    assertTrue(connection.equals(connection));
    connection.close();
    assertTrue(connection.isClosed());
    assertTrue(opened.get(0).isClosed());
  }
}
