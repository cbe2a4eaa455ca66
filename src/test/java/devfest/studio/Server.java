package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A bare server with the WAR, as an operator starts it; for tests that stop and kill it. Payara
 * Micro, or WildFly if Arquillian is configured to launch that.
 */
public final class Server implements Closeable {

  private static final Duration START = Duration.ofMinutes(4);
  private static final String FAILED = "The studio does not start: ";
  private static final String WAR = "target/devfest-studio.war";

  private final Process process;
  private final URI base;
  private final URI secure;
  private final Path log;

  private Server(Process process, URI base, URI secure, Path log) {
    this.process = process;
    this.base = base;
    this.secure = secure;
    this.log = log;
  }

  /**
   * @param settings system properties, as {@code name=value}, and options of the JVM
   */
  public static Server start(Path dir, String... settings) throws IOException {
    return startAt(freePort(), dir, settings);
  }

  /** The same at a given port. */
  public static Server startAt(int port, Path dir, String... settings) throws IOException {
    return startAt(port, "/", dir, settings);
  }

  /**
   * The same below a context path.
   *
   * @param root {@code /} or {@code /studio/}
   */
  public static Server startBelow(String root, Path dir, String... settings) throws IOException {
    return startAt(freePort(), root, dir, settings);
  }

  private static Server startAt(int port, String root, Path dir, String... settings)
      throws IOException {
    Server server = launch(port, root, dir, settings);
    try {
      Awaitility.await().atMost(START).ignoreExceptions().until(server::healthy);
    } catch (RuntimeException | AssertionError e) {
      server.close();
      throw e;
    }
    return server;
  }

  /**
   * Starts a server on which the studio can't start, and waits until it says so: on Payara Micro
   * for the end of the process, WildFly lives on.
   *
   * @return its log
   */
  public static String fail(Path dir, String... settings) throws IOException {
    try (Server server = launch(freePort(), "/", dir, settings)) {
      Awaitility.await()
          .atMost(START)
          .until(() -> onWildFly() ? server.log().contains(FAILED) : !server.process.isAlive());
      if (!onWildFly()) {
        assertEquals(1, server.process.exitValue());
      }
      return server.log();
    }
  }

  private static Server launch(int port, String root, Path dir, String... settings)
      throws IOException {
    int securePort = freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx768m");
    // Servers of tests live too briefly for more to pay: they start in two thirds of the time.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    // Files that a killed server leaves behind are deleted with the test's directory.
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(dir.resolve("tmp")).toAbsolutePath());
    command.add("-Dstudio.data-dir=" + dir.toAbsolutePath().resolve("data"));
    command.add("-Dstudio.public-url=http://127.0.0.1:" + port + root);
    command.add("-Dmp.jwt.verify.clock.skew=2"); // tests wait for the end of tokens
    for (String setting : settings) {
      command.add(setting.startsWith("-") ? setting : "-D" + setting);
    }
    command.addAll(
        onWildFly() ? wildFly(dir, port, root, securePort) : payara(port, root, securePort));
    Path log = Files.createTempFile(dir, "server", ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    URI secure = URI.create("https://127.0.0.1:" + securePort + "/");
    return new Server(process, URI.create("http://127.0.0.1:" + port + root), secure, log);
  }

  static boolean onWildFly() {
    return "wildfly".equals(System.getProperty("arquillian.launch"));
  }

  /** By the recipe of payara-config: the port opens when the studio is deployed. */
  private static List<String> payara(int port, String root, int securePort) {
    return List.of(
        "-jar",
        "target/payara-micro.jar",
        "--deploy",
        WAR,
        "--contextroot",
        root.equals("/") ? root : root.replaceFirst("/$", ""),
        "--nohazelcast",
        "--prebootcommandfile",
        "payara-config/pre-boot.asadmin",
        "--postdeploycommandfile",
        "payara-config/post-deploy.asadmin",
        "--port",
        Integer.toString(port),
        "--sslport",
        Integer.toString(securePort));
  }

  /** With a directory of its own, where the WAR lies ready to be deployed. */
  private static List<String> wildFly(Path dir, int port, String root, int securePort)
      throws IOException {
    Path home = Path.of("target/wildfly").toAbsolutePath();
    Path base = Files.createTempDirectory(dir.toAbsolutePath(), "wildfly");
    Path configuration = Files.createDirectory(base.resolve("configuration"));
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(home.resolve("standalone/configuration"), "*.{xml,properties}")) {
      for (Path file : files) {
        Files.copy(file, configuration.resolve(file.getFileName()));
      }
    }
    Path war = Files.createDirectory(base.resolve("deployments")).resolve("studio.war");
    Files.copy(Path.of(WAR), war);
    if (!root.equals("/")) { // then the file's name says where, unless a descriptor does
      try (FileSystem content = FileSystems.newFileSystem(war)) {
        Files.delete(content.getPath("WEB-INF/jboss-web.xml"));
      }
    }
    return List.of(
        "-Djboss.home.dir=" + home,
        "-Djboss.server.base.dir=" + base,
        "-Djboss.http.port=" + port,
        "-Djboss.https.port=" + securePort,
        "-Djboss.management.http.port=" + freePort(),
        "-Dlogging.configuration=" + configuration.resolve("logging.properties").toUri(),
        "-Dorg.jboss.boot.log.file=" + base.resolve("boot.log"),
        "-jar",
        home.resolve("jboss-modules.jar").toString(),
        "-mp",
        home.resolve("modules").toString(),
        "org.jboss.as.standalone");
  }

  /**
   * A port that nobody uses. It is below the range from which Linux takes the ports of outgoing
   * connections, because the server binds it seconds later, while other tests connect.
   */
  static int freePort() throws IOException {
    for (int i = 0; i < 100; i++) {
      int port = ThreadLocalRandom.current().nextInt(12_000, 27_000);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // in use
      }
    }
    throw new IOException("There is no free port");
  }

  private boolean healthy() {
    assertTrue(process.isAlive(), () -> "the server died: " + log());
    return Client.anonymous(base).get("/api/v1/health").status() == 200;
  }

  public URI base() {
    return base;
  }

  /** The address over TLS, with a self-signed certificate. */
  public URI secure() {
    return secure;
  }

  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Sends SIGTERM and does not wait. */
  public void terminate() {
    process.destroy();
  }

  /** kill -9. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM, and waits for the end. */
  public void stop() throws InterruptedException {
    process.destroy();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the server stops within 30 s");
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
