package devfest.studio.settings;

import java.nio.file.Path;

/**
 * Settings of the data directory.
 *
 * @param dir the absolute path of the directory with the database file, uploads and results
 */
public record DataSettings(Path dir) {

  public static DataSettings from(Values values) {
    Path dir = values.directory("studio.data-dir", "studio-data");
    return new DataSettings(dir.toAbsolutePath().normalize());
  }
}
