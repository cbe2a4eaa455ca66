package devfest.studio.app.database;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Migrates the database to the schema of this version with the scripts in {@code db/}. */
public final class Schema {

  private Schema() {}

  /**
   * @throws org.flywaydb.core.api.FlywayException if the database is not reachable or a script
   *     fails, for example because the schema was changed manually
   */
  public static void migrate(DataSource database) {
    Flyway.configure(Schema.class.getClassLoader())
        .dataSource(database)
        .locations("classpath:db")
        .load()
        .migrate();
  }
}
