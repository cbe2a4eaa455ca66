package devfest.studio.blobs;

import devfest.studio.settings.DataSettings;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * Local files for what is on its way, which memory is too small for; whatever the store is. Safe
 * for use from many threads.
 */
@ApplicationScoped
public class Spool {

  /** This much space is left on the disk, for the embedded database above all. */
  public static final long RESERVE_BYTES = 8 * 1024 * 1024;

  /** A file is this old only when its process was killed. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path dir;

  @Inject
  public Spool(DataSettings settings) {
    this.dir = settings.dir().resolve("unfinished");
  }

  /** Deletes what a kill left behind. Younger files may belong to another node. */
  @PostConstruct
  void tidy() {
    try {
      Files.createDirectories(dir);
      Instant before = Instant.now().minus(ABANDONED);
      try (Stream<Path> files = Files.list(dir)) {
        for (Path file : files.toList()) {
          if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
            Files.deleteIfExists(file);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("studio.data-dir can't be used: " + dir, e);
    }
  }

  /**
   * A new empty file.
   *
   * @throws IOException also when the disk is nearly full
   */
  public Spooled file() throws IOException {
    Files.createDirectories(dir);
    if (dir.toFile().getUsableSpace() < RESERVE_BYTES) {
      throw new IOException("No space left on device, but for a reserve");
    }
    return new Spooled(Files.createTempFile(dir, "spool", ""));
  }

  /** A file of the spool; closing deletes it. */
  public static final class Spooled implements Closeable {

    private final Path file;

    private Spooled(Path file) {
      this.file = file;
    }

    Path path() {
      return file;
    }

    public OutputStream write() throws IOException {
      return Files.newOutputStream(file);
    }

    public InputStream read() throws IOException {
      return Files.newInputStream(file);
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(file);
    }
  }
}
