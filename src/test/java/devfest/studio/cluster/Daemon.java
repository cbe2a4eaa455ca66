package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;

/** A program that the tests start, kill, freeze and start again at the same port. */
final class Daemon implements AutoCloseable {

  private final Path dir;
  private final int port;
  private final List<String> command;
  private Process process;

  /**
   * Starts the program, and waits until it accepts connections.
   *
   * @param dir receives its output
   * @param port where it listens on the loopback address
   */
  Daemon(Path dir, int port, String... command) throws IOException {
    this.dir = dir;
    this.port = port;
    this.command = List.of(command);
    start();
  }

  /** A nats-server; needs the Debian package of this name. */
  static Daemon nats(Path dir) throws IOException {
    int port = Server.freePort();
    return new Daemon(
        dir, port, "/usr/sbin/nats-server", "-a", "127.0.0.1", "-p", Integer.toString(port));
  }

  int port() {
    return port;
  }

  void start() throws IOException {
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Files.createTempFile(dir, "daemon", ".log").toFile())
            .start();
    Awaitility.await()
        .ignoreExceptions()
        .until(
            () -> {
              try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
              }
            });
  }

  /** kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Stops it from running, while its connections stay open. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it run again. */
  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
