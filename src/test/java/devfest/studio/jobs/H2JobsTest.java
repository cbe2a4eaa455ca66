package devfest.studio.jobs;

import devfest.studio.log.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2JobsTest extends JobsContract {

  @TempDir static Path dir;

  @Override
  Database open() {
    return Database.h2(dir, "chores");
  }
}
