package devfest.studio.app.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.http.Outage;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuietLogTest {

  private static final String POOLS = "jakarta.enterprise.resource.resourceadapter";
  private static final String SERVER = "org.glassfish.something";

  private final List<String> lines = new ArrayList<>();
  private final QuietLog quiet = new QuietLog();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          if (isLoggable(line)) {
            lines.add(line.getMessage());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void install() {
    Logger.getLogger("").addHandler(handler);
    quiet.install();
  }

  @AfterEach
  void remove() {
    Outage.DATABASE.end();
    quiet.remove();
    Logger.getLogger("").removeHandler(handler);
  }

  private void log(String logger, Throwable thrown) {
    LogRecord line = new LogRecord(Level.SEVERE, thrown.getMessage());
    line.setLoggerName(logger);
    line.setThrown(thrown);
    handler.publish(line);
  }

  @Test
  void failuresCausedByTheDatabaseAreNotLogged() {
    log(SERVER, new IllegalStateException("a", new SQLException("gone", "08006")));
    assertEquals(List.of(), lines);
  }

  @Test
  void transactionAndPoolFailuresAreNotLoggedDuringAnOutage() {
    Outage.DATABASE.begin(new SQLException("gone", "08006"));
    log(SERVER, new IllegalStateException("a", new XAException("no cause")));
    log(POOLS, new IllegalStateException("Got exception during XAResource.start:"));
    assertEquals(List.of(), withoutOurOwn());
  }

  @Test
  void otherFailuresAreLoggedDuringAnOutage() {
    Outage.DATABASE.begin(new SQLException("gone", "08006"));
    log(SERVER, new IOException("a fault of its own"));
    assertEquals(List.of("a fault of its own"), withoutOurOwn());
  }

  private List<String> withoutOurOwn() {
    return lines.stream().filter(line -> !line.startsWith("The database cannot be used")).toList();
  }
}
