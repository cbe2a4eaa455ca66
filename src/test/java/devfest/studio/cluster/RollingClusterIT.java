package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.Server;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes behind nginx and HAProxy, with the configurations of payara-config. Both nodes first
 * run the previous version; then each is replaced by this version while the load goes on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RollingClusterIT {

  /** Made from the history by the profile; see the pom. */
  private static final Path PREVIOUS = Path.of("target/previous/target/devfest-studio.war");

  private static final Path CURRENT = Path.of("target/devfest-studio.war");

  /** Enough events to show that the load goes on. */
  private static final int SOME = 60;

  private static final Duration DRAIN = Duration.ofSeconds(5);

  @TempDir static Path dir;

  private Postgres postgres;
  private int[] ports;
  private List<Server> nodes = List.of();
  private Daemon nginx;
  private Daemon haproxy;
  private List<Client> proxies;

  @BeforeAll
  void start() throws Exception {
    postgres = new Postgres(dir);
    ports = new int[] {Server.freePort(), Server.freePort()};
    nodes = Server.together(List.of(() -> node(0, PREVIOUS), () -> node(1, PREVIOUS)));
    String token = Client.of(nodes.get(0).base(), "root", "admin").token();
    int nginxPort = Server.freePort();
    int haproxyPort = Server.freePort();
    nginx = nginx(nginxPort);
    haproxy = haproxy(haproxyPort);
    proxies = List.of(client(nginxPort, token), client(haproxyPort, token));
  }

  private static Client client(int port, String token) {
    return Client.anonymous(URI.create("http://127.0.0.1:" + port + "/")).withToken(token);
  }

  private Server node(int index, Path war) throws IOException {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "studio.dev-mode=true",
                "studio.db.url=" + postgres.url(),
                "studio.db.user=postgres"));
    if (war.equals(CURRENT)) {
      settings.add("studio.stop.drain=" + DRAIN);
    }
    return Server.start(
        Server.Launch.at(ports[index]).war(war), dir, settings.toArray(String[]::new));
  }

  /** The file with the addresses of this test, and two nodes instead of three. */
  private Path configuration(String name, int port, String listen) throws IOException {
    String text =
        Files.readString(Path.of("payara-config", name))
            .replaceAll("(?m)^.*studio-3.*\n", "")
            .replace("30000", "1000") // connections: this machine allows fewer files
            .replace(listen + "8080", listen + port)
            .replace("studio-1:8080", "127.0.0.1:" + ports[0])
            .replace("studio-2:8080", "127.0.0.1:" + ports[1]);
    return Files.writeString(dir.resolve(name), text);
  }

  /** Needs the Debian package nginx-light. */
  private Daemon nginx(int port) throws IOException {
    return new Daemon(
        dir,
        port,
        "nginx",
        "-e",
        dir.resolve("error.log").toString(),
        "-g",
        "daemon off; pid " + dir.resolve("nginx.pid") + ";",
        "-c",
        configuration("nginx.conf", port, "listen ").toString());
  }

  /** Needs the Debian package haproxy. */
  private Daemon haproxy(int port) throws IOException {
    return new Daemon(
        dir, port, "haproxy", "-f", configuration("haproxy.cfg", port, "bind :").toString());
  }

  /** Closes what was started, also after a failed start. */
  private static void close(AutoCloseable... parts) throws Exception {
    for (AutoCloseable part : parts) {
      if (part != null) {
        part.close();
      }
    }
  }

  @AfterAll
  void stop() throws Exception {
    close(nginx, haproxy);
    close(nodes.toArray(Server[]::new));
    close(postgres);
  }

  @Test
  void nothingIsLostWhenOneNodeAfterTheOtherIsUpgraded() throws Exception {
    // The previous version can return 500 at the beginning of its stop.
    try (Load load = new Load("upgrade", proxies, Set.of(429, 500, 503))) {
      load.awaitProgress(SOME);
      for (int i = 0; i < nodes.size(); i++) {
        nodes.get(i).stop();
        nodes.set(i, node(i, CURRENT)); // while the other node runs the previous version
        load.awaitProgress(SOME);
      }
      load.check();
    }
    try (Load load = new Load("restart", proxies)) {
      load.awaitProgress(SOME);
      assertDrains();
      load.awaitProgress(SOME);
      load.check();
    }
  }

  @Test
  void thisVersionOpensADataDirectoryOfThePreviousOne() throws Exception {
    Path own = Files.createDirectory(dir.resolve("embedded"));
    String event;
    String photo;
    String picture;
    try (Server server =
        Server.start(
            Server.Launch.at(Server.freePort()).war(PREVIOUS), own, "studio.dev-mode=true")) {
      Client admin = Client.of(server.base(), "root", "admin");
      photo = admin.photo(TestImages.jpeg(300, 200), "public");
      try (SseReader stream = admin.stream("?types=transformation.completed")) {
        picture = admin.transform(photo, "vintage");
        stream.next("transformation.completed");
      }
      event = admin.publish("before", "1", "public");
      server.kill();
    }
    try (Server server = Server.start(own, "studio.dev-mode=true")) {
      Client admin = Client.of(server.base(), "root", "admin");
      assertEquals(200, admin.get("/uploads/photos/" + photo + ".jpg").status());
      assertEquals(200, admin.get("/uploads/transformations/" + picture + ".jpg").status());
      try (SseReader stream = admin.stream("", "Last-Event-ID: " + event)) {
        assertEquals(event, stream.next("connected").id());
        String next = admin.publish("after", "1", "public");
        assertEquals(Long.parseLong(event) + 1, Long.parseLong(next));
        assertEquals(next, stream.next("after").id());
      }
      assertEquals(204, admin.delete("/api/v1/photos/" + photo).status());
    }
  }

  /** The first node is told to stop while another runs: its streams end one after another. */
  private void assertDrains() throws Exception {
    Client direct = client(ports[0], proxies.get(0).token());
    List<SseReader> streams = new ArrayList<>();
    List<Long> ends = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      streams.add(direct.stream("?types=none.*"));
    }
    long told = System.nanoTime();
    nodes.get(0).terminate();
    TimeUnit.SECONDS.sleep(1);
    try (SseReader refused = direct.stream("")) {
      assertEquals(503, refused.status());
      assertTrue(refused.headers().containsKey("Retry-After"));
    }
    assertEquals(503, direct.get("/api/v1/health").status());
    assertEquals(200, direct.get("/api/v1/events/stats").status(), "other requests are served");
    List<Thread> readers = new ArrayList<>();
    for (SseReader stream : streams) {
      Thread reader =
          new Thread(
              () -> {
                try {
                  assertTrue(stream.next("stream.closed").data().contains("shutdown"));
                  synchronized (ends) {
                    ends.add(System.nanoTime() - told);
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      readers.add(reader);
      reader.start();
    }
    for (Thread reader : readers) {
      reader.join();
    }
    assertEquals(20, ends.size());
    LongStream seconds = ends.stream().mapToLong(TimeUnit.NANOSECONDS::toSeconds);
    assertTrue(seconds.distinct().count() >= 4, () -> "the ends are spread: " + ends);
    nodes.get(0).stop();
    nodes.set(0, node(0, CURRENT));
  }
}
