package devfest.studio.outgoing;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.outgoing.OutgoingException.Reason;
import java.io.IOException;
import java.io.InputStream;

/**
 * A response body of a maximum size, which explains failures. {@link #close} is for any thread, and
 * ends a read of another one.
 */
final class Body extends InputStream {

  private final Exchange exchange;
  private final InputStream in;
  private final long max;

  @GuardedBy("this")
  private long left;

  Body(Exchange exchange, InputStream in, long max) {
    this.exchange = exchange;
    this.in = in;
    this.max = max;
    this.left = max;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      int count = in.read(bytes, offset, length);
      left -= Math.max(0, count);
      if (left < 0) {
        throw new OutgoingException(Reason.TOO_LARGE, "sends more than " + max + " bytes");
      }
      exchange.partRead();
      return count;
    } catch (IOException e) {
      OutgoingException explained = exchange.explained(e);
      close();
      throw explained;
    }
  }

  @Override
  public void close() {
    exchange.cancel(); // ends a read, which has the lock; OkHttp must not drain what is left
    synchronized (this) {
      try {
        in.close();
      } catch (IOException e) {
        // the connection is closed
      }
    }
  }
}
