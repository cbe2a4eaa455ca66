package devfest.studio.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.Server;
import devfest.studio.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes on one PostgreSQL with the signal of PostgreSQL, which started at the same time on an
 * empty database. The clock of the second is 15 seconds ahead, and it reaches the database through
 * PgBouncer in transaction mode. All of it works under load while one thing after another fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TroubleClusterIT {

  /** Enough events to show that the load goes on. */
  private static final int SOME = 60;

  @TempDir static Path dir;

  private Postgres postgres;
  private Daemon pooler;
  private int firstPort;
  private Server first;
  private Server second;
  private List<Client> nodes;

  @BeforeAll
  void start() throws Exception {
    postgres = new Postgres(dir);
    int poolerPort = Server.freePort();
    pooler = pooler(poolerPort);
    firstPort = Server.freePort();
    Server.Launch fast = Server.Launch.at(Server.freePort()).environment(fastClock());
    List<Server> both =
        Server.together(
            List.of(
                this::startFirst,
                () ->
                    Server.start(
                        fast,
                        dir,
                        "studio.dev-mode=true",
                        "studio.db.url=jdbc:postgresql://127.0.0.1:"
                            + poolerPort
                            + "/postgres?prepareThreshold=0",
                        "studio.db.user=postgres",
                        "studio.cluster.postgres-url=" + postgres.url(),
                        "studio.cluster.node=second")));
    first = both.get(0);
    second = both.get(1);
    String token = Client.of(first.base(), "root", "admin").token();
    nodes =
        List.of(
            Client.anonymous(first.base()).withToken(token),
            Client.anonymous(second.base()).withToken(token));
  }

  private Server startFirst() throws IOException {
    return Server.startAt(
        firstPort,
        dir,
        "studio.dev-mode=true",
        "studio.db.url=" + postgres.url(),
        "studio.db.user=postgres",
        "studio.cluster.node=first");
  }

  /** Shows the process a clock that is 15 seconds ahead. Needs a C compiler. */
  private static Map<String, String> fastClock() throws Exception {
    Path library = dir.resolve("skew.so").toAbsolutePath();
    Process compiler =
        new ProcessBuilder(
                "cc", "-shared", "-fPIC", "-o", library.toString(), "src/test/c/skew.c", "-ldl")
            .inheritIO()
            .start();
    assertEquals(0, compiler.waitFor());
    return Map.of("LD_PRELOAD", library.toString(), "SKEW_SECONDS", "15");
  }

  /** Needs the Debian package pgbouncer, which does not run as root. */
  private Daemon pooler(int port) throws IOException {
    Path file =
        Files.writeString(
            Files.createTempFile("pgbouncer", ".ini"),
            """
            [databases]
            * = host=127.0.0.1 port=%d user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = %d
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 40
            max_client_conn = 500
            ignore_startup_parameters = extra_float_digits
            """
                .formatted(postgres.port(), port));
    assertTrue(file.toFile().setReadable(true, false));
    file.toFile().deleteOnExit();
    return new Daemon(dir, port, "pgbouncer", "-u", "nobody", file.toString());
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
    close(first, second, pooler, postgres);
  }

  @Test
  void nothingIsLostWhenANodeIsKilled() throws Exception {
    try (Load load = new Load("kill", nodes)) {
      load.awaitProgress(SOME);
      first.kill();
      load.awaitProgress(SOME);
      first = startFirst();
      load.awaitProgress(SOME);
      load.check();
    }
  }

  @Test
  void nothingIsLostWhenTheListenersConnectionIsTerminated() throws Exception {
    try (Load load = new Load("listener", nodes)) {
      load.awaitProgress(SOME);
      assertEquals(
          2,
          postgres.number(
              "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                  + " where query ilike 'listen%'"));
      load.awaitProgress(SOME);
      for (Server node : List.of(first, second)) {
        await().until(() -> isConnected(node));
      }
      load.check();
    }
  }

  @Test
  void nothingIsLostWhenPostgresCrashes() throws Exception {
    try (Load load = new Load("crash", nodes)) {
      load.awaitProgress(SOME);
      postgres.crash();
      TimeUnit.SECONDS.sleep(3);
      postgres.restart();
      load.awaitProgress(SOME);
      load.check();
    }
  }

  @Test
  void jobsAreWorkedOnceAlthoughTheClocksDiffer() throws Exception {
    List<String> jobs = new ArrayList<>();
    try (Load load = new Load("clocks", nodes)) {
      for (int i = 0; i < 8; i++) {
        Client node = nodes.get(i % 2);
        jobs.add(node.transform(node.photo(TestImages.jpeg(1_200, 900), "public"), "vintage"));
      }
      for (String job : jobs) {
        await()
            .until(
                () ->
                    nodes
                        .get(0)
                        .get("/api/v1/transformations/" + job)
                        .data()
                        .getString("status")
                        .equals("completed"));
      }
      load.check();
    }
    for (String type : List.of("started", "completed")) {
      assertEquals(
          jobs.size(),
          postgres.number(
              "select count(*) from event_log where type = 'transformation." + type + "'"));
    }
    Instant latest =
        Instant.parse(
            nodes
                .get(1)
                .get("/api/v1/events?replay=1")
                .items()
                .getJsonObject(0)
                .getString("timestamp"));
    assertTrue(latest.isBefore(Instant.now().plusSeconds(5)), "the database's clock counts");
  }

  private static boolean isConnected(Server node) {
    return Client.anonymous(node.base())
        .get("/api/v1/health")
        .data()
        .getString("signal")
        .equals("connected");
  }
}
