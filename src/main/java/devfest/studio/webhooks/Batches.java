package devfest.studio.webhooks;

import devfest.studio.events.CloudEvents;
import devfest.studio.events.Envelope;
import devfest.studio.events.LoggedEvent;
import devfest.studio.hub.Subscription;
import devfest.studio.log.LogBounds;
import devfest.studio.log.LogReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.spi.JsonProvider;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the next events of a webhook from the log and writes them as one message. Thread-safe. */
@ApplicationScoped
class Batches {

  private static final JsonProvider JSON = JsonProvider.provider();

  /** Contract § 10. */
  private static final int MAX_EVENTS = 100;

  /** Bounds the memory of a batch of large events, in characters. */
  private static final int MAX_CHARS = 1_000_000;

  private static final String RESET = "stream.reset";
  private static final String TEST = "webhook.test";

  private final LogReader log;
  private final CloudEvents cloudEvents;
  private final Clock clock;

  @Inject
  Batches(LogReader log, CloudEvents cloudEvents, Clock clock) {
    this.log = log;
    this.cloudEvents = cloudEvents;
    this.clock = clock;
  }

  /**
   * Returns the events above a position, which may be none. If events above it are missing, because
   * they were pruned or the log has a new origin, the first one is a {@code stream.reset}.
   *
   * @param after the position of the webhook
   * @param retryTo the last event of a batch that is sent again; null if none is
   */
  Batch next(Webhook webhook, long after, @Nullable Long retryTo) {
    long head = log.bounds().latest(); // before the events: those above it are for the next batch
    LogReader.Part part = log.part(webhook.filter(), after, MAX_EVENTS);
    LogBounds bounds = part.bounds();
    long from = Math.max(after, bounds.pruned());
    long end = retryTo == null || retryTo <= from ? Long.MAX_VALUE : retryTo;
    List<LoggedEvent> found =
        part.events().stream()
            .filter(event -> event.position() > from && event.position() <= end)
            .toList();
    List<LoggedEvent> kept = bounded(found);
    long scanned = Math.min(end, Math.min(Math.max(head, last(kept)), part.upTo()));
    long upTo = Math.max(from, kept.size() == found.size() ? scanned : last(kept));
    List<String> ids = new ArrayList<>();
    List<String> written = new ArrayList<>();
    if (after < Math.max(bounds.pruned(), bounds.origin())) {
      ids.add(RESET + '-' + bounds.pruned());
      written.add(reset(webhook, after < bounds.origin() ? "unknown" : "expired", bounds));
    }
    for (LoggedEvent event : kept) {
      ids.add(Long.toString(event.position()));
      written.add(json(webhook.format(), event));
    }
    return new Batch(
        message(webhook, id(webhook, ids), written, LoggedEvent.traces(kept)),
        upTo,
        Math.max(from, last(kept)));
  }

  /** The same for the same events, so that a receiver recognises a batch that is sent again. */
  private static String id(Webhook webhook, List<String> events) {
    return events.isEmpty()
        ? webhook.id()
        : webhook.id() + '.' + events.get(0) + '.' + events.get(events.size() - 1);
  }

  private static List<LoggedEvent> bounded(List<LoggedEvent> events) {
    int chars = 0;
    int n = 0;
    while (n < events.size() && (n == 0 || chars < MAX_CHARS)) {
      chars += events.get(n++).event().data().length();
    }
    return events.subList(0, n);
  }

  private static long last(List<LoggedEvent> events) {
    return events.isEmpty() ? 0 : events.get(events.size() - 1).position();
  }

  /** A message without an event of the log, by which an owner tries the receiver. */
  Message test(Webhook webhook) {
    String data = JSON.createObjectBuilder().add("webhookId", webhook.id()).build().toString();
    String id = webhook.id() + ".test-" + UUID.randomUUID();
    String event = control(webhook.format(), id, TEST, data);
    return message(webhook, id, List.of(event), Set.of());
  }

  private static Message message(
      Webhook webhook, String id, List<String> events, Set<String> causes) {
    String array = '[' + String.join(",", events) + ']';
    String body =
        switch (webhook.format()) {
          case CLOUDEVENTS -> array;
          case STANDARD -> "{\"webhookId\":\"" + webhook.id() + "\",\"events\":" + array + '}';
        };
    return new Message(id, webhook.format(), events.size(), causes, body);
  }

  /**
   * @param reason as in a stream
   */
  private String reset(Webhook webhook, String reason, LogBounds bounds) {
    String position = Long.toString(bounds.pruned());
    // A source gives each CloudEvent an id of its own: an event may have the position, and another
    // webhook may lose events at the same one.
    Format format = webhook.format();
    return control(
        format,
        format == Format.CLOUDEVENTS ? RESET + '-' + webhook.id() + '-' + position : position,
        RESET,
        Subscription.resetData(reason, bounds.oldest(), bounds.latest()));
  }

  private String control(Format format, String id, String type, String data) {
    Instant now = clock.instant();
    return format == Format.CLOUDEVENTS
        ? cloudEvents.control(id, type, now, data)
        : Envelope.control(id, type, now, data);
  }

  private String json(Format format, LoggedEvent logged) {
    return format == Format.CLOUDEVENTS ? cloudEvents.tracedJson(logged) : logged.tracedJson();
  }
}
