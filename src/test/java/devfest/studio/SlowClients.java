package devfest.studio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that occupy connections: they send a request slowly, or do not read their responses. A
 * connection that the server closes is opened again.
 */
final class SlowClients implements AutoCloseable {

  private static final int RECEIVE_BUFFER = 4 * 1024;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final InetSocketAddress server;
  private final int count;
  private final byte[] opening;
  private final byte[] drip;
  private final boolean reading;
  private final Thread thread = new Thread(this::run, "slow-clients");
  private volatile boolean over;
  private volatile int held;
  private final AtomicInteger closed = new AtomicInteger();

  private SlowClients(URI server, int count, byte[] opening, byte[] drip, boolean reading) {
    this.server = new InetSocketAddress(server.getHost(), server.getPort());
    this.count = count;
    this.opening = opening;
    this.drip = drip;
    this.reading = reading;
    thread.setDaemon(true);
    thread.start();
  }

  /** Clients that send a head and then a byte every half second. */
  static SlowClients sending(URI server, int count, String head) {
    return new SlowClients(
        server, count, head.getBytes(ISO_8859_1), "a".getBytes(ISO_8859_1), true);
  }

  /** Clients that send many requests on each connection and read no response. */
  static SlowClients deaf(URI server, int count, String request, int times) {
    return new SlowClients(
        server,
        count,
        request.repeat(times).getBytes(ISO_8859_1),
        request.getBytes(ISO_8859_1),
        false);
  }

  /** Clients that read a response slowly, but faster than the minimum rate. */
  static SlowClients sipping(URI server, int count, String request) {
    return new SlowClients(server, count, request.getBytes(ISO_8859_1), new byte[0], true);
  }

  /**
   * Clients of HTTP/2 without encryption, by prior knowledge. Each connection has 90 requests whose
   * bodies do not end.
   */
  static SlowClients multiplexing(URI server, int count, String path, String token) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
    frame(out, 4, 0, 0, new byte[0]); // SETTINGS
    for (int stream = 3; stream < 3 + 2 * 90; stream += 2) {
      ByteArrayOutputStream headers = new ByteArrayOutputStream();
      literal(headers, ":method", "POST");
      literal(headers, ":scheme", "http");
      literal(headers, ":path", path);
      literal(headers, ":authority", "studio");
      literal(headers, "content-type", "application/json");
      literal(headers, "content-length", "10000");
      literal(headers, "authorization", "Bearer " + token);
      frame(out, 1, 4, stream, headers.toByteArray()); // HEADERS, the last of its request
      frame(out, 0, 0, stream, "{".getBytes(ISO_8859_1)); // DATA
    }
    return new SlowClients(server, count, out.toByteArray(), new byte[0], true);
  }

  private static void frame(
      ByteArrayOutputStream out, int type, int flags, int stream, byte[] body) {
    out.write(body.length >> 16);
    out.write(body.length >> 8);
    out.write(body.length);
    out.write(type);
    out.write(flags);
    out.writeBytes(ByteBuffer.allocate(4).putInt(stream).array());
    out.writeBytes(body);
  }

  /** Writes a header that is not added to the table (RFC 7541 § 6.2.2). */
  private static void literal(ByteArrayOutputStream out, String name, String value) {
    out.write(0);
    text(out, name);
    text(out, value);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    int rest = text.length() - 127;
    out.write(Math.min(127, text.length()));
    if (rest >= 0) { // the integers of RFC 7541 § 5.1
      for (; rest >= 128; rest /= 128) {
        out.write(rest % 128 + 128);
      }
      out.write(rest);
    }
    out.writeBytes(text.getBytes(ISO_8859_1));
  }

  /** Returns the number of connections that are open. */
  int held() {
    return held;
  }

  /** Returns how many connections the server has closed so far. */
  int closed() {
    return closed.get();
  }

  private void run() {
    List<SocketChannel> open = new ArrayList<>();
    try {
      while (!over) {
        int before = open.size();
        open.removeIf(channel -> !goesOn(channel));
        closed.addAndGet(before - open.size());
        while (open.size() < count && !over) {
          open.add(connect());
        }
        held = open.size();
        Thread.sleep(PAUSE.toMillis());
      }
    } catch (IOException | InterruptedException e) {
      // The server refuses connections, which the test notices, too.
    } finally {
      open.forEach(SlowClients::close);
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
    channel.connect(server);
    channel.configureBlocking(false);
    channel.write(ByteBuffer.wrap(opening)); // as much as the server takes
    return channel;
  }

  private boolean goesOn(SocketChannel channel) {
    try {
      channel.write(ByteBuffer.wrap(drip));
      if (!reading || channel.read(ByteBuffer.allocate(16 * 1024)) >= 0) {
        return true;
      }
    } catch (IOException e) {
      // The server has closed the connection.
    }
    close(channel);
    return false;
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is of no use any more.
    }
  }

  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
