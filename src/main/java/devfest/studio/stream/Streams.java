package devfest.studio.stream;

import devfest.studio.events.Audience;
import devfest.studio.events.Filter;
import devfest.studio.http.LiteralPath;
import devfest.studio.http.Problem;
import devfest.studio.http.Proxies;
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
import devfest.studio.sse.Encoder;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.Sse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** Opens streams, and takes places for those who wait for events otherwise. */
@ApplicationScoped
public class Streams {

  private static final Logger LOG = System.getLogger(Streams.class.getName());
  private static final Duration FULL_RETRY = Duration.ofSeconds(10);

  @Inject private StreamEngine engine;
  @Inject private LogReader log;
  @Inject private Scans scans;
  @Inject private Probes probes;
  @Inject private Proxies proxies;
  @Inject private Clock clock;
  @Inject private Jsonb json;

  @Inject private StreamSettings settings;

  /**
   * How a stream begins.
   *
   * @param after the position after which its events come
   * @param greeting sends what comes before them
   */
  public record Beginning(long after, Consumer<EventStream> greeting) {}

  /**
   * What comes first to a reader who does not say where to begin.
   *
   * @param count how many events
   * @param types which of them count; empty for all
   */
  public record Recall(int count, List<String> types) {
    public static final Recall NONE = new Recall(0, List.of());
  }

  /**
   * A stream that has just been opened.
   *
   * @param clientId which it was told in {@code connected}
   */
  public record Opened(String clientId, EventStream stream, Subscription subscription) {}

  /**
   * Opens the stream of events that is asked for. Everything that can be refused is refused before.
   *
   * @param recall what comes first to who does not say where to begin
   * @param greets whether it begins with {@code connected}
   * @param usual the shape of its events unless the client asks for bare data
   * @param more sends what comes right after {@code connected}
   */
  public void open(
      StreamRequest wish,
      Recall recall,
      boolean greets,
      Caller caller,
      Filter filter,
      Shape usual,
      HttpServletRequest request,
      AsyncResponse keep,
      Sse sse,
      Consumer<Opened> more) {
    Format format = wish.format(usual, LiteralPath.isAny(request));
    int padding = wish.padding();
    open(
        caller,
        filter,
        format,
        request,
        keep,
        subscription -> {
          String place = subscription.subscriber().place();
          Start start =
              wish.start(filter, recall, engine.hub(), log, scans, place, clock.instant());
          return new Beginning(
              start.after(),
              stream -> {
                pad(stream, padding);
                String clientId = welcome(stream, sse, start, greets, format.shape());
                more.accept(new Opened(clientId, stream, subscription));
              });
        });
  }

  /** Opens a stream that begins as it is told, once there is a place for it. */
  public void open(
      Caller caller,
      Filter filter,
      Format format,
      HttpServletRequest request,
      AsyncResponse keep,
      Function<Subscription, Beginning> beginning) {
    // First of all a place: who gets none has cost nothing.
    Subscription subscription =
        subscribe(caller, filter, Transport.STREAM, format, proxies.client(request));
    try {
      Beginning begin = beginning.apply(subscription);
      subscription.startAfter(begin.after());
      EventStream stream =
          EventStream.open(request, keep, engine.writer(), engine.closer(), Encoder.of(json));
      greet(stream, begin);
      subscription.attach(stream);
    } catch (IOException e) {
      subscription.cancel();
      LOG.log(Level.DEBUG, "A client hung up while its stream was opened", e);
      boolean ignored = keep.resume(Response.ok().build());
    } catch (RuntimeException e) {
      subscription.cancel();
      throw e;
    }
  }

  /**
   * Opens a stream of which the log knows nothing: who asks for it sends what is on it, and closes
   * it.
   *
   * @param id by which a reconnect is told from a new request
   */
  public void open(
      Caller caller,
      String id,
      HttpServletRequest request,
      AsyncResponse keep,
      Consumer<EventStream> begin) {
    Filter nothing =
        Filter.of(Audience.of(caller.userId(), false)).withChannels(List.of("nothing/" + id));
    open(
        caller,
        nothing,
        Format.USUAL,
        request,
        keep,
        subscription -> {
          subscription.probe(true); // what is made for a reader who has left is made for nobody
          return new Beginning(
              engine.hub().head(),
              stream -> {
                stream.send(Frame.place(id, settings.retry().toMillis()));
                begin.accept(stream);
              });
        });
  }

  private static void greet(EventStream stream, Beginning begin) {
    try {
      begin.greeting().accept(stream);
    } catch (IllegalStateException e) {
      stream.close(); // the client has gone already
    } catch (RuntimeException e) {
      stream.abort();
      throw e;
    }
  }

  /** Sends a comment of so many bytes, for proxies that hold back the beginning. */
  public void pad(EventStream stream, int bytes) {
    if (bytes > 0) {
      stream.send(Frame.comment(" ".repeat(bytes)));
    }
  }

  public long retryMillis() {
    return settings.retry().toMillis();
  }

  /** The answer to a HEAD: the same headers, and nothing is opened. */
  public static Response head(HttpServletRequest request) {
    Response.ResponseBuilder headers = Response.ok();
    EventStream.headers(request.getProtocol()).forEach(headers::header);
    return headers.build();
  }

  /**
   * Takes a place, live from now on.
   *
   * @param address of the client
   * @throws Problem 503 when the studio is full, 429 when the caller has too many
   */
  public Subscription subscribe(
      Caller caller, Filter filter, Transport transport, Format format, String address) {
    Subscriber subscriber = subscriber(caller, address);
    try {
      return place(filter, subscriber, transport, format);
    } catch (RefusedException e) {
      throw Problem.tryLater(
          e.full() ? 503 : 429,
          e.full() ? "streams_full" : "too_many_streams",
          e.getMessage(),
          FULL_RETRY);
    }
  }

  private Subscription place(
      Filter filter, Subscriber subscriber, Transport transport, Format format) {
    Hub hub = engine.hub();
    try {
      return hub.subscribe(filter, subscriber, transport, format, hub.head(), clock.instant());
    } catch (RefusedException e) {
      if (e.full()) {
        throw e;
      }
      probes.await(subscriber.place()); // some of its own places may be those of clients that left
      return hub.subscribe(filter, subscriber, transport, format, hub.head(), clock.instant());
    }
  }

  /**
   * @param address of the client
   */
  static Subscriber subscriber(Caller caller, String address) {
    return new Subscriber(caller.userId(), address, caller.until(), caller.session());
  }

  /**
   * The position of {@code connected} is the one before the first event still to come.
   *
   * @return the client's id
   */
  private String welcome(EventStream stream, Sse sse, Start start, boolean greets, Shape shape) {
    Instant now = clock.instant();
    String clientId = UUID.randomUUID().toString();
    String position = Long.toString(start.after());
    String opening = start.reset() == null ? position : null;
    String data = "{\"clientId\":\"" + clientId + "\",\"client_id\":\"" + clientId + "\"}";
    if (greets) {
      stream.send(
          sse.newEventBuilder()
              .reconnectDelay(settings.retry().toMillis())
              .id(opening)
              .name("connected")
              .data(shape.controlData(opening, "connected", now, data))
              .build());
    } else {
      stream.send(Frame.place(opening, settings.retry().toMillis()));
    }
    if (start.reset() != null) {
      LogBounds bounds = start.bounds();
      stream.send(
          shape.control(
              position,
              "stream.reset",
              now,
              Subscription.resetData(start.reset(), bounds.oldest(), bounds.latest())));
    }
    return clientId;
  }
}
