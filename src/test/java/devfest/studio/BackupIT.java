package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of the embedded database. */
class BackupIT extends SharedServerTest {

  @TempDir Path dir;

  @Test
  void whatWasAcknowledgedBeforeABackupIsThereAfterItsRestore() throws Exception {
    Rehearsal.run(dir, List.of(), List.of(), true);
  }

  @Test
  void aBackupReplacesThePreviousOneAndBelongsToTheUserOfTheProcess() throws Exception {
    JsonObject first = root.post("/api/v1/backup", "").data();
    assertEquals("backup/database.sql.gz", first.getString("file"));
    Path file = SharedServer.dir().resolve("data").resolve(first.getString("file"));
    assertEquals(first.getInt("size"), Files.size(file));
    for (int i = 0; i < 50; i++) {
      String ignored = root.publish("mark", Integer.toString(i), "private");
    }
    assertTrue(root.post("/api/v1/backup", "").data().getInt("size") > first.getInt("size"));
    try (var files = Files.list(file.getParent())) {
      assertEquals(List.of(file), files.toList());
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(
        2, root.get("/api/v1/audit?action=copy-database").items().size(), "it is in the trail");
  }
}
