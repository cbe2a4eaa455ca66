package devfest.studio.blobs;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Stores files under keys. A key is a path of names separated by slashes, such as {@code
 * photos/thumbnails/ID.jpg}. Safe for use from many threads and nodes.
 *
 * <p>Each method throws an {@link devfest.studio.base.UnavailableException} while the store cannot
 * be used, and an IllegalArgumentException for an invalid key.
 */
public interface BlobStore {

  /** Writes the bytes of a blob. If it throws, the store stays unchanged. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream target) throws IOException;
  }

  /**
   * Stores a blob and replaces any existing blob with the same key. Readers never see a partially
   * written blob.
   *
   * @return the size of the blob in bytes
   */
  long write(String key, Content content) throws IOException;

  /**
   * Opens a blob for reading.
   *
   * @throws java.nio.file.NoSuchFileException if the key does not exist
   */
  Blob open(String key) throws IOException;

  /** Deletes the blob; does nothing if the key does not exist. */
  void delete(String key) throws IOException;

  /**
   * Checks that the store accepts writes.
   *
   * @throws IOException if nothing can be stored at present
   */
  void check() throws IOException;
}
