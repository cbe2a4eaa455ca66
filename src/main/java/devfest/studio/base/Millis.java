package devfest.studio.base;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;

/** Instants to the millisecond, as entities store them and clients see them. */
public final class Millis {

  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(); // digits after the second

  private Millis() {}

  /** Cuts off what is finer, so that a stored instant equals the one that was sent. */
  public static Instant of(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS);
  }

  /** ISO-8601 in UTC, always with three digits after the second. */
  public static String format(Instant instant) {
    return FORMAT.format(instant);
  }
}
