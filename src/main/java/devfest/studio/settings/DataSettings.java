package devfest.studio.settings;

import java.nio.file.Path;

/**
 * Where the studio keeps its files.
 *
 * @param dir absolute; holds the database file, uploads and results
 */
public record DataSettings(Path dir) {

  public static DataSettings from(Values values) {
    Path dir = values.directory("studio.data-dir", "studio-data");
    return new DataSettings(dir.toAbsolutePath().normalize());
  }
}
