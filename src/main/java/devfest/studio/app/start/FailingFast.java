package devfest.studio.app.start;

import devfest.studio.app.database.StudioDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.eclipse.persistence.sessions.DatabaseLogin;
import org.eclipse.persistence.sessions.Session;
import org.eclipse.persistence.sessions.SessionCustomizer;

/**
 * Checks the settings and the database before EclipseLink opens the persistence unit, which servers
 * do first of all. Makes EclipseLink report a lost connection at once: by default it sleeps five
 * seconds and repeats the query, up to three times. The connections of {@link StudioDataSource}
 * reconnect by themselves.
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

  /** Fails the start when the database does not answer. */
  static void connect() {
    try (Connection connection = new StudioDataSource().getConnection()) {
      connection.getMetaData();
    } catch (SQLException e) {
      throw FailedStart.of(e);
    }
  }
}
