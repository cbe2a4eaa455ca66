package devfest.studio.events;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An event with its position in the log.
 *
 * @param position strictly increasing in commit order, without gaps except at a new origin
 * @param timestamp when the event was appended, in milliseconds; never before the timestamp of the
 *     previous position
 */
public record LoggedEvent(long position, Instant timestamp, Event event) implements Occurrence {

  /** The steps of traces that caused the events; empty if none was traced. */
  public static Set<String> traces(List<LoggedEvent> events) {
    Set<String> traces = Set.of();
    for (LoggedEvent logged : events) {
      if (logged.event.trace() != null) {
        traces = traces.isEmpty() ? new LinkedHashSet<>() : traces;
        traces.add(logged.event.trace());
      }
    }
    return traces;
  }

  @Override
  public String id() {
    return Long.toString(position);
  }

  /** The event in its envelope with the member {@code traceparent} if a trace caused the event. */
  public String tracedJson() {
    return Envelope.tracedJson(id(), timestamp, event);
  }
}
