package devfest.studio.app.database;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings the database to the schema that this version needs, by the migrations in {@code db/}. */
public final class Schema {

  private Schema() {}

  /**
   * @throws org.flywaydb.core.api.FlywayException when the database can't be reached or was changed
   *     by hand
   */
  public static void migrate(DataSource database) {
    Flyway.configure(Schema.class.getClassLoader())
        .dataSource(database)
        .locations("classpath:db")
        .load()
        .migrate();
  }
}
