package devfest.studio.stream;

import devfest.studio.events.Envelope;
import devfest.studio.events.Filter;
import devfest.studio.http.Problem;
import devfest.studio.hub.Hub;
import devfest.studio.hub.RefusedException;
import devfest.studio.hub.Subscriber;
import devfest.studio.hub.Subscription;
import devfest.studio.log.LogBounds;
import devfest.studio.log.LogReader;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.sse.EventStream;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.Sse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The live stream. */
@RequestScoped
@Path("/events/stream")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Tag(name = "Events")
public class StreamResource {

  private static final Duration FULL_RETRY = Duration.ofSeconds(10);

  @Inject private Relay relay;
  @Inject private LogReader log;
  @Inject private Callers callers;
  @Inject private Clock clock;

  @Inject
  @ConfigProperty(name = "studio.stream.retry", defaultValue = "PT3S")
  private Duration retry;

  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @BeanParam private Selection selection;

  @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER)
  private String lastEventIdHeader;

  @QueryParam("lastEventId")
  private String lastEventId;

  @QueryParam("since")
  private String since;

  @QueryParam("replay")
  private String replay;

  @QueryParam("token")
  private String token;

  @GET
  @PermitAll
  @Operation(summary = "Every event that the caller may see, as it happens")
  @APIResponse(responseCode = "200", description = "An endless text/event-stream")
  @APIResponse(responseCode = "400", description = "A malformed position or filter")
  @APIResponse(responseCode = "401", description = "Token required, or Invalid token")
  public void stream(@Suspended AsyncResponse keep, @Context Sse sse) throws IOException {
    Caller caller = callers.streamReader(context, token);
    Filter filter = selection.filter(caller);
    Start start = start(filter);
    Subscription subscription = subscribe(caller, filter, start);
    EventStream stream;
    try {
      stream = EventStream.open(request, keep, relay.writer(), subscription::cancel);
    } catch (IOException | RuntimeException e) {
      subscription.cancel();
      throw e;
    }
    try {
      welcome(stream, sse, start);
      subscription.attach(stream);
    } catch (IllegalStateException e) {
      stream.close(); // the client has gone already
    }
  }

  @HEAD
  @PermitAll
  public Response head() {
    selection.filter(callers.streamReader(context, token));
    Response.ResponseBuilder headers = Response.ok();
    EventStream.headers(request.getProtocol()).forEach(headers::header);
    return headers.build();
  }

  /** The first present way to resume wins. */
  private Start start(Filter filter) {
    Optional<String> position =
        Start.present(lastEventIdHeader).or(() -> Start.present(lastEventId));
    if (position.isPresent()) {
      return Start.resume(position.get(), log.bounds());
    }
    return Start.present(since)
        .map(text -> Start.since(text, log, clock.instant()))
        .or(() -> Start.present(replay).map(count -> Start.replay(count, filter, log)))
        .orElseGet(() -> Start.live(relay.hub().head()));
  }

  private Subscription subscribe(Caller caller, Filter filter, Start start) {
    Hub hub = relay.hub();
    try {
      return hub.subscribe(
          filter,
          new Subscriber(caller.userId(), request.getRemoteAddr(), caller.until()),
          start.after());
    } catch (RefusedException e) {
      throw Problem.tryLater(
          e.full() ? 503 : 429,
          e.full() ? "streams_full" : "too_many_streams",
          e.getMessage(),
          FULL_RETRY);
    }
  }

  /** The position of {@code connected} is the one before the first event still to come. */
  private void welcome(EventStream stream, Sse sse, Start start) {
    Instant now = clock.instant();
    String clientId = UUID.randomUUID().toString();
    String position = Long.toString(start.after());
    String opening = start.reset() == null ? position : null;
    stream.send(
        sse.newEventBuilder()
            .reconnectDelay(retry.toMillis())
            .id(opening)
            .name("connected")
            .data(
                Envelope.control(
                    opening,
                    "connected",
                    now,
                    "{\"clientId\":\"" + clientId + "\",\"client_id\":\"" + clientId + "\"}"))
            .build());
    if (start.reset() != null) {
      LogBounds bounds = start.bounds();
      String data =
          "{\"reason\":\"%s\",\"oldest\":\"%d\",\"latest\":\"%d\"}"
              .formatted(start.reset(), bounds.oldest(), bounds.latest());
      stream.send(
          sse.newEventBuilder()
              .id(position)
              .name("stream.reset")
              .data(Envelope.control(position, "stream.reset", now, data))
              .build());
    }
  }
}
