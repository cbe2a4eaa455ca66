package devfest.studio.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * The signal over LISTEN and NOTIFY of PostgreSQL.
 *
 * <p>It has two connections of its own, outside the pool. A NOTIFY in a transaction of the
 * application would take a lock of the whole database server until the commit; here it is a
 * transaction by itself, which does not wait for the disk. A connection that waits for
 * notifications cannot send any, hence the second one.
 */
final class PostgresSignal implements Signal {

  private static final Logger LOG = System.getLogger(PostgresSignal.class.getName());

  /** All nodes of a database listen here. */
  private static final String CHANNEL = "devfest_studio";

  /** The longest wait for a notification; then the connection is checked. */
  private static final int WAIT_MILLIS = 2_000;

  /** A server that does not respond to the check within this time is gone. */
  private static final int CHECK_SECONDS = 2;

  /** Seconds, except for the flag. The socket timeout exceeds both waits above. */
  private static final Properties OPTIONS = new Properties();

  static {
    OPTIONS.setProperty("connectTimeout", "2");
    OPTIONS.setProperty("loginTimeout", "4");
    OPTIONS.setProperty("socketTimeout", "5");
    OPTIONS.setProperty("tcpKeepAlive", "true");
    OPTIONS.setProperty("ApplicationName", "devfest-studio signal");
  }

  private final String url;
  private final Properties options;
  private final Outbox outbox = new Outbox(Message.MAX_BYTES);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Sender sender = new Sender();
  private volatile boolean listening;

  /** The open connections. */
  @GuardedBy("itself")
  private final Set<Connection> open = new HashSet<>();

  PostgresSignal(String url, String user, String password) {
    this.url = url;
    options = new Properties();
    options.putAll(OPTIONS);
    options.setProperty("user", user);
    options.setProperty("password", password);
  }

  @Override
  public void start(ThreadFactory threads, Listener listener) {
    Thread receiver = threads.newThread(() -> receive(listener));
    receiver.setName("signal receiver");
    receiver.start();
    Thread sending = threads.newThread(() -> outbox.run(sender));
    sending.setName("signal sender");
    sending.start();
  }

  @Override
  public void send(String key, String line) {
    outbox.put(key, line);
  }

  @Override
  public boolean isConnected() {
    return listening && !sender.failing;
  }

  @Override
  public long dropped() {
    return outbox.dropped();
  }

  @Override
  public void stop() {
    stopping.countDown();
    outbox.close();
    synchronized (open) {
      open.forEach(PostgresSignal::abort);
    }
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run); // does not wait for a call in progress, unlike close
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "A connection of the signal could not be closed", e);
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private Connection open() throws SQLException {
    Connection connection = new org.postgresql.Driver().connect(url, options);
    if (connection == null) {
      throw new SQLException("The URL of the signal's database must begin with jdbc:postgresql:");
    }
    synchronized (open) {
      open.add(connection);
    }
    if (isStopping()) { // stop() may have missed this connection
      abort(connection);
    }
    return connection;
  }

  private void close(Connection connection) {
    synchronized (open) {
      open.remove(connection);
    }
    abort(connection);
  }

  private void receive(Listener listener) {
    int failures = 0;
    boolean failed = false;
    try {
      do {
        try {
          Connection connection = open();
          try {
            listen(connection);
            LOG.log(failed ? Level.INFO : Level.DEBUG, "The signal is connected.");
            failed = false;
            failures = 0;
            listener.connected();
            receive(connection, listener);
          } finally {
            listening = false;
            close(connection);
          }
        } catch (SQLException | RuntimeException | OutOfMemoryError e) {
          if (!isStopping() && !failed) {
            failed = true;
            LOG.log(
                Level.WARNING,
                "The signal is not connected, so other nodes are read every second. Retrying: "
                    + e.getMessage());
          }
        }
      } while (!stopping.await(Signal.RETRY.after(++failures).toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("listen " + CHANNEL);
    }
    listening = true;
  }

  /** Receives until the connection fails. */
  private void receive(Connection connection, Listener listener) throws SQLException {
    PGConnection notifications = connection.unwrap(PGConnection.class);
    while (!isStopping()) {
      PGNotification[] received = notifications.getNotifications(WAIT_MILLIS);
      if ((received == null || received.length == 0) && !connection.isValid(CHECK_SECONDS)) {
        throw new SQLException("The server does not respond");
      }
      for (PGNotification each : received == null ? new PGNotification[0] : received) {
        each.getParameter().lines().forEach(listener::heard);
      }
    }
  }

  /** Sends on a connection that it opens when needed. Used by one thread. */
  private final class Sender implements Outbox.Channel {

    private @Nullable Connection connection;
    private @Nullable PreparedStatement notify;
    private volatile boolean failing;

    @Override
    public void send(String lines) throws SQLException {
      PreparedStatement statement = notify == null ? connect() : notify;
      statement.setString(2, lines);
      statement.execute();
      failing = false;
    }

    private PreparedStatement connect() throws SQLException {
      Connection opened = open();
      connection = opened;
      try (Statement statement = opened.createStatement()) {
        statement.execute("set synchronous_commit = off"); // the notifications need not survive
      }
      PreparedStatement prepared = opened.prepareStatement("select pg_notify(?, ?)");
      prepared.setString(1, CHANNEL);
      notify = prepared;
      return prepared;
    }

    @Override
    public void failed(Exception failure) {
      failing = true;
      LOG.log(Level.DEBUG, "Messages to other nodes could not be sent. Retrying.", failure);
      notify = null;
      if (connection != null) {
        close(connection);
        connection = null;
      }
    }
  }
}
