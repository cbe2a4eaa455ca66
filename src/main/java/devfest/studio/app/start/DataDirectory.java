package devfest.studio.app.start;

import devfest.studio.base.OwnerOnly;
import devfest.studio.settings.DataSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Restricts the data directory to the user of this process: directories to mode 700, and the files
 * directly in it, such as the database, to 600. Files below the directories are created with 600.
 * Safe for use from many threads.
 */
@ApplicationScoped
class DataDirectory {

  private static final Logger LOG = System.getLogger(DataDirectory.class.getName());

  private final Path root;
  private final AtomicBoolean warned = new AtomicBoolean();

  @Inject
  DataDirectory(DataSettings settings) {
    this(settings.dir());
  }

  DataDirectory(Path root) {
    this.root = root;
  }

  /**
   * Restricts what is there now. Has to be repeated, because the embedded database replaces its
   * file. A failure is logged once: some shared file systems do not allow it.
   */
  void restrict() {
    try {
      OwnerOnly.restrict(OwnerOnly.createDirectories(root));
      restrictContent(root, true);
    } catch (IOException | UnsupportedOperationException e) {
      if (warned.compareAndSet(false, true)) {
        LOG.log(
            Level.WARNING,
            "Other users of this machine may be able to read studio.data-dir, because the"
                + " permissions of its files cannot be restricted: "
                + e);
      }
    }
  }

  private static void restrictContent(Path dir, boolean files) throws IOException {
    try (DirectoryStream<Path> content = Files.newDirectoryStream(dir)) {
      for (Path path : content) {
        boolean isDirectory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        if (isDirectory || (files && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))) {
          restrictOne(path);
        }
        if (isDirectory) {
          restrictContent(path, false);
        }
      }
    }
  }

  private static void restrictOne(Path path) throws IOException {
    try {
      OwnerOnly.restrict(path);
    } catch (NoSuchFileException e) {
      // a temporary file of another thread
    }
  }
}
