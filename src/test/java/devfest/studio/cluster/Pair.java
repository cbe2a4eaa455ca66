package devfest.studio.cluster;

import devfest.studio.Client;
import devfest.studio.Server;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Two nodes on one PostgreSQL and one directory. */
public final class Pair implements Closeable {

  private final EmbeddedPostgres database;
  private final Path dir;
  private final String[] settings;
  private Server a;
  private Server b;

  private Pair(EmbeddedPostgres database, Path dir, String... settings) {
    this.database = database;
    this.dir = dir;
    this.settings = settings;
  }

  /**
   * @param settings of both nodes
   */
  public static Pair start(Path dir, String... settings) throws IOException {
    Pair pair = new Pair(EmbeddedPostgres.start(), dir, settings);
    try {
      List<Server> nodes =
          Server.together(List.of(() -> pair.startNode("a"), () -> pair.startNode("b")));
      pair.a = nodes.get(0);
      pair.b = nodes.get(1);
    } catch (IOException | RuntimeException | AssertionError e) {
      pair.close();
      throw e;
    }
    return pair;
  }

  /** A node that the caller closes. */
  Server startNode(String name) throws IOException {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("studio.db.url=" + database.getJdbcUrl("postgres", "postgres"));
    all.add("studio.db.user=postgres");
    all.add("studio.dev-mode=true");
    all.add("studio.anonymous-access=public");
    all.add("studio.stream.heartbeat=PT1S"); // a closed stream is noticed by writing to it
    all.add("studio.cluster.node=" + name);
    return Server.start(dir, all.toArray(new String[0]));
  }

  public Server a() {
    return a;
  }

  public Server b() {
    return b;
  }

  /** The same user at the other node. */
  public Client atB(Client atA) {
    return Client.anonymous(b.base()).withToken(atA.token());
  }

  /** The first column of the first row. */
  public long query(String sql) throws SQLException {
    try (Connection connection = database.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** The columns of all tables that contain a text, by table and column. */
  public List<String> cells(String text) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = database.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      List<String[]> columns = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "select table_name, column_name from information_schema.columns"
                  + " where table_schema = 'public'")) {
        while (rows.next()) {
          columns.add(new String[] {rows.getString(1), rows.getString(2)});
        }
      }
      for (String[] column : columns) {
        try (ResultSet rows =
            statement.executeQuery(
                "select count(*) from %s where cast(%s as text) like '%%%s%%'"
                    .formatted(column[0], column[1], text))) {
          rows.next();
          if (rows.getLong(1) > 0) {
            found.add(column[0] + '.' + column[1]);
          }
        }
      }
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    if (a != null) {
      a.close();
    }
    if (b != null) {
      b.close();
    }
    database.close();
  }
}
