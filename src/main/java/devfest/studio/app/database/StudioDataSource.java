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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the database that {@code studio.db.url} names, or to an H2 file in the data
 * directory if the property is not set. {@link Pool} bounds them; the server's own pool has a fixed
 * size, because an annotation cannot read a setting.
 */
@DataSourceDefinition(
    name = "java:app/jdbc/studio",
    className = "devfest.studio.app.database.StudioDataSource",
    minPoolSize = 2,
    maxPoolSize = DatabaseSettings.MOST_POOL, // not the bound
    url = "studio.db.url")
public class StudioDataSource implements DataSource, AutoCloseable {

  /**
   * WRITE_DELAY=0 writes each commit to the file before it is acknowledged, so that it survives a
   * crash of the process. It also disables the background writer: {@link H2Connection} relies on
   * commits alone writing the file.
   *
   * <p>OPTIMIZE_REUSE_RESULTS=0 because H2 otherwise repeats the result of an equal earlier query
   * of the connection if it considers the table unchanged. It counts the change just before it
   * commits, so a query that runs in between hides the committed rows from all that follow.
   */
  private static final String H2_OPTIONS =
      ";WRITE_DELAY=0;LOCK_TIMEOUT=20000;DB_CLOSE_ON_EXIT=FALSE;OPTIMIZE_REUSE_RESULTS=0";

  /** Driver options; the URL may override them. Timeouts are in seconds. */
  private static final Map<String, String> POSTGRES_OPTIONS =
      Map.of(
          "connectTimeout",
          "2",
          "loginTimeout",
          "5",
          "tcpKeepAlive",
          "true",
          "ApplicationName",
          Capacity.NAME);

  /**
   * In seconds; longer than any statement of the application. A host that vanishes without closing
   * its connections would otherwise block each call until TCP gives up, after a quarter of an hour.
   */
  private static final String STATEMENT_TIMEOUT = "30";

  /** The directories whose embedded database is open. */
  private static final Set<Path> OPENED = ConcurrentHashMap.newKeySet();

  private final Function<String, Optional<String>> settings;
  private final Supplier<Pool> pool;

  /** The pool of the application. The server creates more than one data source. */
  private static final class Shared {

    private static final Pool POOL = pool(StudioDataSource::configured);

    private Shared() {}
  }

  /** Reads the settings from the application's configuration. */
  public StudioDataSource() {
    this.settings = StudioDataSource::configured;
    this.pool = () -> Shared.POOL; // the first use reads the settings, after they were checked
  }

  /**
   * Creates a data source for use without a server.
   *
   * @param settings returns the value of a property, or empty if it is not set
   */
  public StudioDataSource(Function<String, Optional<String>> settings) {
    Pool own = pool(settings);
    this.settings = settings;
    this.pool = () -> own;
  }

  private static Pool pool(Function<String, Optional<String>> settings) {
    return new Pool(
        () -> open(settings, Map.of("socketTimeout", STATEMENT_TIMEOUT)),
        DatabaseSettings.from(Values.of(settings)).pool());
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
  public Connection getConnection() throws SQLException {
    return LastingConnection.of(pool.get());
  }

  /** Closes the pool. Connections that are still used afterwards are closed after their use. */
  @Override
  public void close() {
    pool.get().close();
    Values values = Values.of(settings);
    Path dir = DataSettings.from(values).dir();
    boolean ignored = OPENED.remove(dir);
    if (DatabaseSettings.from(values).url().isEmpty() && Compaction.isDue(dir)) {
      Compaction.run(dir, () -> driver(dir, login(values)));
    }
  }

  /**
   * Opens connections outside the pool, for callers that change the state of a session, or whose
   * statements may take long.
   */
  public DataSource unpooled() {
    return new StudioDataSource(settings) {
      @Override
      public Connection getConnection() throws SQLException {
        return open(settings, Map.of());
      }
    };
  }

  private static Connection open(
      Function<String, Optional<String>> settings, Map<String, String> options)
      throws SQLException {
    Values values = Values.of(settings);
    DatabaseSettings database = DatabaseSettings.from(values);
    Properties login = login(values);
    // Calls the driver directly: DriverManager does not find drivers inside a WAR on every server.
    if (database.url().isEmpty()) {
      Path dir = DataSettings.from(values).dir();
      if (OPENED.add(dir) && Compaction.isDue(dir)) { // the studio was killed after an erasure
        Compaction.run(dir, () -> driver(dir, login));
      }
      return H2Connection.open(() -> driver(dir, login), dir.toFile()::getUsableSpace);
    }
    POSTGRES_OPTIONS.forEach(login::setProperty);
    options.forEach(login::setProperty);
    Connection connection = new org.postgresql.Driver().connect(database.url().get(), login);
    if (connection == null) {
      throw new SQLException("studio.db.url must be a jdbc:postgresql: URL");
    }
    return connection;
  }

  private static Properties login(Values values) {
    DatabaseSettings database = DatabaseSettings.from(values);
    Properties login = new Properties();
    login.setProperty("user", database.user());
    login.setProperty("password", database.password().orElse(""));
    return login;
  }

  private static Connection driver(Path dir, Properties login) throws SQLException {
    return new org.h2.Driver().connect("jdbc:h2:file:" + dir.resolve("studio") + H2_OPTIONS, login);
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
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
