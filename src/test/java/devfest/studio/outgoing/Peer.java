package devfest.studio.outgoing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that answers every connection as a test decides, whatever HTTP says. */
final class Peer implements AutoCloseable {

  /** Writes a response. An exception, such as that of a broken connection, ends it. */
  interface Behaviour {
    void answer(OutputStream out) throws Exception;
  }

  private final ServerSocket server;
  private final Behaviour behaviour;
  final List<Socket> connections = new CopyOnWriteArrayList<>();

  /** The heads of the requests so far. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  Peer(ServerSocket server, Behaviour behaviour) {
    this.server = server;
    this.behaviour = behaviour;
    start(this::accept);
  }

  static Peer that(Behaviour behaviour) throws IOException {
    return new Peer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), behaviour);
  }

  static Peer that(String response) throws IOException {
    return that(out -> out.write(response.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "peer");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = server.accept();
        connections.add(connection);
        start(() -> answer(connection));
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private void answer(Socket connection) {
    try (connection) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
      StringBuilder head = new StringBuilder();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        head.append(line).append('\n');
      }
      requests.add(head.toString());
      OutputStream out = connection.getOutputStream();
      behaviour.answer(out);
      out.flush();
      connection.shutdownOutput();
      while (in.read() >= 0) {
        // a body of the request, which a close would answer with a reset
      }
    } catch (Exception e) {
      // the client has closed the connection
    }
  }

  int port() {
    return server.getLocalPort();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }
}
