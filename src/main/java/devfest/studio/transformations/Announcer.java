package devfest.studio.transformations;

import devfest.studio.events.DisplayNames;
import devfest.studio.events.Event;
import devfest.studio.events.Kinds;
import devfest.studio.events.Pseudonyms;
import devfest.studio.events.ReservedTypes;
import devfest.studio.events.TransientEvent;
import devfest.studio.http.Links;
import devfest.studio.log.EventLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the steps of transformations: progress as transient events, all other steps as events
 * in the log. Safe for use from many threads.
 */
@ApplicationScoped
public class Announcer {

  /** Cached, because each call of the static {@code Json} methods looks up the provider again. */
  private static final JsonProvider JSON = JsonProvider.provider();

  @Produces static final ReservedTypes TYPES = ReservedTypes.of("transformation.*");

  private final EventLog log;
  private final Links links;
  private final Clock clock;
  private final Pseudonyms pseudonyms;
  private final DisplayNames names;
  private final jakarta.enterprise.event.Event<TransientEvent> transients;

  @Inject
  Announcer(
      EventLog log,
      Links links,
      Clock clock,
      Pseudonyms pseudonyms,
      DisplayNames names,
      jakarta.enterprise.event.Event<TransientEvent> transients) {
    this.log = log;
    this.links = links;
    this.clock = clock;
    this.pseudonyms = pseudonyms;
    this.names = names;
    this.transients = transients;
  }

  void announce(Step step) {
    switch (step.kind()) {
      case QUEUED -> {
        // the response to the request reports it
      }
      case PROGRESS ->
          transients.fire(
              new TransientEvent(
                  Objects.requireNonNull(run(step.transformation()), "has not been started"),
                  clock.instant(),
                  event(step)));
      default -> log.append(List.of(event(step)));
    }
  }

  Event event(Step step) {
    Transformation transformation = step.transformation();
    JsonObjectBuilder data =
        JSON.createObjectBuilder()
            .add("transformationId", transformation.id())
            .add("userId", pseudonyms.of(transformation.userId(), transformation.visibility()))
            .add("displayName", names.of(transformation.userId()))
            .add("photoId", transformation.photoId())
            .add("styleId", transformation.styleId());
    switch (step.kind()) {
      case PROGRESS ->
          data.add("progress", transformation.progress())
              .add("currentStep", transformation.currentStep());
      case COMPLETED -> data.add("resultUrl", links.result(transformation.id()));
      case FAILED -> data.add("error", transformation.error());
      default -> {
        // no further members
      }
    }
    return Event.of("transformation." + step.kind().name().toLowerCase(Locale.ROOT))
        .visibility(transformation.shownTo())
        .userId(transformation.userId())
        .channel(Event.STUDIO_CHANNEL)
        .about(Kinds.PHOTO, transformation.photoId())
        .about(Kinds.TRANSFORMATION, transformation.id())
        .ends(transformation.status().isFinal() ? run(transformation) : null)
        .data(data.build().toString())
        .build()
        .under(pseudonyms);
  }

  /**
   * The key that groups the progress events of one run. The end of a run discards its late
   * progress; a retry has a new start time and therefore a new key, so its progress is not
   * discarded.
   */
  private static @Nullable String run(Transformation transformation) {
    Instant start = transformation.startedAt();
    return start == null ? null : transformation.id() + '@' + start.toEpochMilli();
  }
}
