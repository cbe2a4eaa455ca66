package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;

/** A real nginx in front of a server that holds back what is streamed, whatever it is asked. */
final class Nginx implements AutoCloseable {

  private static final String CONFIGURATION =
      """
      daemon off;
      pid %1$s/nginx.pid;
      error_log %1$s/error.log;
      events {}
      http {
        access_log off;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        server {
          listen 127.0.0.1:%2$d;
          location / {
            proxy_pass http://127.0.0.1:%3$d;
            proxy_http_version 1.0;
            proxy_buffering %4$s;
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
    Path file = configure("on");
    process =
        new ProcessBuilder(
                "nginx", "-p", dir.toString(), "-e", dir + "/error.log", "-c", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("out.log").toFile())
            .start();
    Client client = Client.anonymous(base);
    Awaitility.await().ignoreExceptions().until(() -> client.get("/api/v1/health").status() == 200);
  }

  private Path configure(String buffering) throws IOException {
    return Files.writeString(
        dir.resolve("nginx.conf"),
        CONFIGURATION.formatted(dir, base.getPort(), server.getPort(), buffering));
  }

  /** Holds nothing back any more. */
  void passOn() throws IOException, InterruptedException {
    configure("off");
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-HUP", pid).start().waitFor());
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
