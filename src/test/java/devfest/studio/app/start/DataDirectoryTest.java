package devfest.studio.app.start;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.base.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class DataDirectoryTest {

  @TempDir Path temporary;
  private Path root;

  @BeforeEach
  void fill() throws IOException {
    root = Files.createDirectories(temporary.resolve("data"));
    Path photos = Files.createDirectories(root.resolve("photos/thumbnails"));
    for (Path file : new Path[] {root.resolve("studio.mv.db"), photos.resolve("a.jpg")}) {
      allow(Files.writeString(file, "x"), "rw-r--r--");
    }
    for (Path dir : new Path[] {root, photos.getParent(), photos}) {
      allow(dir, "rwxr-xr-x");
    }
  }

  private static void allow(Path path, String modes) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(modes));
  }

  private static String modes(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void directoriesAndTheDatabaseAreForTheOwnerOnly() throws IOException {
    new DataDirectory(root).restrict();
    assertEquals("rwx------", modes(root));
    assertEquals("rwx------", modes(root.resolve("photos")));
    assertEquals("rwx------", modes(root.resolve("photos/thumbnails")));
    assertEquals("rw-------", modes(root.resolve("studio.mv.db")));
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    allow(outside, "rwxr-xr-x");
    Files.createSymbolicLink(root.resolve("link"), outside);
    new DataDirectory(root).restrict();
    assertEquals("rwxr-xr-x", modes(outside));
  }

  @Test
  void missingDirectoriesAreCreatedForTheOwnerOnly() throws IOException {
    Path dir = OwnerOnly.createDirectories(temporary.resolve("a/b"));
    assertEquals("rwx------", modes(dir));
    assertEquals("rwx------", modes(dir.getParent()));
  }
}
