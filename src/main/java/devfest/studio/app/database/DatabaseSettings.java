package devfest.studio.app.database;

import devfest.studio.settings.Values;
import java.util.Optional;

/**
 * The database.
 *
 * @param url of PostgreSQL; empty for an H2 file under the data dir
 */
public record DatabaseSettings(Optional<String> url, String user, Optional<String> password) {

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
        values.secret("studio.db.password"));
  }
}
