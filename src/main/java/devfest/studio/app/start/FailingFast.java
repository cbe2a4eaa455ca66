package devfest.studio.app.start;

import devfest.studio.app.database.StudioDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.eclipse.persistence.sessions.DatabaseLogin;
import org.eclipse.persistence.sessions.Session;
import org.eclipse.persistence.sessions.SessionCustomizer;

/**
 * Checks the settings and the database before EclipseLink opens the persistence unit, which is the
 * first thing that servers do. Also makes EclipseLink report a lost connection immediately: by
 * default it waits five seconds and repeats the query up to three times. The connections of {@link
 * StudioDataSource} reconnect without its help.
 */
public class FailingFast implements SessionCustomizer {

  @Override
  public void customize(Session session) {
    SettingsCheck.run();
    connect();
    DatabaseLogin login = session.getLogin();
    login.setQueryRetryAttemptCount(0);
    login.setDelayBetweenConnectionAttempts(0);
    login.setConnectionHealthValidatedOnError(false);
  }

  /** Fails the start if the database does not respond. */
  static void connect() {
    try (Connection connection = new StudioDataSource().unpooled().getConnection()) {
      connection.getMetaData();
    } catch (SQLException e) {
      throw FailedStart.of(e);
    }
  }
}
