package devfest.studio.blobs;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * An open, readable blob. Safe for use from many threads, as the positions of its ranges are
 * independent. If the blob is deleted or replaced while it is open, ranges either have its bytes as
 * they were or fail; they never mix two versions.
 */
public interface Blob extends Closeable {

  /** The size in bytes. */
  long size();

  /**
   * Returns an entity tag without quotes: a digest of the content, which is the same in every store
   * and on every node. May read the whole blob.
   */
  String tag() throws IOException;

  /**
   * Opens a range for reading. Several ranges can be open at the same time. The caller closes the
   * stream.
   *
   * @param first index of the first byte, from 0
   * @param length number of bytes; the range must lie within the blob
   * @throws java.nio.file.NoSuchFileException if the blob was deleted since it was opened
   */
  InputStream read(long first, long length) throws IOException;

  /** Reads the whole blob into memory. */
  default byte[] bytes() throws IOException {
    byte[] bytes = new byte[(int) size()];
    try (InputStream in = read(0, bytes.length)) {
      if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
        throw new EOFException("The blob is shorter than its size");
      }
    }
    return bytes;
  }
}
