package devfest.studio.blobs;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * An open, readable blob. It stays readable even if the blob is deleted while it is open. Safe for
 * use from many threads, as the positions of its ranges are independent.
 */
public interface Blob extends Closeable {

  /** The size in bytes. */
  long size();

  /** An entity tag without quotes; it changes when the content under the key changes. */
  String tag();

  /**
   * Opens a range for reading. Several ranges can be open at the same time. The caller closes the
   * stream.
   *
   * @param first index of the first byte, from 0
   * @param length number of bytes; the range must lie within the blob
   */
  InputStream read(long first, long length) throws IOException;

  /** Reads the whole blob into memory. */
  default byte[] bytes() throws IOException {
    try (InputStream in = read(0, size())) {
      return in.readAllBytes();
    }
  }
}
