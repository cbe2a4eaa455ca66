package devfest.studio.app;

import devfest.studio.images.Styles;
import devfest.studio.log.LogReader;
import devfest.studio.photos.Storage;
import devfest.studio.stream.Relay;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.sql.DataSource;

/** Whether each part of the studio works, found out by using it. */
@ApplicationScoped
public class Checks {

  private static final Logger LOG = System.getLogger(Checks.class.getName());
  private static final int DATABASE_SECONDS = 2;

  @Resource(lookup = "java:app/jdbc/studio")
  private DataSource database;

  @Inject private Storage storage;
  @Inject private LogReader log;
  @Inject private Relay relay;

  /** Each service by name, and whether it is up. */
  Map<String, Boolean> run() {
    Map<String, Boolean> services = new LinkedHashMap<>();
    services.put("database", works("database", this::databaseAnswers));
    services.put(
        "storage",
        works(
            "storage",
            () -> {
              storage.check();
              return true;
            }));
    services.put("engine", works("engine", () -> !Styles.builtIn().all().isEmpty()));
    services.put("events", works("events", () -> relay.isRunning() && log.bounds().latest() > 0));
    return services;
  }

  private boolean databaseAnswers() throws SQLException {
    try (Connection connection = database.getConnection()) {
      return connection.isValid(DATABASE_SECONDS);
    }
  }

  private static boolean works(String service, Callable<Boolean> check) {
    try {
      return check.call();
    } catch (Exception e) {
      LOG.log(Level.WARNING, "Health: " + service + " is down", e);
      return false;
    }
  }
}
