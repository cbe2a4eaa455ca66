package devfest.studio.app.backup;

import devfest.studio.app.database.StudioDataSource;
import devfest.studio.base.OwnerOnly;
import devfest.studio.blobs.Spool;
import devfest.studio.settings.DataSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes the embedded database into a file as the SQL statements that create it again, while it is
 * in use (docs/decisions/h2-backup.md). Safe for use from many threads.
 */
@ApplicationScoped
class EmbeddedBackup {

  private static final Logger LOG = System.getLogger(EmbeddedBackup.class.getName());

  /** Relative to the data directory. */
  static final String FILE = "backup/database.sql.gz";

  /** The file of the embedded database, relative to the data directory. */
  private static final String DATABASE = "studio.mv.db";

  private static final String SNAPSHOT =
      "set session characteristics as transaction isolation level snapshot";

  private static final String SCRIPT = "script nopasswords nosettings to ? compression gzip";

  /**
   * A finished backup.
   *
   * @param takenAt everything that was committed before this instant is in the backup
   */
  record Written(long size, Instant takenAt) {}

  private final DataSettings data;
  private final Clock clock;
  private final Lock running = new ReentrantLock();

  @Inject
  EmbeddedBackup(DataSettings data, Clock clock) {
    this.data = data;
    this.clock = clock;
  }

  /** Whether the disk has as much free space as the database takes, which is more than enough. */
  boolean fits() throws IOException {
    Path database = data.dir().resolve(DATABASE);
    return data.dir().toFile().getUsableSpace() - Files.size(database) > Spool.RESERVE_BYTES;
  }

  /**
   * Replaces the previous backup when the new one is complete.
   *
   * @return empty if another call writes a backup at the moment
   */
  Optional<Written> write() throws IOException, SQLException {
    if (!running.tryLock()) {
      return Optional.empty();
    }
    try {
      return Optional.of(replace(data.dir().resolve(FILE)));
    } finally {
      running.unlock();
    }
  }

  private Written replace(Path file) throws IOException, SQLException {
    Path dir = OwnerOnly.createDirectories(Objects.requireNonNull(file.getParent()));
    Path fresh = dir.resolve("unfinished.sql.gz");
    try {
      Instant takenAt = clock.instant();
      script(fresh);
      restrict(fresh);
      long size = Files.size(fresh);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return new Written(size, takenAt);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** The directory is restricted already, unless the file system does not allow it. */
  private static void restrict(Path file) {
    try {
      OwnerOnly.restrict(file);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.log(Level.DEBUG, "The permissions of the backup could not be restricted", e);
    }
  }

  /** Without the snapshot each table would be read as it is when its turn comes. */
  private static void script(Path file) throws SQLException {
    try (Connection connection = new StudioDataSource().unpooled().getConnection()) {
      connection.setAutoCommit(false);
      try (Statement isolation = connection.createStatement();
          PreparedStatement script = connection.prepareStatement(SCRIPT)) {
        boolean ignored = isolation.execute(SNAPSHOT);
        script.setString(1, file.toString());
        ignored = script.execute();
      } finally {
        connection.rollback();
      }
    }
  }
}
