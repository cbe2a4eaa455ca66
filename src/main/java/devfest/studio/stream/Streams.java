package devfest.studio.stream;

import devfest.studio.cluster.Rates;
import devfest.studio.events.Audience;
import devfest.studio.events.CloudEvents;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.ReservedTypes;
import devfest.studio.http.Code;
import devfest.studio.http.Limit;
import devfest.studio.http.Links;
import devfest.studio.http.Problem;
import devfest.studio.http.Proxies;
import devfest.studio.hub.CloudShape;
import devfest.studio.hub.Format;
import devfest.studio.hub.Hub;
import devfest.studio.hub.RefusedException;
import devfest.studio.hub.Shape;
import devfest.studio.hub.Subscriber;
import devfest.studio.hub.Subscription;
import devfest.studio.hub.Transport;
import devfest.studio.log.LogBounds;
import devfest.studio.log.LogReader;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.security.Credentials;
import devfest.studio.security.RevokedUsers;
import devfest.studio.sse.Encoder;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import devfest.studio.sse.Output;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Opens streams, and reserves slots for clients of other transports. Safe for use from many
 * threads.
 */
@ApplicationScoped
public class Streams {

  private static final Logger LOG = System.getLogger(Streams.class.getName());

  /** Retry-After of a refusal: slots become free within seconds, when clients disconnect. */
  private static final Duration FULL_RETRY = Duration.ofSeconds(10);

  private static final String CONNECTED = "connected";

  /**
   * Names with a fixed meaning in every stream, or for {@code EventSource}: error, open, message.
   */
  @Produces
  public static final ReservedTypes TYPES =
      ReservedTypes.of(CONNECTED, "heartbeat", "stream.*", "error", "open", Event.UNNAMED);

  /** Writes CloudEvents whose source is the public URL. */
  @Produces
  static CloudEvents cloudEvents(Links links) {
    return new CloudEvents(links::base);
  }

  private final StreamEngine engine;
  private final LogReader log;
  private final Scans scans;
  private final Probes probes;
  private final Proxies proxies;
  private final Callers callers;
  private final RevokedUsers revoked;
  private final Clock clock;
  private final Jsonb json;
  private final Rates rates;
  private final StreamSettings settings;

  /** Shared, because frames are cached by shape. */
  private final Shape cloudShape;

  @Inject
  Streams(
      StreamEngine engine,
      LogReader log,
      Scans scans,
      Probes probes,
      Proxies proxies,
      Callers callers,
      RevokedUsers revoked,
      Clock clock,
      Jsonb json,
      Rates rates,
      StreamSettings settings,
      CloudEvents cloudEvents) {
    this.engine = engine;
    this.log = log;
    this.scans = scans;
    this.probes = probes;
    this.proxies = proxies;
    this.callers = callers;
    this.revoked = revoked;
    this.clock = clock;
    this.json = json;
    this.rates = rates;
    this.settings = settings;
    this.cloudShape = new CloudShape(cloudEvents);
  }

  /**
   * Opens a stream, or responds to a HEAD with the headers of a stream, without a slot. A refusal
   * comes before anything is sent.
   *
   * @throws Problem 503 if the studio is full, 429 if the caller has no free slot
   */
  public void open(Opening opening, AsyncResponse response) {
    HttpServletRequest http = opening.http();
    if (answersHead(http, response)) {
      return;
    }
    Reserved reserved = reserve(opening, proxies.client(http));
    try {
      EventStream stream =
          EventStream.open(http, response, engine.writer(), engine.closer(), Encoder.of(json));
      begin(reserved, stream, opening.padding());
    } catch (IOException e) {
      reserved.subscription().cancel();
      LOG.log(Level.DEBUG, "A client disconnected while its stream was opened", e);
      boolean ignored = response.resume(Response.ok().build());
    } catch (RuntimeException | Error e) {
      reserved.subscription().cancel();
      throw e;
    }
  }

  /**
   * A stream that has a slot and a position, but no connection yet.
   *
   * @param subscription cancelled by the caller if the stream is not begun
   */
  public record Reserved(Subscription subscription, Opening.First first) {}

  /**
   * Takes a slot for a stream, and determines where it begins.
   *
   * @param address the client's address
   * @throws Problem 503 if the studio is full, 429 if the caller has no free slot, 400 if the
   *     position is malformed
   */
  public Reserved reserve(Opening opening, String address) {
    // The slot comes first, so that a refusal is cheap.
    Subscription subscription =
        subscribe(
            opening.caller(), opening.filter(), opening.transport(), opening.format(), address);
    try {
      Opening.First first =
          opening
              .beginning()
              .map(how -> how.at(subscription))
              .orElseGet(() -> resumed(opening, subscription));
      subscription.startAfter(first.after());
      return new Reserved(subscription, first);
    } catch (RuntimeException | Error e) {
      subscription.cancel();
      throw e;
    }
  }

  /** Sends the stream to a WebSocket. */
  public EventStream begin(Reserved reserved, Output out) {
    EventStream stream =
        EventStream.over(out, engine.socketWriter(), engine.closer(), Encoder.of(json));
    begin(reserved, stream, 0);
    return stream;
  }

  private static void begin(Reserved reserved, EventStream stream, int padding) {
    reserved.first().greet(stream, padding);
    reserved.subscription().attach(stream);
  }

  private Opening.First resumed(Opening opening, Subscription subscription) {
    Start start =
        opening
            .request()
            .start(
                opening.filter(),
                opening.recall(),
                engine.hub(),
                log,
                scans,
                subscription.subscriber().quotaKey(),
                clock.instant());
    Consumer<EventStream> more = opening.then().of(subscription);
    return new Opening.First(
        start.after(),
        stream -> {
          welcome(stream, start, opening, subscription.id());
          more.accept(stream);
        });
  }

