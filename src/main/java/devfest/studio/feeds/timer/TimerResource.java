package devfest.studio.feeds.timer;

import devfest.studio.feed.Feeds;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.WholeNumber;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import devfest.studio.stream.StreamRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonNumber;
import jakarta.json.JsonValue;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Endpoints of the shared countdown. */
@RequestScoped
@Path("/timer")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Timer")
public class TimerResource {

  /** One week, longer than any event. */
  private static final int MAX_SECONDS = 7 * 24 * 3_600;

  private static final Duration DEFAULT_PENALTY = Duration.ofMinutes(1);

  /** The length of the countdown in seconds. */
  @Schema(name = "TimerLength")
  public record Length(
      @Schema(type = SchemaType.INTEGER) @WholeNumber(min = 1, max = MAX_SECONDS, optional = true)
          @Nullable JsonValue duration) {}

  /** The penalty in seconds. */
  @Schema(name = "TimerPenalty")
  public record Penalty(
      @Schema(type = SchemaType.INTEGER) @WholeNumber(min = 1, max = MAX_SECONDS, optional = true)
          @Nullable JsonValue seconds) {}

  @Inject private Timer timer;
  @Inject private TimerFeed feed;
  @Inject private Feeds feeds;
  @Inject private Callers callers;
  @Context private SecurityContext context;

  @GET
  @PermitAll
  @Operation(
      summary = "Get the state of the countdown, in seconds",
      description =
          "timestamp is Unix time, so clients can subtract the time that has passed since.")
  public Countdown.State get() {
    callers.reader(context);
    return timer.state();
  }

  @POST
  @Limited(Limit.PUBLISHING)
  @Path("/start")
  @RolesAllowed({Roles.PUBLISHER, Roles.ADMIN})
  @Operation(
      summary = "Start or resume the countdown; {duration} in seconds starts it from the beginning")
  @RequestBody(
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Length.class)))
  @APIResponse(responseCode = "200", description = "The new state")
  @APIResponse(
      responseCode = "409",
      description = "The countdown has ended and must be reset first")
  public Countdown.State start(@Valid @Nullable Length length) {
    @Nullable Duration newLength = length == null ? null : duration(length.duration());
    return change("timer.started", (countdown, now) -> countdown.start(newLength, now));
  }

  @POST
  @Limited(Limit.PUBLISHING)
  @Path("/pause")
  @RolesAllowed({Roles.PUBLISHER, Roles.ADMIN})
  @Operation(summary = "Pause the countdown")
  public Countdown.State pause() {
    return change("timer.paused", Countdown::pause);
  }

  @POST
  @Limited(Limit.PUBLISHING)
  @Path("/reset")
  @RolesAllowed({Roles.PUBLISHER, Roles.ADMIN})
  @Operation(summary = "Reset and stop the countdown; {duration?} in seconds sets a new length")
  @RequestBody(
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Length.class)))
  public Countdown.State reset(@Valid @Nullable Length length) {
    @Nullable Duration newLength = length == null ? null : duration(length.duration());
    return change("timer.reset", (countdown, now) -> countdown.reset(newLength));
  }

  @POST
  @Limited(Limit.PUBLISHING)
  @Path("/penalty")
  @RolesAllowed({Roles.PUBLISHER, Roles.ADMIN})
  @Operation(summary = "Subtract {seconds} from the remaining time; the default is 60")
  @RequestBody(
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = Penalty.class)))
  @APIResponse(responseCode = "200", description = "The new state")
  @APIResponse(responseCode = "409", description = "The countdown has ended")
  public Countdown.State penalty(@Valid @Nullable Penalty penalty) {
    Duration time =
        Objects.requireNonNullElse(
            penalty == null ? null : duration(penalty.seconds()), DEFAULT_PENALTY);
    return change("timer.penalty", (countdown, now) -> countdown.penalise(time, now));
  }

  @POST
  @Limited(Limit.PUBLISHING)
  @Path("/complete")
  @RolesAllowed({Roles.PUBLISHER, Roles.ADMIN})
  @Operation(summary = "Complete the countdown because the game was won")
  public Countdown.State complete() {
    return change("timer.completed", Countdown::complete);
  }

  /** Changes the countdown, if the claims of the token allow its channel and the event. */
  private Countdown.State change(String event, BiConsumer<Countdown, Instant> change) {
    callers.requireChannel(context, Timer.CHANNEL);
    callers.requireType(context, event);
    return timer.change(event, change);
  }

  /** Converts a valid number of seconds; null for null and JSON null. */
  private static @Nullable Duration duration(@Nullable JsonValue seconds) {
    return seconds instanceof JsonNumber number ? Duration.ofSeconds(number.intValueExact()) : null;
  }

  @GET
  @Path("/stream")
  @PermitAll
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      summary =
          "Stream the state as unnamed messages, every second while it runs and on each change")
  public void stream(@BeanParam StreamRequest request, @Suspended AsyncResponse response) {
    feeds.open(feed, request, response);
  }
}
