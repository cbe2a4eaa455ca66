package devfest.studio.base;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;

/** Instants with millisecond resolution, as entities store them and clients receive them. */
public final class Millis {

  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(); // fractional digits

  private Millis() {}

  /** Truncates to milliseconds, so that a stored instant equals the one that was sent. */
  public static Instant of(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Formats as ISO-8601 in UTC, always with three fractional digits. */
  public static String format(Instant instant) {
    return FORMAT.format(instant);
  }
}
