package devfest.studio.http;

import java.time.Duration;

/**
 * How often each user may do a thing.
 *
 * @param most how often in the period
 * @param code of the refusal
 * @param things what there are at most so many of, for example {@code mentions a minute}
 */
public record Limit(int most, Duration period, Code code, String things) {}
