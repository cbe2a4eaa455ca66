package devfest.studio.log;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import devfest.studio.events.LoggedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Counts the appended events of each type, in total and per minute. */
final class Counts {

  private static final String[] TOTAL = {
    "update event_count set total = total + ? where type = ?",
    "insert into event_count (total, type) values (?, ?)"
  };
  private static final String[] MINUTE = {
    "update event_minute set total = total + ? where type = ? and epoch_minute = ?",
    "insert into event_minute (total, type, epoch_minute) values (?, ?, ?)"
  };

  private Counts() {}

  /** Requires the lock on the log's head, so that no other transaction updates the counts. */
  static void add(Connection connection, List<LoggedEvent> events, Instant at) throws SQLException {
    Map<String, Long> byType =
        events.stream().collect(groupingBy(logged -> logged.event().type(), counting()));
    for (Map.Entry<String, Long> each : byType.entrySet()) {
      add(connection, TOTAL, each.getValue(), each.getKey());
      add(connection, MINUTE, each.getValue(), each.getKey(), MinuteCount.minuteOf(at));
    }
  }

  /** Updates the row, or inserts it if it does not exist. */
  private static void add(Connection connection, String[] statements, Object... values)
      throws SQLException {
    for (String sql : statements) {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < values.length; i++) {
          statement.setObject(i + 1, values[i]);
        }
        if (statement.executeUpdate() > 0) {
          return;
        }
      }
    }
  }
}
