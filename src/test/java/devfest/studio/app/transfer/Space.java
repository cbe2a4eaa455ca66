package devfest.studio.app.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.blobs.Spool;
import devfest.studio.settings.DataSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Memory and disk space of a known size. */
final class Space {

  static final int KB = 1024;
  static final int MB = 1024 * KB;

  final Budget memory;
  final Budget disk;
  final Spool spool;
  final Path folder;
  private final long memoryBytes;
  private final long diskBytes;

  Space(Path dir, long memoryBytes, long diskBytes) {
    this.memoryBytes = memoryBytes;
    this.diskBytes = diskBytes;
    memory = Budget.of(memoryBytes);
    disk = Budget.of(diskBytes);
    spool = new Spool(new DataSettings(dir));
    folder = dir.resolve("unfinished");
  }

  Content content() {
    return new Content(memory, disk, spool);
  }

  /** The temporary files. */
  List<Path> files() throws IOException {
    if (Files.notExists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  void assertMemoryFree() {
    assertFree(memory, memoryBytes);
  }

  void assertFree() throws IOException {
    assertMemoryFree();
    assertFree(disk, diskBytes);
    assertEquals(List.of(), files());
  }

  static void assertFree(Budget budget, long bytes) {
    assertTrue(budget.take(bytes), "bytes were not given back");
    assertFalse(budget.take(1), "bytes were given back twice");
    budget.give(bytes);
  }

  static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }
}
