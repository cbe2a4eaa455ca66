package devfest.studio.stream;

import static java.util.stream.Collectors.joining;

import devfest.studio.events.LoggedEvent;
import devfest.studio.http.Page;
import devfest.studio.http.Success;
import devfest.studio.hub.Subscription;
import devfest.studio.log.LogBounds;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of the history, as a response.
 *
 * @param position the client has seen every matching event up to here, and resumes after it
 * @param reset why the client could not resume at its position; null if it could
 * @param bounds of the log; present with a reset
 */
record History(
    Page<LoggedEvent> page, long position, @Nullable String reset, @Nullable LogBounds bounds) {

  boolean isEmpty() {
    return page.items().isEmpty() && reset == null;
  }

  /**
   * Concatenates text, because the events are already encoded.
   *
   * @param form writes an event as JSON
   */
  String json(Function<LoggedEvent, String> form) {
    String items = page.items().stream().map(form).collect(joining(","));
    String next = page.next() == null ? "null" : "\"" + page.next() + "\"";
    return Success.json(
        "{\"items\":[%s],\"next\":%s,\"position\":\"%s\"%s}"
            .formatted(items, next, Long.toString(position), gap()));
  }

  private String gap() {
    if (reset == null) {
      return "";
    }
    LogBounds known = Objects.requireNonNull(bounds, reset);
    return ",\"reset\":" + Subscription.resetData(reset, known.oldest(), known.latest());
  }
}
