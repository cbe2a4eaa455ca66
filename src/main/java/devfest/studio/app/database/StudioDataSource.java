package devfest.studio.app.database;

import devfest.studio.settings.DataSettings;
import devfest.studio.settings.Values;
import jakarta.annotation.sql.DataSourceDefinition;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the database that {@code studio.db.url} names, or to an H2 file in the data
 * directory if the property is not set. The server pools the connections.
 */
@DataSourceDefinition(
    name = "java:app/jdbc/studio",
    className = "devfest.studio.app.database.StudioDataSource",
    minPoolSize = 2,
    maxPoolSize = 30,
    url = "studio.db.url")
public class StudioDataSource implements DataSource {

  /**
   * WRITE_DELAY=0 writes each commit to the file before it is acknowledged, so that it survives a
   * crash of the process. It also disables the background writer: {@link H2Connection} relies on
   * commits alone writing the file.
   */
  private static final String H2_OPTIONS =
      ";WRITE_DELAY=0;LOCK_TIMEOUT=20000;DB_CLOSE_ON_EXIT=FALSE";

  /** Driver options; the URL may override them. Timeouts are in seconds. */
  private static final Map<String, String> POSTGRES_OPTIONS =
      Map.of("connectTimeout", "2", "tcpKeepAlive", "true", "ApplicationName", "devfest-studio");

  private final Function<String, Optional<String>> settings;

  /** Reads the settings from the application's configuration. */
  public StudioDataSource() {
    this(StudioDataSource::configured);
  }

  /**
   * Creates a data source for use without a server.
   *
   * @param settings returns the value of a property, or empty if it is not set
   */
  public StudioDataSource(Function<String, Optional<String>> settings) {
    this.settings = settings;
  }

  private static Optional<String> configured(String name) {
    // Uses this class's loader: the server requests connections on threads without the
    // application's.
    return ConfigProvider.getConfig(StudioDataSource.class.getClassLoader())
        .getOptionalValue(name, String.class);
  }

  /**
   * Has no effect. WildFly's pool rejects a data source without any property, but the URL comes
   * from the configuration, which an annotation cannot read.
   */
  public void setUrl(String name) {
    // the configuration has the URL
  }

  @Override
  public Connection getConnection() {
    return LastingConnection.of(this::open);
  }

  private Connection open() throws SQLException {
    Values values = Values.of(settings);
    DatabaseSettings database = DatabaseSettings.from(values);
    Properties login = new Properties();
    login.setProperty("user", database.user());
    login.setProperty("password", database.password().orElse(""));
    // Calls the driver directly: DriverManager does not find drivers inside a WAR on every server.
    if (database.url().isEmpty()) {
      Path dir = DataSettings.from(values).dir();
      return H2Connection.open(
          () -> new org.h2.Driver().connect(embedded(dir), login), dir.toFile()::getUsableSpace);
    }
    POSTGRES_OPTIONS.forEach(login::setProperty);
    Connection connection = new org.postgresql.Driver().connect(database.url().get(), login);
    if (connection == null) {
      throw new SQLException("studio.db.url must be a jdbc:postgresql: URL");
    }
    return connection;
  }

  private static String embedded(Path dir) {
    return "jdbc:h2:file:" + dir.resolve("studio") + H2_OPTIONS;
  }

  @Override
  public Connection getConnection(String user, String password) {
    return getConnection();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    // the drivers have their own loggers
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // the driver options have the timeout
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
    throw new SQLException("This data source wraps no other object");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
