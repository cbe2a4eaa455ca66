package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.HttpURLConnection;
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
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
  private static final Path WAR = Path.of("target/devfest-studio.war");

  /**
   * How a server is started.
   *
   * @param root {@code /} or {@code /studio/}
   * @param environment additional variables
   * @param scripts files of wildfly-config that WildFly's configuration is changed by; Payara
   *     always has that of payara-config
   */
  public record Launch(
      int port, String root, Path war, Map<String, String> environment, List<String> scripts) {

    /** At a port, at the root, with the WAR of this build. */
    public static Launch at(int port) {
      return new Launch(port, "/", WAR, Map.of(), List.of());
    }

    public Launch below(String path) {
      return new Launch(port, path, war, environment, scripts);
    }

    public Launch war(Path other) {
      return new Launch(port, root, other, environment, scripts);
    }

    public Launch environment(Map<String, String> variables) {
      return new Launch(port, root, war, variables, scripts);
    }

    /** With WildFly's configuration changed by a file of wildfly-config. */
    public Launch with(String script) {
      return new Launch(port, root, war, environment, List.of(script));
    }
  }

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
    return start(Launch.at(port), dir, settings);
  }

  /**
   * The same below a context path.
   *
   * @param root {@code /} or {@code /studio/}
   */
  public static Server startBelow(String root, Path dir, String... settings) throws IOException {
    return start(Launch.at(freePort()).below(root), dir, settings);
  }

  public static Server start(Launch how, Path dir, String... settings) throws IOException {
    Server server = launch(how, dir, settings);
    try {
      Awaitility.await()
          .atMost(START)
          .ignoreExceptions()
          .until(() -> !server.process.isAlive() || server.healthy());
      assertTrue(server.process.isAlive(), "the server died");
    } catch (RuntimeException | AssertionError e) {
      server.close();
      throw new AssertionError("the server did not start: " + server.log(), e);
    }
    return server;
  }

  /** Starts several at the same time. If one does not start, the others are stopped. */
  public static List<Server> together(List<Callable<Server>> starts) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(starts.size());
    List<Server> started = new ArrayList<>();
    Exception failure = null;
    try {
      for (Future<Server> each : threads.invokeAll(starts)) {
        try {
          started.add(each.get());
        } catch (ExecutionException e) {
          failure = e;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = e;
    } finally {
      threads.shutdown();
    }
    if (failure != null) {
      started.forEach(Server::close);
      throw new IOException("not every server started", failure);
    }
    return started;
  }

  /**
   * Starts a server on which the studio cannot start, and waits until it says so: on Payara Micro
   * for the end of the process, WildFly lives on.
   *
   * @return its log
   */
  public static String fail(Path dir, String... settings) throws IOException {
    try (Server server = launch(Launch.at(freePort()), dir, settings)) {
      Awaitility.await()
          .atMost(START)
          .until(() -> onWildFly() ? server.log().contains(FAILED) : !server.process.isAlive());
      if (!onWildFly()) {
        assertEquals(1, server.process.exitValue());
      }
      return server.log();
    }
  }

  private static Server launch(Launch how, Path dir, String... settings) throws IOException {
    String address = "http://127.0.0.1:" + how.port() + how.root();
    int securePort = freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx768m");
    // Servers of tests live too briefly for more to pay: they start in two thirds of the time.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    // Files that a killed server leaves behind are deleted with the test's directory.
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(dir.resolve("tmp")).toAbsolutePath());
    command.add("-Dstudio.data-dir=" + dir.toAbsolutePath().resolve("data"));
    command.add("-Dstudio.public-url=" + address);
    command.add("-Dmp.jwt.verify.clock.skew=2"); // tests wait for the end of tokens
    for (String setting : settings) {
      command.add(setting.startsWith("-") ? setting : "-D" + setting);
    }
    if (List.of(settings).contains("studio.dev-mode=true")) {
      DevKey.putInto(dir.resolve("data"));
    }
    command.addAll(onWildFly() ? wildFly(dir, how, securePort) : payara(how, securePort));
    Path log = Files.createTempFile(dir, "server", ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(how.environment());
    Process process = builder.redirectOutput(log.toFile()).start();
    URI secure = URI.create("https://127.0.0.1:" + securePort + "/");
    return new Server(process, URI.create(address), secure, log);
  }

  static boolean onWildFly() {
    return "wildfly".equals(System.getProperty("arquillian.launch"));
  }

  /** By the recipe of payara-config: the port opens when the studio is deployed. */
  private static List<String> payara(Launch how, int securePort) {
    String root = how.root();
    return List.of(
        "-jar",
        "target/payara-micro.jar",
        "--deploy",
        how.war().toString(),
        "--contextroot",
        root.equals("/") ? root : root.replaceFirst("/$", ""),
        "--nohazelcast",
        "--prebootcommandfile",
        "payara-config/pre-boot.asadmin",
        "--postdeploycommandfile",
        "payara-config/post-deploy.asadmin",
        "--port",
        Integer.toString(how.port()),
        "--sslport",
        Integer.toString(securePort));
  }

  /** With a directory of its own, where the WAR lies ready to be deployed. */
  private static List<String> wildFly(Path dir, Launch how, int securePort) throws IOException {
    Path home = Path.of("target/wildfly").toAbsolutePath();
    Path base = Files.createTempDirectory(dir.toAbsolutePath(), "wildfly");
    Path configuration = Files.createDirectory(base.resolve("configuration"));
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(home.resolve("standalone/configuration"), "*.{xml,properties}")) {
      for (Path file : files) {
        // Another test may have deployed the WAR to the server from which the files are copied.
        String text = Files.readString(file).replaceAll("(?s)<deployments>.*?</deployments>", "");
        Files.writeString(configuration.resolve(file.getFileName()), text);
      }
    }
    for (String script : how.scripts()) {
      configure(home, base, script);
    }
    Path war = Files.createDirectory(base.resolve("deployments")).resolve("studio.war");
    Files.copy(how.war(), war);
    if (!how.root().equals("/")) { // then the file's name says where, unless a descriptor does
      try (FileSystem content = FileSystems.newFileSystem(war)) {
        Files.delete(content.getPath("WEB-INF/jboss-web.xml"));
      }
    }
    return List.of(
        "-Djboss.home.dir=" + home,
        "-Djboss.server.base.dir=" + base,
        "-Djboss.http.port=" + how.port(),
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

  /** Runs the script of wildfly-config on a server that is not started. */
  private static void configure(Path home, Path base, String script) throws IOException {
    Path log = Files.createTempFile(base, "cli", ".log");
    ProcessBuilder cli =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djboss.home.dir=" + home,
            "-Djboss.server.base.dir=" + base,
            "-Djboss.server.log.dir=" + base.resolve("log"),
            "-jar",
            home.resolve("jboss-modules.jar").toString(),
            "-mp",
            home.resolve("modules").toString(),
            "org.jboss.as.cli",
            "--file=wildfly-config/" + script);
    cli.environment().put("JBOSS_HOME", home.toString());
    try {
      int code = cli.redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
      assertEquals(0, code, () -> read(log));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * A port that nobody uses. It is below the range from which Linux takes the ports of outgoing
   * connections, because the server binds it seconds later, while other tests connect.
   */
  public static int freePort() throws IOException {
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

  private boolean healthy() throws IOException {
    HttpURLConnection health =
        (HttpURLConnection) base.resolve("api/v1/health").toURL().openConnection();
    return health.getResponseCode() == 200; // of any version, whose documents may differ
  }

  public URI base() {
    return base;
  }

  /** The address over TLS, with a self-signed certificate. */
  public URI secure() {
    return secure;
  }

  public String log() {
    return read(log);
  }

  private static String read(Path log) {
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
