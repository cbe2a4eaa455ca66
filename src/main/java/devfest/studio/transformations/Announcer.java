package devfest.studio.transformations;

import devfest.studio.events.Event;
import devfest.studio.events.TransientEvent;
import devfest.studio.http.Links;
import devfest.studio.log.EventLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import java.time.Clock;
import java.util.List;
import java.util.Locale;

/** Turns the steps of transformations into events: logged ones, and progress as a transient one. */
@ApplicationScoped
public class Announcer {

  /** Held, since each call of the static {@code Json} looks for a provider anew. */
  private static final JsonProvider JSON = JsonProvider.provider();

  private final EventLog log;
  private final Links links;
  private final Clock clock;
  private final jakarta.enterprise.event.Event<TransientEvent> transients;

  @Inject
  Announcer(
      EventLog log,
      Links links,
      Clock clock,
      jakarta.enterprise.event.Event<TransientEvent> transients) {
    this.log = log;
    this.links = links;
    this.clock = clock;
    this.transients = transients;
  }

  protected Announcer() {
    this(null, null, null, null);
  }

  void announce(@Observes Step step) {
    switch (step.kind()) {
      case QUEUED -> {
        // the answer to the request says so
      }
      case PROGRESS ->
          transients.fire(
              new TransientEvent(step.transformation().id(), clock.instant(), event(step)));
      default -> log.append(List.of(event(step)));
    }
  }

  Event event(Step step) {
    Transformation transformation = step.transformation();
    JsonObjectBuilder data =
        JSON.createObjectBuilder()
            .add("transformationId", transformation.id())
            .add("userId", transformation.userId())
            .add("photoId", transformation.photoId())
            .add("styleId", transformation.styleId());
    switch (step.kind()) {
      case PROGRESS ->
          data.add("progress", transformation.progress())
              .add("currentStep", transformation.currentStep());
      case COMPLETED -> data.add("resultUrl", links.result(transformation.id()));
      case FAILED -> data.add("error", transformation.error());
      default -> {
        // says it all
      }
    }
    return new Event(
        "transformation." + step.kind().name().toLowerCase(Locale.ROOT),
        transformation.visibility(),
        transformation.userId(),
        Event.STUDIO_CHANNEL,
        transformation.photoId(),
        transformation.id(),
        data.build().toString());
  }
}
