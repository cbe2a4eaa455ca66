package devfest.studio.app.database;

import devfest.studio.app.start.FailedStart;
import devfest.studio.app.start.SettingsCheck;
import java.sql.Connection;
import java.sql.SQLException;
import org.eclipse.persistence.sessions.DatabaseLogin;
import org.eclipse.persistence.sessions.Session;
import org.eclipse.persistence.sessions.SessionCustomizer;

/**
 * Checks what has to be there before EclipseLink opens the persistence unit, the first thing that
 * servers do, and has EclipseLink report a lost connection at once. By default it sleeps five
 * seconds and repeats the query, up to three times; {@link LastingConnection} reconnects by itself.
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
  public static void connect() {
    try (Connection connection = new StudioDataSource().getConnection()) {
      connection.getMetaData();
    } catch (SQLException e) {
      throw FailedStart.of(e);
    }
  }
}
