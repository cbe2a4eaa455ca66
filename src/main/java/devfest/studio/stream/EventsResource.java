package devfest.studio.stream;

import devfest.studio.events.CloudEvents;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.http.Proxies;
import devfest.studio.log.LogReader;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The log over HTTP: history and statistics. */
@RequestScoped
@Path("/events")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Events")
public class EventsResource {

  /** Event counts over all users, and the number of open streams. */
  public record Statistics(
      long totalEvents, Map<String, Long> eventsByType, int activeConnections) {}

  /** An event of the history, for the OpenAPI document. */
  @Schema(name = "Event")
  public record Item(
      @Schema(description = "The position in the log") String id,
      String event,
      Instant timestamp,
      @Schema(nullable = true) @Nullable String userId,
      @Schema(description = "Any JSON value") Object data) {}

  /** Why a client could not resume at its position, for the OpenAPI document. */
  @Schema(name = "Reset")
  public record Gap(
      @Schema(enumeration = {"expired", "unknown"}) String reason, String oldest, String latest) {}

  /** A page of the history, for the OpenAPI document. */
  @Schema(
      name = "EventPage",
      requiredProperties = {"items", "next", "position"})
  public record Items(
      List<Item> items,
      @Schema(nullable = true) @Nullable String next,
      @Schema(description = "Pass it as ?after= in the next request") String position,
      @Nullable Gap reset) {}

  /** Common proxies close a request that is silent for longer. */
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  @Inject private StreamEngine engine;
  @Inject private LogReader log;
  @Inject private Scans scans;
  @Inject private Proxies proxies;
  @Inject private Callers callers;
  @Inject private Clock clock;
  @Inject private LongPoll longPoll;
  @Inject private CloudEvents cloudEvents;
  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @GET
  @PermitAll
  @Operation(
      summary = "List the events above the position ?after= that the caller may see",
      description =
          "With ?wait= (at most PT1M), the response waits until a matching event exists. Pass"
              + " position as ?after= in the next request. With ?wait=, reset reports that the"
              + " client missed events. With ?format=cloudevents, the items are CloudEvents 1.0, as in"
              + " /docs/events.json.")
  @APIResponse(
      responseCode = "200",
      description = "The events, oldest first",
      content = @Content(schema = @Schema(implementation = Items.class)))
  @APIResponse(responseCode = "400", description = "A malformed position, filter or option")
  @APIResponse(responseCode = "401", description = "Token required, or Invalid token")
  @APIResponse(responseCode = "403", description = "Only an admin may filter by another user")
  @APIResponse(
      responseCode = "429",
      description = "The caller has too many streams and waiting requests")
  @APIResponse(responseCode = "503", description = "The studio has no free stream")
  public CompletionStage<String> history(
      @BeanParam Selection selection,
      @QueryParam("after") @Nullable String after,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("wait") @Nullable String wait,
      @QueryParam("format") @Nullable String format) {
    Function<LoggedEvent, String> form =
        StreamRequest.isCloudEvents(format) ? cloudEvents::json : LoggedEvent::json;
    Caller caller = callers.reader(context);
    Filter filter = selection.filter(caller);
    Optional<Long> position =
        Start.present(cursor).or(() -> Start.present(after)).map(Start::position);
    int max = Page.limit(limit);
    String quotaKey = Streams.subscriber(caller, proxies.client(request)).quotaKey();
    Optional<Duration> maxWait = Start.present(wait).map(EventsResource::wait);
    if (maxWait.isEmpty()) {
      return CompletableFuture.completedStage(
          page(quotaKey, filter, Start.live(position.orElse(0L)), max).json(form));
    }
    Start start =
        position
            .filter(p -> p > 0)
            .map(p -> Start.resume(Long.toString(p), engine.hub()::holds, log::bounds))
            .orElse(Start.live(0));
    Supplier<History> look = () -> page(quotaKey, filter, start, max);
    return longPoll
        .await(
            caller,
            filter,
            maxWait.get(),
            request,
            () -> Optional.of(look.get()).filter(page -> !page.isEmpty()),
            look)
        .thenApply(history -> history.json(form));
  }

  private static Duration wait(String text) {
    try {
      Duration wait = Duration.parse(text);
      if (!wait.isNegative()) {
        return wait.compareTo(MAX_WAIT) < 0 ? wait : MAX_WAIT;
      }
    } catch (DateTimeParseException e) {
      // reported below
    }
    throw Problem.badRequest("wait must be a duration such as PT20S.");
  }

  private History page(String quotaKey, Filter filter, Start start, int max) {
    long seen = engine.head(); // before the page, which then includes everything up to here
    Page<LoggedEvent> page =
        Page.of(
            max,
            limit -> scans.next(quotaKey, filter, start.after(), limit),
            event -> event,
            LoggedEvent::position);
    int last = page.items().size() - 1;
    long read = last < 0 ? start.after() : page.items().get(last).position();
    long position = page.next() == null ? Math.max(seen, read) : read;
    return new History(page, position, start.reset(), start.bounds());
  }

  @GET
  @Path("/stats")
  @PermitAll
  @Operation(summary = "Count the events of all users by type; ?since= restricts the time")
  public Statistics statistics(@QueryParam("since") @Nullable String since) {
    callers.reader(context);
    Map<String, Long> counts =
        Start.present(since)
            .map(text -> log.counts(Start.instant(text, clock.instant())))
            .orElseGet(log::counts);
    long total = counts.values().stream().mapToLong(Long::longValue).sum();
    return new Statistics(total, counts, engine.connections());
  }
}
