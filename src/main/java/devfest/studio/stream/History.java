package devfest.studio.stream;

import static java.util.stream.Collectors.joining;

import devfest.studio.events.LoggedEvent;
import devfest.studio.http.Page;
import devfest.studio.hub.Subscription;
import devfest.studio.log.LogBounds;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A page of the log as it goes out.
 *
 * @param position up to here the reader has now seen what matches: what to go on after
 * @param reset why the reader could not go on where it was; null when it could
 * @param bounds of the log, with a reset
 */
record History(
    Page<LoggedEvent> page, long position, @Nullable String reset, @Nullable LogBounds bounds) {

  boolean isEmpty() {
    return page.items().isEmpty() && reset == null;
  }

  /** Put together by hand: events leave the studio in one envelope, which is already text. */
  String json() {
    String items = page.items().stream().map(LoggedEvent::json).collect(joining(","));
    String next = page.next() == null ? "null" : "\"" + page.next() + "\"";
    return "{\"success\":true,\"data\":{\"items\":[%s],\"next\":%s,\"position\":\"%s\"%s}}"
        .formatted(items, next, Long.toString(position), gap());
  }

  private String gap() {
    if (reset == null) {
      return "";
    }
    LogBounds known = Objects.requireNonNull(bounds, reset);
    return ",\"reset\":" + Subscription.resetData(reset, known.oldest(), known.latest());
  }
}
