package devfest.studio.photos;

import devfest.studio.blobs.Spool;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** An uploaded file on the local disk. Closing it deletes the file. Not thread-safe. */
public final class Received implements Closeable {

  private final Spool.Spooled file;
  private final byte[] head;
  private final byte[] digest;

  private Received(Spool.Spooled file, byte[] head, byte[] digest) {
    this.file = file;
    this.head = head;
    this.digest = digest;
  }

  /**
   * Reads a file to its end.
   *
   * @param content the file; it is not closed here
   * @param maxBytes maximum size of the file
   * @throws PhotoRefused if the content is empty or too long
   * @throws IOException if reading or writing fails
   */
  static Received of(InputStream content, Spool spool, long maxBytes) throws IOException {
    Upload upload = new Upload(content, maxBytes);
    Spool.Spooled file = spool.file();
    try {
      byte[] head = upload.head(Intake.HEAD_LENGTH);
      try (OutputStream out = file.write()) {
        upload.transferTo(out);
      }
      return new Received(file, head, upload.digest());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Returns the first {@value Intake#HEAD_LENGTH} bytes, or all bytes of a shorter file. */
  public byte[] head() {
    return head;
  }

  /** Returns the SHA-256 digest of the file. */
  public byte[] digest() {
    return digest;
  }

  /** Opens the file for reading; the caller closes the stream. */
  public InputStream read() throws IOException {
    return file.read();
  }

  long size() throws IOException {
    return file.size();
  }

  byte[] bytes() throws IOException {
    return file.bytes();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
