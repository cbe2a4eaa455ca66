package devfest.studio.app.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Migrates the database to the schema of this version with the scripts in {@code db/}, and on
 * PostgreSQL with those in {@code db-postgresql/}, too. They share one sequence of versions.
 */
public final class Schema {

  private Schema() {}

  /**
   * @throws FlywayException if the database is not reachable or a script fails, for example because
   *     the schema was changed manually
   */
  public static void migrate(DataSource database) {
    List<String> locations = new ArrayList<>(List.of("classpath:db"));
    if (isPostgres(database)) {
      locations.add("classpath:db-postgresql");
    }
    Flyway.configure(Schema.class.getClassLoader())
        .dataSource(database)
        .locations(locations.toArray(new String[0]))
        .load()
        .migrate();
  }

  private static boolean isPostgres(DataSource database) {
    try (Connection connection = database.getConnection()) {
      return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
    } catch (SQLException e) {
      throw new FlywayException("The database is not reachable", e);
    }
  }
}
