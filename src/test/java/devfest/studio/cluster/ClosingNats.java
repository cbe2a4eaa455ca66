package devfest.studio.cluster;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server of NATS that closes each connection after the first line that is published on it. To a
 * client that publishes nothing, it sends messages as if other clients did.
 */
final class ClosingNats implements AutoCloseable {

  private static final String INFO =
      "INFO {\"server_id\":\"test\",\"version\":\"2.9.10\",\"proto\":1,\"max_payload\":1048576}\r\n";

  /** Far less than the interval of the client's pings. */
  private static final int IDLE_MILLIS = 100;

  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Map<String, Integer> published = new ConcurrentHashMap<>();

  ClosingNats() throws IOException {
    daemon(this::accept);
  }

  String url() {
    return "nats://127.0.0.1:" + door.getLocalPort();
  }

  /** How often the line was published. */
  int published(String line) {
    return published.getOrDefault(line, 0);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = door.accept();
        daemon(() -> serve(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket client) {
    try (client;
        InputStream in = new BufferedInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream()) {
      client.setSoTimeout(IDLE_MILLIS);
      send(out, INFO);
      String subscription = null;
      ByteArrayOutputStream command = new ByteArrayOutputStream();
      while (true) {
        int next;
        try {
          next = in.read();
        } catch (SocketTimeoutException e) {
          if (subscription != null) {
            send(out, "MSG studio.signal " + subscription + " 1\r\nx\r\n");
          }
          continue;
        }
        if (next < 0) {
          return;
        }
        if (next != '\n') {
          command.write(next);
          continue;
        }
        String[] words = command.toString(StandardCharsets.UTF_8).trim().split(" ");
        String last = words[words.length - 1];
        command.reset();
        switch (words[0]) {
          case "PING" -> send(out, "PONG\r\n");
          case "SUB" -> subscription = last;
          case "PUB" -> {
            byte[] line = in.readNBytes(Integer.parseInt(last));
            published.merge(new String(line, StandardCharsets.UTF_8), 1, Integer::sum);
            return;
          }
          default -> {} // CONNECT and PONG need no response
        }
      }
    } catch (IOException e) {
      // the client has closed the connection
    }
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "closing-nats");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
