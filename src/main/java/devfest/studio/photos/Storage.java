package devfest.studio.photos;

import devfest.studio.base.Sha256;
import devfest.studio.settings.DataSettings;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The images and archives on disk, under the data dir. A file appears under its name only when it
 * is whole. Safe for use from many threads.
 */
@ApplicationScoped
public class Storage {

  /** Fired in a transaction after which these files are no longer needed. */
  public record Discarded(List<Path> files) {}

  /** Writes a file's content. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Path file) throws IOException;
  }

  /** So much space is left on the disk, for the embedded database above all. */
  public static final long RESERVE_BYTES = 8 * 1024 * 1024;

  /** More than file systems keep within a directory's entry. */
  private static final int PROBE_BYTES = 64 * 1024;

  private static final Duration ABANDONED = Duration.ofHours(1);
  private static final Logger LOG = System.getLogger(Storage.class.getName());

  @Inject private DataSettings settings;

  private Path photos;
  private Path thumbnails;
  private Path results;
  private Path resultThumbnails;
  private Path archives;
  private Path unfinished;

  @PostConstruct
  void prepare() {
    Path root = settings.dir();
    photos = root.resolve("photos");
    thumbnails = photos.resolve("thumbnails");
    results = root.resolve("transformations");
    resultThumbnails = results.resolve("thumbnails");
    archives = root.resolve("archives");
    unfinished = root.resolve("unfinished");
    try {
      for (Path dir :
          List.of(photos, thumbnails, results, resultThumbnails, archives, unfinished)) {
        Files.createDirectories(dir);
      }
      tidy();
    } catch (IOException e) {
      throw new UncheckedIOException("studio.data-dir can't be used: " + root, e);
    }
  }

  /** What a crash left half done. What is younger may be in work on another node. */
  private void tidy() throws IOException {
    Instant before = Instant.now().minus(ABANDONED);
    try (Stream<Path> files = Files.list(unfinished)) {
      for (Path file : files.toList()) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  public Path photo(String photoId) {
    return photos.resolve(photoId + ".jpg");
  }

  Path thumbnail(String photoId) {
    return thumbnails.resolve(photoId + ".jpg");
  }

  public Path result(String transformationId) {
    return results.resolve(transformationId + ".jpg");
  }

  /** A small copy of the result, for walls of many. */
  public Path resultThumbnail(String transformationId) {
    return resultThumbnails.resolve(transformationId + ".jpg");
  }

  /**
   * Writes what a client sends, and gives its SHA-256.
   *
   * @throws PhotoRefused when it is nothing, or more than so many bytes
   */
  public byte[] receive(InputStream content, Path file, long maxBytes) throws IOException {
    MessageDigest digest = Sha256.begin();
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
      byte[] buffer = new byte[64 * 1024];
      long total = 0;
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        total += n;
        if (total > maxBytes) {
          throw new PhotoRefused.TooLarge(maxBytes);
        }
        out.write(buffer, 0, n);
      }
      if (total == 0) {
        throw new PhotoRefused.Empty();
      }
    }
    return digest.digest();
  }

  /** The tasks whose archives have lain here for long, which may be over and forgotten. */
  public List<String> oldArchives() {
    Instant before = Instant.now().minus(ABANDONED);
    try (Stream<Path> files = Files.list(archives)) {
      return files
          .filter(file -> file.toFile().lastModified() < before.toEpochMilli())
          .map(file -> file.getFileName().toString().replaceFirst("\\.zip$", ""))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a task works on. */
  public Path archive(String taskId) {
    return archives.resolve(taskId + ".zip");
  }

  /** A new empty file for what is on its way; the caller deletes it. */
  Path temporary() throws IOException {
    return create("upload");
  }

  private Path create(String prefix) throws IOException {
    if (unfinished.toFile().getUsableSpace() < RESERVE_BYTES) {
      throw new IOException("No space left on device, but for a reserve");
    }
    return Files.createTempFile(unfinished, prefix, "");
  }

  /** Writes the file beside its place and then moves it there, over an older one if there is. */
  public void write(Path target, Content content) throws IOException {
    Path fresh = create("fresh");
    try {
      content.writeTo(fresh);
      Files.move(
          fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  void discard(@Observes(during = TransactionPhase.AFTER_SUCCESS) Discarded discarded) {
    delete(discarded.files());
  }

  /** Deletes what is there of the files. */
  public void delete(List<Path> files) {
    for (Path file : files) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.log(Level.WARNING, "Could not delete " + file + ": " + e.getMessage());
      }
    }
  }

  /**
   * @throws IOException when nothing can be stored at present
   */
  public void check() throws IOException {
    Path probe = temporary();
    try {
      Files.write(probe, new byte[PROBE_BYTES]);
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
