package devfest.studio.blobs;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** A stored file, open for reading. It stays readable when it is deleted meanwhile. */
public interface Blob extends Closeable {

  /** In bytes. */
  long size();

  /** Differs when the content of the same key differs; without quotes. */
  String tag();

  /**
   * Reads a range; several may be read at a time.
   *
   * @param first the first byte, from 0
   * @param length how many bytes; the range lies within the blob
   */
  InputStream read(long first, long length) throws IOException;

  /** All bytes, in memory. */
  default byte[] bytes() throws IOException {
    try (InputStream in = read(0, size())) {
      return in.readAllBytes();
    }
  }
}
