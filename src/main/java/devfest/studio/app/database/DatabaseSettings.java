package devfest.studio.app.database;

import devfest.studio.settings.Values;
import java.util.Optional;

/**
 * Settings of the database.
 *
 * @param url the JDBC URL of a PostgreSQL database; empty for an H2 file in the data directory
 * @param password the password of {@code user}; never logged
 * @param pool the largest number of connections of this node
 */
public record DatabaseSettings(
    Optional<String> url, String user, Optional<String> password, int pool) {

  /** With fewer, a request that needs a second connection could wait for other such requests. */
  private static final int LEAST_POOL = 4;

  /** More than the threads of a node; PostgreSQL needs a process for each. */
  static final int MOST_POOL = 500;

  public static DatabaseSettings from(Values values) {
    return new DatabaseSettings(
        values.other(
            "studio.db.url",
            "a URL such as jdbc:postgresql://host:5432/studio",
            value ->
                value.startsWith("jdbc:postgresql:")
                    && org.postgresql.Driver.parseURL(value, null) != null,
            value -> value),
        values.text("studio.db.user", "studio"),
        values.secret("studio.db.password"),
        values.integer("studio.db.pool", 30, LEAST_POOL, MOST_POOL));
  }
}
