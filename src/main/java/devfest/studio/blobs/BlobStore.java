package devfest.studio.blobs;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Where files are stored. A key is a path of names separated by slashes, such as {@code
 * photos/thumbnails/ID.jpg}. Safe for use from many threads and nodes.
 */
public interface BlobStore {

  /** Writes the bytes of a blob; what it throws leaves the store as it was. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream target) throws IOException;
  }

  /**
   * Stores a blob, in the place of an older one of that key. It appears only when it is whole.
   *
   * @return its size in bytes
   */
  long write(String key, Content content) throws IOException;

  /**
   * Opens a blob for reading.
   *
   * @throws java.nio.file.NoSuchFileException when there is none of that key
   */
  Blob open(String key) throws IOException;

  /** Deletes a blob, if there is one of that key. */
  void delete(String key) throws IOException;

  /**
   * @throws IOException when nothing can be stored at present
   */
  void check() throws IOException;
}
