package devfest.studio.stream;

import devfest.studio.http.Problem;
import devfest.studio.log.LogBounds;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The position in the log at which a stream begins.
 *
 * @param after events above this position are sent
 * @param reset why the client cannot resume at its position: {@code expired} or {@code unknown};
 *     null if it can
 * @param bounds of the log; null if they were not read
 */
record Start(long after, @Nullable String reset, @Nullable LogBounds bounds) {

  private static final Pattern POSITION = Pattern.compile("\\d{1,18}");

  /** Years have four digits in ISO 8601. */
  private static final Instant END_OF_TIME = Instant.parse("9999-01-01T00:00:00Z");

  /** Bounds the search for the first event of a replay. */
  private static final int MAX_REPLAY = 1_000;

  /** Starts after a position that is known to be valid. */
  static Start live(long position) {
    return new Start(position, null, null);
  }

  /**
   * Resumes after a position that the client names.
   *
   * @param held whether the events after a position are in memory, so that the log need not be read
   * @throws Problem 400 if the position is malformed
   */
  static Start resume(String position, LongPredicate held, Supplier<LogBounds> log) {
    long after = position(position);
    if (held.test(after)) {
      return live(after);
    }
    LogBounds bounds = log.get();
    if (after < bounds.origin() || after > bounds.latest()) {
      return new Start(bounds.latest(), "unknown", bounds);
    }
    return after < bounds.pruned()
        ? new Start(bounds.pruned(), "expired", bounds)
        : new Start(after, null, bounds);
  }

  /**
   * Starts at an instant.
   *
   * @param since an instant, or a duration before now
   * @param before finds the position below the first event at or after an instant
   * @throws Problem 400 if {@code since} is malformed
   */
  static Start since(
      String since, Instant now, Function<Instant, Long> before, Supplier<LogBounds> log) {
    return new Start(before.apply(instant(since, now)), null, log.get());
  }

  /**
   * Starts with the last {@code count} events.
   *
   * @param before finds the position below the given number of matching events
   * @throws Problem 400 if {@code count} is not a number from 0 to {@value #MAX_REPLAY}
   */
  static Start replay(String count, IntToLongFunction before, Supplier<LogBounds> log) {
    int n =
        POSITION.matcher(count).matches() ? (int) Math.min(position(count), MAX_REPLAY + 1) : -1;
    if (n < 0 || n > MAX_REPLAY) {
      throw Problem.badRequest("replay must be a number from 0 to " + MAX_REPLAY + ".");
    }
    return n == 0 ? live(log.get().latest()) : new Start(before.applyAsLong(n), null, log.get());
  }

  /**
   * @throws Problem 400 if the text is malformed
   */
  static long position(String text) {
    if (!POSITION.matcher(text).matches()) {
      throw Problem.badRequest(
          "A position must be a number that this studio assigned as the id of an event.");
    }
    return Long.parseLong(text);
  }

  /**
   * @throws Problem 400 if the text is malformed
   */
  static Instant instant(String text, Instant now) {
    try {
      Instant instant =
          text.startsWith("P") ? now.minus(Duration.parse(text)) : Instant.parse(text);
      if (!instant.isBefore(Instant.EPOCH) && instant.isBefore(END_OF_TIME)) {
        return instant;
      }
    } catch (DateTimeException | ArithmeticException e) {
      // reported below
    }
    throw Problem.badRequest("since must be an instant, or a duration before now such as PT10M.");
  }

  /** The text without surrounding spaces; empty if it is absent or blank. */
  static Optional<String> present(@Nullable String text) {
    return Optional.ofNullable(text).map(String::strip).filter(s -> !s.isEmpty());
  }
}
