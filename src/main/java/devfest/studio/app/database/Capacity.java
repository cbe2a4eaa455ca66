package devfest.studio.app.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Checks whether PostgreSQL admits as many connections as the running nodes may open. The nodes are
 * counted by the names of their connections, which other roles cannot see.
 *
 * @param left connections that limits and other applications leave to all nodes together
 * @param nodes the running nodes, including this one
 */
public record Capacity(int left, int nodes) {

  private static final String PREFIX = "devfest-studio-";

  /** Also covers the connections of the signal, which every node has. */
  private static final String ANY = "devfest-studio%";

  /** The name of this node's connections in {@code pg_stat_activity}. */
  static final String NAME = PREFIX + UUID.randomUUID().toString().substring(0, 8);

  /** Connections of a node outside its pool: those of the migration, or of a signal. */
  private static final int UNPOOLED = 2;

  /**
   * A limit of -1 is none; 100,000 is more than PostgreSQL can have. The second setting exists
   * since PostgreSQL 16. The column backend_type is null for connections of other roles.
   */
  private static final String QUERY =
      """
      select least(
          current_setting('max_connections')::int
            - current_setting('superuser_reserved_connections')::int
            - coalesce(current_setting('reserved_connections', true)::int, 0)
            - count(*) filter (where not own),
          (select case when rolconnlimit < 0 then 100000 else rolconnlimit end
            from pg_roles where rolname = current_user),
          (select case when datconnlimit < 0 then 100000 else datconnlimit end
            from pg_database where datname = current_database())
            - count(*) filter (where not own and here)),
        count(distinct application_name) filter (where application_name like ?)
      from (
        select application_name, coalesce(application_name, '') like ? as own,
          datname = current_database() as here
        from pg_stat_activity
        where usesysid is not null
          and coalesce(backend_type, 'client backend') = 'client backend') as client
      """;

  /** Queries a PostgreSQL database. */
  static Capacity of(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(QUERY)) {
      select.setString(1, PREFIX + "%");
      select.setString(2, ANY);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return new Capacity(row.getInt(1), row.getInt(2));
      }
    }
  }

  /**
   * Returns what the operator should know; empty if there are enough connections, or with the
   * embedded database.
   *
   * @throws SQLException if the database is not available
   */
  public static Optional<String> warning(DatabaseSettings settings, DataSource database)
      throws SQLException {
    if (settings.url().isEmpty()) {
      return Optional.empty();
    }
    try (Connection connection = database.getConnection()) {
      return of(connection).warning(settings.pool());
    }
  }

  /**
   * @param pool the size of the pool of each node
   */
  Optional<String> warning(int pool) {
    int needed = nodes * (pool + UNPOOLED);
    return needed <= left
        ? Optional.empty()
        : Optional.of(
            ("PostgreSQL has %d connections for the studio, but %s may need %d (studio.db.pool=%d and"
                    + " %d more for each). Lower studio.db.pool or raise max_connections, or the"
                    + " limit of the role or database; otherwise calls may get 503 under load")
                .formatted(
                    left, nodes == 1 ? "this node" : nodes + " nodes", needed, pool, UNPOOLED));
  }
}
