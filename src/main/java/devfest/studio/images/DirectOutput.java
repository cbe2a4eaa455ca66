package devfest.studio.images;

import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.stream.ImageOutputStreamImpl;

/**
 * Output of an ImageIO codec that writes from the beginning to the end, without the cache of the
 * whole file that ImageIO's own streams have. Closing it leaves the target open.
 */
final class DirectOutput extends ImageOutputStreamImpl {
  private final OutputStream target;

  DirectOutput(OutputStream target) {
    this.target = target;
  }

  @Override
  public void write(int b) throws IOException {
    target.write(b);
    streamPos++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    target.write(bytes, offset, length);
    streamPos += length;
  }

  @Override
  public int read() {
    throw new UnsupportedOperationException("This stream can only be written");
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    throw new UnsupportedOperationException("This stream can only be written");
  }
}
