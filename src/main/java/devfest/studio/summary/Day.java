package devfest.studio.summary;

import devfest.studio.http.Problem;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A calendar day in a time zone. It has 23 or 25 hours when the clocks change. */
record Day(LocalDate date, ZoneId zone) {

  private static final Duration HOUR = Duration.ofHours(1);

  /**
   * Parses the parameters of a request.
   *
   * @param date null or empty for today
   * @param zone null or empty for the default
   * @throws Problem 400 if one of them is malformed
   */
  static Day of(@Nullable String date, @Nullable String zone, ZoneId defaultZone, Clock clock) {
    ZoneId in = zone(zone, defaultZone);
    if (date == null || date.isEmpty()) {
      return new Day(LocalDate.ofInstant(clock.instant(), in), in);
    }
    try {
      LocalDate day = LocalDate.parse(date);
      if (day.getYear() >= 1970 && day.getYear() <= 9999) {
        return new Day(day, in);
      }
    } catch (DateTimeException e) {
      // reported below
    }
    throw Problem.badRequest("day must be a date such as 2026-11-21.");
  }

  private static ZoneId zone(@Nullable String zone, ZoneId defaultZone) {
    try {
      return zone == null || zone.isEmpty() ? defaultZone : ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw Problem.badRequest("zone must be a time zone such as Europe/Paris.", e);
    }
  }

  Instant from() {
    return date.atStartOfDay(zone).toInstant();
  }

  Instant until() {
    return date.plusDays(1).atStartOfDay(zone).toInstant();
  }

  /** Returns the starts of the hours since the day has begun. */
  List<Instant> hours() {
    return Stream.iterate(from(), until()::isAfter, hour -> hour.plus(HOUR)).toList();
  }
}
