package devfest.studio.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and directories that only the user of this process can access, whatever the umask. Without
 * effect on file systems without POSIX permissions.
 */
public final class OwnerOnly {

  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  private OwnerOnly() {}

  /** Creates the directory and its parents if they are missing; existing ones do not change. */
  public static Path createDirectories(Path dir) throws IOException {
    FileAttribute<?>[] attributes =
        dir.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(DIRECTORY)}
            : new FileAttribute<?>[0];
    return Files.createDirectories(dir, attributes);
  }

  /**
   * Restricts an existing file or directory.
   *
   * @throws IOException if the file system does not allow or ignores it
   */
  public static void restrict(Path path) throws IOException {
    if (!Files.getFileStore(path).supportsFileAttributeView("posix")) {
      return;
    }
    Set<PosixFilePermission> wanted = Files.isDirectory(path) ? DIRECTORY : FILE;
    if (!Files.getPosixFilePermissions(path).equals(wanted)) {
      Path ignored = Files.setPosixFilePermissions(path, wanted);
      if (!Files.getPosixFilePermissions(path).equals(wanted)) {
        throw new IOException("The file system ignores permissions: " + path);
      }
    }
  }
}
