package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A real nginx in front of a server that holds back what is streamed, whatever it is asked, and
 * lets no WebSocket through; at first. What goes through it when that changes is cut.
 */
final class Nginx implements AutoCloseable {

  private static final String HOLDING_BACK = "proxy_http_version 1.0; proxy_buffering on;";
  private static final String PASSING_ON = "proxy_http_version 1.0; proxy_buffering off;";
  private static final String UPGRADING =
      "proxy_http_version 1.1; proxy_buffering off; proxy_read_timeout 1h;"
          + " proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $upgrading;";

  private static final String IMPATIENT =
      "proxy_http_version 1.1; proxy_buffering off; proxy_read_timeout 500ms;";

  private static final String CONFIGURATION =
      """
      daemon off;
      pid %1$s/nginx.pid;
      error_log %1$s/error.log;
      worker_shutdown_timeout 1s;
      events {}
      http {
        access_log off;
        map $http_upgrade $upgrading { default upgrade; "" ""; }
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        server {
          listen 127.0.0.1:%2$d;
          location / {
            proxy_pass http://127.0.0.1:%3$d;
            proxy_set_header Host $http_host;
            %4$s
            proxy_buffer_size 16k;
            proxy_buffers 8 16k;
            proxy_ignore_headers X-Accel-Buffering;
          }
        }
      }
      """;

  private final Process process;
  private final Path dir;
  private final URI server;
  private final URI base;

  /** Needs the Debian package nginx-light or nginx. */
  Nginx(Path parent, URI server) throws IOException {
    this.dir = Files.createTempDirectory(parent, "nginx");
    this.server = server;
    try (ServerSocket socket = new ServerSocket(0)) {
      base = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    }
    Path file = configure(HOLDING_BACK);
    process =
        new ProcessBuilder(
                "nginx", "-p", dir.toString(), "-e", dir + "/error.log", "-c", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("out.log").toFile())
            .start();
    Client client = Client.anonymous(base);
    Awaitility.await().ignoreExceptions().until(() -> client.get("/api/v1/health").status() == 200);
  }

  private Path configure(String manner) throws IOException {
    return Files.writeString(
        dir.resolve("nginx.conf"),
        CONFIGURATION.formatted(dir, base.getPort(), server.getPort(), manner));
  }

  /** Holds no stream back any more, but lets no WebSocket through. */
  void passOn() throws IOException, InterruptedException {
    become(PASSING_ON);
  }

  /** Lets everything through. */
  void upgrade() throws IOException, InterruptedException {
    become(UPGRADING);
  }

  /** Cuts what is quiet for half a second. */
  void cutQuiet() throws IOException, InterruptedException {
    become(IMPATIENT);
  }

  /** As it was at first. */
  void holdBack() throws IOException, InterruptedException {
    become(HOLDING_BACK);
  }

  /** Returns when no old worker is left, which would cut a stream that has just been opened. */
  private void become(String manner) throws IOException, InterruptedException {
    configure(manner);
    List<ProcessHandle> old = process.children().toList();
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-HUP", pid).start().waitFor());
    Awaitility.await().until(() -> old.stream().noneMatch(ProcessHandle::isAlive));
  }

  URI base() {
    return base;
  }

  @Override
  public void close() {
    process.destroy();
    Awaitility.await().until(() -> !process.isAlive());
  }
}
