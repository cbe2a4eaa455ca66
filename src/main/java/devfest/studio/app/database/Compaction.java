package devfest.studio.app.database;

import devfest.studio.settings.DataSettings;
import devfest.studio.users.Erased;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Rewrites the file of the embedded database after an erasure, because H2 keeps old versions of
 * pages in it. The database has to be closed for that, so it is done when the studio stops, or when
 * it starts after it was killed. A file beside the database remembers that. Thread-safe.
 */
@ApplicationScoped
class Compaction {

  private static final Logger LOG = System.getLogger(Compaction.class.getName());

  private final DataSettings data;
  private final DatabaseSettings database;

  @Inject
  Compaction(DataSettings data, DatabaseSettings database) {
    this.data = data;
    this.database = database;
  }

  /** Remembers that an erasure has changed the embedded database. */
  void erased(@Observes Erased erased) {
    if (database.url().isEmpty()) {
      mark(data.dir());
    }
  }

  static void mark(Path dir) {
    try {
      Files.write(marker(dir), new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException("The erasure could not be noted beside the database", e);
    }
  }

  private static Path marker(Path dir) {
    return dir.resolve("studio.erased");
  }

  static boolean isDue(Path dir) {
    return Files.exists(marker(dir));
  }

  /**
   * Rewrites the file and closes the database. A failure is logged, and the next stop or start
   * tries again.
   */
  static void run(Path dir, Pool.Opening opening) {
    long start = System.nanoTime();
    try (Connection connection = opening.open();
        Statement statement = connection.createStatement()) {
      boolean ignored = statement.execute("shutdown compact");
    } catch (SQLException e) {
      LOG.log(Level.WARNING, "The database could not be compacted after an erasure", e);
      return;
    }
    try {
      Files.delete(marker(dir));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The database will be compacted again", e);
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    LOG.log(Level.INFO, "Compacted the database after an erasure in " + millis + " ms");
  }
}
