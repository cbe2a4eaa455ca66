package devfest.studio.push;

import com.interaso.webpush.WebPush.Urgency;
import devfest.studio.base.Text;
import devfest.studio.delivery.Delivery.Next;
import devfest.studio.events.LoggedEvent;
import devfest.studio.http.Links;
import devfest.studio.log.LogBounds;
import devfest.studio.log.LogReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.json.spi.JsonProvider;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the next notification of a subscription from the log. Safe for use from many threads. */
@ApplicationScoped
class PushMessages {

  private static final JsonProvider JSON = JsonProvider.provider();

  /** Nobody wants to be told of yesterday's picture. */
  static final Duration LIFE = Duration.ofDays(1);

  private static final int PAGE = 20;

  /** In characters; a screen shows less. Keeps each message far below 3,000 bytes. */
  private static final int MAX_TEXT = 200;

  private final LogReader log;
  private final Links links;
  private final Jsonb json;
  private final Clock clock;

  /** The data of a notification, as its event contains it. */
  public record Notice(
      String id,
      String type,
      String text,
      @Nullable String mentionedBy,
      @Nullable String transformationId) {}

  @Inject
  PushMessages(LogReader log, Links links, Jsonb json, Clock clock) {
    this.log = log;
    this.links = links;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Returns the next message above a position.
   *
   * @param after the position of the subscription
   */
  Next<PushMessage> next(PushSubscription subscription, long after) {
    long head = log.bounds().latest(); // before the events: those above it are for the next call
    LogReader.Part part = log.part(subscription.filter(), after, PAGE);
    LogBounds bounds = part.bounds();
    long upTo = Math.max(after, bounds.pruned());
    for (LoggedEvent logged : part.events()) {
      if (logged.position() > upTo) {
        upTo = logged.position();
        Optional<PushMessage> message = message(logged, subscription.language());
        if (message.isPresent()) {
          return new Next<>(message, upTo);
        }
      }
    }
    long scanned = Math.min(Math.max(head, upTo), part.upTo());
    return new Next<>(Optional.empty(), Math.max(upTo, scanned));
  }

  private Optional<PushMessage> message(LoggedEvent logged, String language) {
    Duration life = LIFE.minus(Duration.between(logged.timestamp(), now(logged)));
    if (life.isNegative() || life.isZero()) {
      return Optional.empty();
    }
    Notice notice = json.fromJson(logged.event().data(), Notice.class);
    PushWords words = PushWords.in(language);
    Set<String> causes = LoggedEvent.traces(List.of(logged));
    return switch (notice.type()) {
      case "transformation.completed" ->
          Optional.of(message(notice, words.ready(), words.open(), Urgency.High, life, causes));
      case "transformation.failed" ->
          Optional.of(message(notice, words.failed(), words.retry(), Urgency.High, life, causes));
      case "mention" ->
          Optional.of(
              message(
                  notice,
                  words.mentioned(notice.mentionedBy()),
                  notice.text(),
                  Urgency.Normal,
                  life,
                  causes));
      default -> Optional.empty(); // visible in the studio only
    };
  }

  /** A clock that was set back must not prolong a message's life. */
  private Instant now(LoggedEvent logged) {
    Instant now = clock.instant();
    return now.isBefore(logged.timestamp()) ? logged.timestamp() : now;
  }

  private PushMessage message(
      Notice notice,
      String title,
      String text,
      Urgency urgency,
      Duration life,
      Set<String> causes) {
    String body =
        JSON.createObjectBuilder()
            .add("title", title)
            .add("body", Text.shorten(text, MAX_TEXT))
            .add("url", url(notice))
            .add("tag", notice.id())
            .build()
            .toString();
    return new PushMessage(notice.id().replace("-", ""), body, urgency, life, causes);
  }

  private String url(Notice notice) {
    boolean shown = notice.type().equals("transformation.completed");
    String picture = notice.transformationId();
    return shown && picture != null ? links.share(picture) : links.dashboard();
  }
}
