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

/**
 * The database that {@code studio.db.url} names, or else an H2 file under the data dir. The server
 * pools what this opens.
 */
@DataSourceDefinition(
    name = "java:app/jdbc/studio",
    className = "devfest.studio.app.database.StudioDataSource",
    minPoolSize = 2,
    maxPoolSize = 30,
    url = "studio.db.url")
public class StudioDataSource implements DataSource {

  /**
   * WRITE_DELAY=0 writes each commit to the file before it is acknowledged, so that it survives the
   * death of the process; and nothing else writes it, on which {@link H2Connection} relies.
   */
  private static final String H2_OPTIONS =
      ";WRITE_DELAY=0;LOCK_TIMEOUT=20000;DB_CLOSE_ON_EXIT=FALSE";

  /** The driver's options that the URL does not set itself. */
  private static final Map<String, String> POSTGRES_OPTIONS =
      Map.of("connectTimeout", "2", "tcpKeepAlive", "true", "ApplicationName", "devfest-studio");

  private final Function<String, Optional<String>> settings;

  /** With the settings of the application's configuration. */
  public StudioDataSource() {
    this(StudioDataSource::configured);
  }

  /**
   * For where there is no server.
   *
   * @param settings finds a setting by its name
   */
  public StudioDataSource(Function<String, Optional<String>> settings) {
    this.settings = settings;
  }

  private static Optional<String> configured(String name) {
    // By our own loader: the server asks for connections on threads that have none of ours.
    return ConfigProvider.getConfig(StudioDataSource.class.getClassLoader())
        .getOptionalValue(name, String.class);
  }

  /**
   * Changes nothing: WildFly's pool refuses a data source without any property, and the URL comes
   * from the configuration, which an annotation can't ask.
   */
  public void setUrl(String name) {
    // see above
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
    // Asked directly: the driver manager does not see drivers inside a WAR on every server.
    if (database.url().isEmpty()) {
      Path dir = DataSettings.from(values).dir();
      return H2Connection.open(
          () -> new org.h2.Driver().connect(embedded(dir), login), dir.toFile()::getUsableSpace);
    }
    POSTGRES_OPTIONS.forEach(login::setProperty);
    Connection connection = new org.postgresql.Driver().connect(database.url().get(), login);
    if (connection == null) {
      throw new SQLException("studio.db.url is a jdbc:postgresql: URL");
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
