package devfest.studio.cluster;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL server that the tests crash and start again at the same port. */
final class Postgres implements AutoCloseable {

  private final Path data;
  private final EmbeddedPostgres server;
  private final List<String> command;

  Postgres(Path dir) throws IOException {
    data = dir.resolve("postgres");
    server =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setServerConfig("max_connections", "200")
            .setServerConfig("synchronous_commit", "on") // off by default, which loses commits
            .start();
    ProcessHandle.Info postmaster = postmaster().info();
    command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U")); // PostgreSQL does not run as root
    }
    command.add(postmaster.command().orElseThrow());
    command.addAll(List.of(postmaster.arguments().orElseThrow()));
  }

  private ProcessHandle postmaster() throws IOException {
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  int port() {
    return server.getPort();
  }

  String url() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  /** Stops it at once, as {@code pg_ctl stop -m immediate} does, which breaks all connections. */
  void crash() throws IOException, InterruptedException {
    ProcessHandle postmaster = postmaster();
    new ProcessBuilder("kill", "-QUIT", Long.toString(postmaster.pid())).start().waitFor();
    postmaster.onExit().join();
  }

  /** Starts it again. Returns before it accepts connections. */
  void restart() throws IOException {
    Files.deleteIfExists(data.resolve("postmaster.pid"));
    new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(data.resolve("restart.log").toFile())
        .start();
  }

  /** The number in the first row of a query. */
  long number(String query) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
