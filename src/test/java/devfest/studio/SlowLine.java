package devfest.studio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A slow connection to a server, which can be cut. */
final class SlowLine implements AutoCloseable {

  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int port;
  private final long delayMillis;
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
  private final Set<Socket> streams = ConcurrentHashMap.newKeySet();
  private final Set<Socket> stalled = ConcurrentHashMap.newKeySet();

  SlowLine(URI server, long delayMillis) throws IOException {
    this.port = server.getPort();
    this.delayMillis = delayMillis;
    daemon(this::accept);
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + door.getLocalPort() + "/");
  }

  /** Cuts all connections; new ones can be made. */
  void cut() throws IOException {
    for (Socket socket = open.poll(); socket != null; socket = open.poll()) {
      socket.close();
    }
  }

  /** Carries nothing more of the streams that are open, and closes none; new ones are carried. */
  void stall() {
    stalled.addAll(streams);
  }

  private void accept() {
    try {
      while (true) {
        Socket near = door.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(near);
        daemon(() -> carry(near, far, near));
        daemon(() -> carry(far, near, near));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void carry(Socket from, Socket to, Socket near) {
    byte[] piece = new byte[1_024];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        if (new String(piece, 0, n, ISO_8859_1).contains("text/event-stream")) {
          streams.add(near);
        }
        do {
          Thread.sleep(delayMillis);
        } while (stalled.contains(near) && !near.isClosed());
        out.write(piece, 0, n);
      }
    } catch (IOException | InterruptedException e) {
      // one end has closed, so the other closes too
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "slow-line");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