  /**
   * A stream of the events that the request selects, as it requests them.
   *
   * @throws Problem 400 if an option is malformed
   */
  Opening events(StreamRequest request, Caller caller) {
    Shape shape = request.wantsCloudEvents() ? cloudShape : Shape.ENVELOPE;
    return Opening.of(request, caller, request.selection().filter(caller), shape);
  }

  /**
   * A stream that is not backed by the log; {@code begin} writes and closes it.
   *
   * @param id the last event id of a client that reconnects to this stream
   * @param probed whether the client is probed often, so that work for a disconnected client stops
   *     soon
   * @param begin called once, when the stream is open
   */
  public Opening unlogged(
      HttpServletRequest http,
      Caller caller,
      String id,
      boolean probed,
      Consumer<EventStream> begin) {
    Filter nothing =
        Filter.of(Audience.of(caller.userId(), false)).withChannels(List.of("nothing/" + id));
    return Opening.of(
        http,
        caller,
        nothing,
        subscription -> {
          subscription.probe(probed);
          return new Opening.First(
              engine.head(),
              stream -> {
                stream.send(Frame.reconnection(id, settings.retry().toMillis()));
                begin.accept(stream);
              });
        });
  }

  /** An {@linkplain #unlogged unlogged} stream that only tests the connection, for any caller. */
  public Opening test(HttpServletRequest http, String id, Consumer<EventStream> begin) {
    return unlogged(http, Caller.ANONYMOUS, id, false, begin).over(Transport.TEST);
  }

  /**
   * Authenticates the caller of a stream. A HEAD does not redeem a ticket.
   *
   * @throws NotAuthorizedException if the credential is invalid, or missing while anonymous access
   *     is off
   */
  public Caller reader(StreamRequest request) {
    return reader(request.http(), request.security(), request.credentials());
  }

  /** The same for a request without a {@link StreamRequest}. */
  public Caller reader(HttpServletRequest http, SecurityContext security, Credentials credentials) {
    return isHead(http)
        ? callers.streamProbe(security, credentials)
        : callers.streamReader(security, credentials);
  }

  /** Whether the request is a HEAD, which JAX-RS dispatches to the method for GET. */
  public static boolean isHead(HttpServletRequest http) {
    return http.getMethod().equals(HttpMethod.HEAD);
  }

  /**
   * Responds to a HEAD with the headers of a stream.
   *
   * @return false for any other request, which remains unanswered
   */
  public boolean answersHead(HttpServletRequest http, AsyncResponse response) {
    if (!isHead(http)) {
      return false;
    }
    Response.ResponseBuilder headers = Response.ok();
    EventStream.headers(http.getProtocol()).forEach(headers::header);
    boolean ignored = response.resume(headers.build());
    return true;
  }

  /** The reconnection time of clients, in milliseconds. */
  public long retryMillis() {
    return settings.retry().toMillis();
  }

  /**
   * Takes a slot for a subscription that begins at the present.
   *
   * @param address the client's address
   * @throws Problem 503 if the studio is full, 429 if the caller has no free slot or opens too many
   *     streams
   * @throws NotAuthorizedException if the caller's token was revoked since it was verified
   */
  public Subscription subscribe(
      Caller caller, Filter filter, Transport transport, Format format, String address) {
    if (caller.userId() == null) {
      rates.takeAddress(Limit.STREAMS, address);
    } else {
      rates.take(Limit.STREAMS, caller.userId());
    }
    Subscriber subscriber = subscriber(caller, address);
    try {
      Subscription subscription = subscribe(filter, subscriber, transport, format);
      if (revoked.covers(caller.userId(), caller.issued())) { // it missed the closing of streams
        subscription.cancel();
        throw Callers.invalid();
      }
      return subscription;
    } catch (RefusedException e) {
      throw Problem.tryLater(
          e.full() ? Code.STREAMS_FULL : Code.TOO_MANY_STREAMS,
          String.valueOf(e.getMessage()),
          FULL_RETRY);
    }
  }

  private Subscription subscribe(
      Filter filter, Subscriber subscriber, Transport transport, Format format) {
    Hub hub = engine.hub();
    try {
      return hub.subscribe(filter, subscriber, transport, format, hub.head(), clock.instant());
    } catch (RefusedException e) {
      if (e.full()) {
        throw e;
      }
      probes.await(
          subscriber.quotaKey()); // some of the caller's slots may belong to disconnected clients
      return hub.subscribe(filter, subscriber, transport, format, hub.head(), clock.instant());
    }
  }

  /**
   * @param address the client's address
   */
  static Subscriber subscriber(Caller caller, String address) {
    return new Subscriber(
        caller.userId(), address, caller.until(), caller.issued(), caller.session());
  }

  /**
   * Sends the first frames. The id of {@code connected} is the position below the first event to
   * come.
   */
  private void welcome(EventStream stream, Start start, Opening opening, String clientId) {
    Shape shape = opening.format().shape();
    Instant now = clock.instant();
    String position = Long.toString(start.after());
    String first = start.reset() == null ? position : null;
    String data = "{\"clientId\":\"" + clientId + "\",\"client_id\":\"" + clientId + "\"}";
    if (opening.recall().count() == 0) {
      stream.send(shape.opening(first, CONNECTED, now, data, retryMillis()));
    } else {
      stream.send(Frame.reconnection(first, retryMillis()));
    }
    if (start.reset() != null) {
      LogBounds bounds = Objects.requireNonNull(start.bounds(), start.reset());
      stream.send(
          shape.control(
              position,
              "stream.reset",
              now,
              Subscription.resetData(start.reset(), bounds.oldest(), bounds.latest())));
    }
  }
}
