package devfest.studio.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {

  @TempDir Path dir;

  private StudioDataSource source() {
    Map<String, String> settings = Map.of("studio.data-dir", dir.toString());
    return new StudioDataSource(name -> Optional.ofNullable(settings.get(name)));
  }

  private boolean fileContains(String text) throws Exception {
    byte[] file = Files.readAllBytes(dir.resolve("studio.mv.db"));
    return new String(file, StandardCharsets.ISO_8859_1).contains(text);
  }

  private static void execute(StudioDataSource source, String... statements) throws Exception {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        boolean ignored = statement.execute(sql);
      }
    }
  }

  private void writeAndErase(StudioDataSource source) throws Exception {
    execute(
        source,
        "create table note (id int primary key, text varchar(100))",
        "insert into note select x, concat('kept ', x) from system_range(1, 5000)",
        "update note set text = 'a secret of ann' where id = 70");
    execute(source, "update note set text = 'erased' where id = 70");
  }

  @Test
  void theDatabaseFileIsRewrittenAtTheStopAfterAnErasure() throws Exception {
    StudioDataSource source = source();
    writeAndErase(source);
    assertTrue(fileContains("a secret of ann"), "H2 keeps old pages");
    Compaction.mark(dir);
    source.close();
    assertFalse(fileContains("a secret of ann"));
    assertFalse(Compaction.isDue(dir));

    StudioDataSource again = source();
    try (Connection connection = again.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from note")) {
      assertTrue(rows.next());
      assertEquals(5_000, rows.getInt(1));
    }
    again.close();
  }

  @Test
  void theDatabaseFileIsRewrittenAtTheStartAfterAKill() throws Exception {
    StudioDataSource killed = source();
    writeAndErase(killed);
    execute(killed, "shutdown immediately");
    assertTrue(fileContains("a secret of ann"));
    killed.close();
    Compaction.mark(dir);
    StudioDataSource source = source();
    execute(source, "select 1");
    assertFalse(fileContains("a secret of ann"));
    assertFalse(Compaction.isDue(dir));
    source.close();
  }
}
