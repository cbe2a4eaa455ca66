package devfest.studio.cluster;

import devfest.studio.Rehearsal;
import devfest.studio.S3Server;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a PostgreSQL database, with files on a disk and in a bucket. */
class BackupClusterIT {

  @TempDir Path dir;
  private EmbeddedPostgres database;

  @BeforeEach
  void start() throws IOException, SQLException {
    database = EmbeddedPostgres.start();
    try (Connection connection = database.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      boolean ignored = statement.execute("create database restored");
    }
  }

  @AfterEach
  void stop() throws IOException {
    database.close();
  }

  private List<String> on(String name) {
    return List.of(
        "studio.db.url=" + database.getJdbcUrl("postgres", name), "studio.db.user=postgres");
  }

  @Test
  void aDatabaseAndADirectoryAreRestored() throws Exception {
    Rehearsal.run(dir, on("postgres"), on("restored"), true);
  }

  @Test
  void aDatabaseAndABucketAreRestored() throws Exception {
    try (S3Server s3 = S3Server.start(dir)) {
      s3.create("original");
      s3.create("restored");
      List<String> original = new ArrayList<>(on("postgres"));
      original.addAll(s3.settings("original"));
      List<String> restored = new ArrayList<>(on("restored"));
      restored.addAll(s3.settings("restored"));
      // The lists of this S3 server lack objects while others are written; those of AWS do not.
      Rehearsal.run(dir, original, restored, false);
    }
  }
}
