package devfest.studio.http;

import java.time.Duration;

/**
 * A rate limit per user.
 *
 * @param most the maximum number of actions in the period
 * @param code the code of the refusal
 * @param things completes the message "At most N … are allowed.", for example {@code mentions per
 *     minute}
 */
public record Limit(int most, Duration period, Code code, String things) {}
