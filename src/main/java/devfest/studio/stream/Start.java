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
 * Where in the log a stream begins.
 *
 * @param after the position below the first event to send
 * @param reset why the reader can't go on where it was: {@code expired} or {@code unknown}; null
 *     when it can
 * @param bounds of the log, when the place was looked up there; null for live only
 */
record Start(long after, @Nullable String reset, @Nullable LogBounds bounds) {

  private static final Pattern POSITION = Pattern.compile("\\d{1,18}");
  private static final Instant FAR = Instant.parse("9999-01-01T00:00:00Z");
  private static final int MAX_REPLAY = 1_000;

  /** Right behind a position that is known to be there. */
  static Start live(long position) {
    return new Start(position, null, null);
  }

  /**
   * Behind a position that the reader names.
   *
   * @param held whether memory reaches back to a position, which spares a look into the log
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
   * From an instant on.
   *
   * @param since an instant, or a duration back from now
   * @param before finds the position below the first event of an instant
   */
  static Start since(
      String since, Instant now, Function<Instant, Long> before, Supplier<LogBounds> log) {
    return new Start(before.apply(instant(since, now)), null, log.get());
  }

  /**
   * With the last {@code count} events.
   *
   * @param before finds the position below so many matching events
   */
  static Start replay(String count, IntToLongFunction before, Supplier<LogBounds> log) {
    int n = POSITION.matcher(count).matches() ? (int) Math.min(position(count), 1 << 20) : -1;
    if (n < 0 || n > MAX_REPLAY) {
      throw Problem.badRequest("replay is a number from 0 to " + MAX_REPLAY);
    }
    return n == 0 ? live(log.get().latest()) : new Start(before.applyAsLong(n), null, log.get());
  }

  /**
   * @throws Problem 400 when it is malformed
   */
  static long position(String text) {
    if (!POSITION.matcher(text).matches()) {
      throw Problem.badRequest("A position is a number that this studio gave out as an event's id");
    }
    return Long.parseLong(text);
  }

  /**
   * @throws Problem 400 when it is malformed
   */
  static Instant instant(String text, Instant now) {
    try {
      Instant instant =
          text.startsWith("P") ? now.minus(Duration.parse(text)) : Instant.parse(text);
      if (!instant.isBefore(Instant.EPOCH) && instant.isBefore(FAR)) {
        return instant;
      }
    } catch (DateTimeException | ArithmeticException e) {
      // told below
    }
    throw Problem.badRequest("since is an instant, or a duration back from now such as PT10M");
  }

  /** The text, unless it is absent or empty. */
  static Optional<String> present(@Nullable String text) {
    return Optional.ofNullable(text).map(String::strip).filter(s -> !s.isEmpty());
  }
}
