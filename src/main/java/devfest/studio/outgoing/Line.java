package devfest.studio.outgoing;

import devfest.studio.outgoing.OutgoingException.Reason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/**
 * The sockets of one exchange. They add two bounds that OkHttp lacks: they connect to allowed
 * addresses only, also when the URL contains an address, about which OkHttp does not ask its {@link
 * okhttp3.Dns}; and they limit what arrives without becoming part of a body, such as the line
 * before a chunk. Safe for use from many threads.
 */
final class Line extends SocketFactory {

  /**
   * Bytes of a TLS handshake and the headers together, and bytes between two parts of the body.
   * OkHttp limits the headers alone to 256 KB.
   */
  static final int MAX_BETWEEN = 128 * 1024;

  private final Reach reach;
  private final AtomicInteger arrived = new AtomicInteger();

  Line(Reach reach) {
    this.reach = reach;
  }

  /** A part of the body has been read. */
  void partRead() {
    arrived.set(0);
  }

  @Override
  public Socket createSocket() {
    return new Bounded();
  }

  /** Not supported, like all variants that connect: OkHttp does not call them. */
  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException();
  }

  private final class Bounded extends Socket {

    Bounded() {
      super(Proxy.NO_PROXY); // a SOCKS proxy of the JVM
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      reach.check(((InetSocketAddress) endpoint).getAddress());
      super.connect(endpoint, timeout);
      setTcpNoDelay(true);
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new Counted(super.getInputStream());
    }
  }

  private final class Counted extends FilterInputStream {

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = super.read(bytes, offset, length);
      if (arrived.addAndGet(Math.max(0, count)) > MAX_BETWEEN) {
        throw new OutgoingException(Reason.TOO_LARGE, "sends headers that are too long");
      }
      return count;
    }
  }
}
