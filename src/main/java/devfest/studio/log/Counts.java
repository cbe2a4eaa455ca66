package devfest.studio.log;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import devfest.studio.events.LoggedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts the appended events of each type, in total and per minute. The number of types is bounded,
 * because publishers may invent any: further ones are counted together as {@link #OTHER}. Safe for
 * use from many threads.
 */
final class Counts {

  /** Stands for all types without a count of their own. No publisher can choose it. */
  static final String OTHER = "(other)";

  /** The maximum number of names that a reader of the counts gets, besides {@link #OTHER}. */
  static final int MAX_TYPES = 1_000;

  /** Types of publishers get a count of their own below this number; the rest is for the studio. */
  private static final int MAX_PUBLISHED = 900;

  private static final String TYPES = "select type from event_count";
  private static final String[] TOTAL = {
    "update event_count set total = total + ? where type = ?",
    "insert into event_count (total, type) values (?, ?)"
  };
  private static final String[] MINUTE = {
    "update event_minute set total = total + ? where type = ? and epoch_minute = ?",
    "insert into event_minute (total, type, epoch_minute) values (?, ?, ?)"
  };

  /** Types that had a count of their own when it was last read. Counts are never deleted. */
  private volatile Set<String> known = Set.of();

  /**
   * Requires the lock on the log's head, so that no other transaction updates the counts.
   *
   * @param published whether publishers chose the types
   */
  void add(Connection connection, List<LoggedEvent> events, Instant at, boolean published)
      throws SQLException {
    Map<String, Long> byType =
        events.stream().collect(groupingBy(logged -> logged.event().type(), counting()));
    Map<String, Long> counted = published ? bounded(connection, byType) : byType;
    for (Map.Entry<String, Long> each : counted.entrySet()) {
      add(connection, TOTAL, each.getValue(), each.getKey());
      add(connection, MINUTE, each.getValue(), each.getKey(), MinuteCount.minuteOf(at));
    }
  }

  private Map<String, Long> bounded(Connection connection, Map<String, Long> byType)
      throws SQLException {
    Set<String> own = new HashSet<>(known);
    if (own.size() < MAX_PUBLISHED && !own.containsAll(byType.keySet())) {
      own = types(connection);
      known = Set.copyOf(own);
    }
    Map<String, Long> counted = new HashMap<>();
    for (Map.Entry<String, Long> each : byType.entrySet()) {
      if (own.size() < MAX_PUBLISHED) {
        own.add(each.getKey());
      }
      counted.merge(
          own.contains(each.getKey()) ? each.getKey() : OTHER, each.getValue(), Long::sum);
    }
    return counted;
  }

  private static Set<String> types(Connection connection) throws SQLException {
    Set<String> types = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(TYPES);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        types.add(rows.getString(1));
      }
    }
    return types;
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

  /**
   * Bounds counts that earlier versions stored: the most frequent types keep their names.
   *
   * @return the counts, ordered by type
   */
  static Map<String, Long> bounded(Map<String, Long> counts) {
    Map<String, Long> bounded = new TreeMap<>();
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .forEach(
            each ->
                bounded.merge(
                    bounded.size() < MAX_TYPES ? each.getKey() : OTHER,
                    each.getValue(),
                    Long::sum));
    return bounded;
  }
}
