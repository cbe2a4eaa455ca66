package devfest.studio.blobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.settings.DataSettings;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DiskStoreTest extends BlobStoreContract {

  @Override
  BlobStore open() {
    return new DiskStore(new DataSettings(dir), spool);
  }

  @Test
  void aBlobIsStoredAsAFileOfItsName() throws Exception {
    write(KEY, "pixel");
    assertEquals("pixel", Files.readString(dir.resolve(KEY)));
  }

  @Test
  void theTagOfAFileThatAnotherNodeReplacedIsComputedAgain() throws Exception {
    write(KEY, "pixel");
    String before = tag(KEY);
    Path file = dir.resolve(KEY);
    FileTime modified = Files.getLastModifiedTime(file);
    Path other = Files.writeString(dir.resolve("other"), "voxel");
    Files.setLastModifiedTime(other, modified);
    Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertNotEquals(before, tag(KEY), "although size and time are the same");
  }

  @Test
  void aDeletedBlobIsStillReadableThroughOpenChannels() throws Exception {
    write(KEY, "pixel");
    try (Blob blob = store.open(KEY)) {
      store.delete(KEY);
      assertArrayEquals(bytes("pixel"), blob.bytes());
    }
    assertThrows(NoSuchFileException.class, () -> store.open(KEY));
  }

  @Test
  void startupDeletesOldTemporaryFiles() throws Exception {
    Path old = Files.writeString(dir.resolve("unfinished/old"), "x");
    Path young = Files.writeString(dir.resolve("unfinished/young"), "x");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(4_000)));
    spool.tidy();
    assertTrue(Files.notExists(old));
    assertTrue(Files.exists(young));
  }
}
