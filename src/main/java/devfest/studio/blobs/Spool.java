package devfest.studio.blobs;

import devfest.studio.base.OwnerOnly;
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
 * Temporary local files for data in transit that is too large for memory. They are on the local
 * disk whichever blob store is used. Safe for use from many threads.
 */
@ApplicationScoped
public class Spool {

  /** Bytes of disk space that spool files leave free, mainly for the embedded database. */
  public static final long RESERVE_BYTES = 8 * 1024 * 1024;

  /**
   * Larger than the small files that file systems store inside the inode, so the check allocates
   * disk blocks.
   */
  private static final int PROBE_BYTES = 64 * 1024;

  /** No request takes an hour, so an older file was left behind by a killed process. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path dir;

  @Inject
  public Spool(DataSettings settings) {
    this.dir = settings.dir().resolve("unfinished");
  }

  /**
   * Deletes files that a killed process left behind. Younger files may belong to another running
   * node.
   */
  @PostConstruct
  void tidy() {
    try {
      Path ignored = OwnerOnly.createDirectories(dir);
      Instant before = Instant.now().minus(ABANDONED);
      try (Stream<Path> files = Files.list(dir)) {
        for (Path file : files.toList()) {
          if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
            Files.deleteIfExists(file);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The directory in studio.data-dir cannot be used: " + dir, e);
    }
  }

  /**
   * Creates an empty file.
   *
   * @throws IOException if the file cannot be created or the disk has less than {@link
   *     #RESERVE_BYTES} free
   */
  public Spooled file() throws IOException {
    Path ignored = OwnerOnly.createDirectories(dir);
    if (dir.toFile().getUsableSpace() < RESERVE_BYTES) {
      throw new IOException(
          "No space left on device: less than %d MB are free"
              .formatted(RESERVE_BYTES / (1024 * 1024)));
    }
    return new Spooled(Files.createTempFile(dir, "spool", ""));
  }

  /** Returns the free disk space in bytes. */
  public long free() {
    return dir.toFile().getUsableSpace();
  }

  /**
   * Checks that files can be written.
   *
   * @throws IOException as {@link #file} does, or if the disk is full
   */
  void check() throws IOException {
    try (Spooled probe = file();
        OutputStream out = probe.write()) {
      out.write(new byte[PROBE_BYTES]);
    }
  }

  /** A spool file; closing it deletes the file. */
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

    public long size() throws IOException {
      return Files.size(file);
    }

    /** Reads the whole file into memory. */
    public byte[] bytes() throws IOException {
      return Files.readAllBytes(file);
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(file);
    }
  }
}
