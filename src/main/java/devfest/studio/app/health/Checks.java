package devfest.studio.app.health;

import devfest.studio.base.UnavailableException;
import devfest.studio.blobs.BlobStore;
import devfest.studio.http.Outage;
import devfest.studio.images.Styles;
import devfest.studio.log.LogReader;
import devfest.studio.stream.StreamEngine;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** Checks each part of the studio by using it. Thread-safe. */
@ApplicationScoped
public class Checks {

  private static final Logger LOG = System.getLogger(Checks.class.getName());

  /** Less than the few seconds after which orchestrators' probes time out. */
  private static final int DATABASE_SECONDS = 2;

  @Resource(lookup = "java:app/jdbc/studio")
  private DataSource database;

  /** The services that were down at the last check, with the reason if clients may see it. */
  private final Map<String, String> down = new ConcurrentHashMap<>();

  private final BlobStore store;
  private final LogReader log;
  private final StreamEngine engine;

  @Inject
  Checks(BlobStore store, LogReader log, StreamEngine engine) {
    this.store = store;
    this.log = log;
    this.engine = engine;
  }

  /** Returns for each service, by name, whether it is up. */
  public Map<String, Boolean> run() {
    Map<String, Boolean> services = new LinkedHashMap<>();
    services.put("database", works("database", this::databaseAnswers));
    services.put(
        "storage",
        works(
            "storage",
            () -> {
              store.check();
              Outage.DISK.end();
              return true;
            }));
    services.put("engine", works("engine", () -> !Styles.builtIn().all().isEmpty()));
    services.put("events", works("events", () -> engine.isOpen() && log.bounds().latest() > 0));
    return services;
  }

  /** Returns the known reasons why services were down at the last check; one sentence each. */
  public List<String> reasons() {
    return down.values().stream().filter(reason -> !reason.isEmpty()).toList();
  }

  private boolean databaseAnswers() throws SQLException {
    try (Connection connection = database.getConnection()) {
      return connection.isValid(DATABASE_SECONDS);
    }
  }

  private boolean works(String service, Callable<Boolean> check) {
    try {
      boolean up = check.call();
      if (up && down.remove(service) != null) {
        LOG.log(Level.INFO, "Health: " + service + " is up again");
      }
      return up;
    } catch (Exception e) {
      String reason = e instanceof UnavailableException ? String.valueOf(e.getMessage()) : "";
      if (down.put(service, reason) == null) {
        LOG.log(Level.WARNING, "Health: " + service + " is down: " + e);
      }
      return false;
    }
  }
}
