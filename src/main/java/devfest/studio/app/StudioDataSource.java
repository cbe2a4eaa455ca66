package devfest.studio.app;

import jakarta.annotation.sql.DataSourceDefinition;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The database that {@code studio.db.url} names, or else an H2 file under the data dir. The server
 * pools what this opens.
 */
@DataSourceDefinition(
    name = "java:app/jdbc/studio",
    className = "devfest.studio.app.StudioDataSource",
    minPoolSize = 2,
    maxPoolSize = 30,
    url = "studio.db.url")
public class StudioDataSource implements DataSource {

  private static final String URL = "studio.db.url";

  /**
   * WRITE_DELAY=0 writes each commit to the file before it is acknowledged, so that it survives the
   * death of the process.
   */
  private static final String H2_OPTIONS =
      ";WRITE_DELAY=0;LOCK_TIMEOUT=20000;DB_CLOSE_ON_EXIT=FALSE";

  /**
   * Changes nothing: WildFly's pool refuses a data source without any property, and the URL comes
   * from the configuration, which an annotation can't ask.
   */
  public void setUrl(String name) {
    // see above
  }

  @Override
  public Connection getConnection() throws SQLException {
    return LastingConnection.of(StudioDataSource::open);
  }

  private static Connection open() throws SQLException {
    // By our own loader: the server asks for connections on threads that have none of ours.
    Config config = ConfigProvider.getConfig(StudioDataSource.class.getClassLoader());
    String url = value(config, URL).orElseGet(() -> embedded(config));
    Properties login = new Properties();
    login.setProperty("user", value(config, "studio.db.user").orElse("studio"));
    login.setProperty("password", value(config, "studio.db.password").orElse(""));
    // Asked directly: the driver manager does not see drivers inside a WAR on every server.
    Connection connection =
        url.startsWith("jdbc:postgresql:")
            ? new org.postgresql.Driver().connect(url, login)
            : new org.h2.Driver().connect(url, login);
    if (connection == null) {
      throw new SQLException(URL + " is a jdbc:postgresql: or jdbc:h2: URL");
    }
    return connection;
  }

  private static Optional<String> value(Config config, String name) {
    return config.getOptionalValue(name, String.class);
  }

  private static String embedded(Config config) {
    Path dir = Path.of(value(config, "studio.data-dir").orElse("studio-data"));
    return "jdbc:h2:file:" + dir.toAbsolutePath().normalize().resolve("studio") + H2_OPTIONS;
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    // the drivers log by themselves
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // part of the URL
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
