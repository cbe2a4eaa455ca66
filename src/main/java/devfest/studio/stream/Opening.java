package devfest.studio.stream;

import devfest.studio.events.Filter;
import devfest.studio.http.Outage;
import devfest.studio.hub.Format;
import devfest.studio.hub.Shape;
import devfest.studio.hub.Subscription;
import devfest.studio.hub.Transport;
import devfest.studio.security.Caller;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream to be opened: its filter, its format and its beginning. Passed to {@link Streams#open}.
 * By default it begins with {@code connected}, at the position that the client requests, and is a
 * stream of server-sent events. Used by one thread.
 */
public final class Opening {

  private static final Logger LOG = System.getLogger(Opening.class.getName());

  /** Determines where a stream begins. Called once the stream has a slot. */
  @FunctionalInterface
  public interface Beginning {
    First at(Subscription subscription);
  }

  /**
   * How a stream begins.
   *
   * @param after events above this position are sent
   * @param greeting sends the frames before them
   */
  public record First(long after, Consumer<EventStream> greeting) {

    /**
     * Sends the frames before the events. A failure ends the stream and is not thrown: the response
     * has begun, and Jersey would respond a second time while the stream still completes the
     * response. On Payara the remainder could reach another client.
     *
     * @param padding the number of spaces in a comment before all frames
     */
    void greet(EventStream stream, int padding) {
      try {
        if (padding > 0) {
          stream.send(Frame.comment(" ".repeat(padding)));
        }
        greeting.accept(stream);
      } catch (Throwable e) {
        boolean quiet = stream.isClosed() || Outage.behind(e).isPresent();
        LOG.log(
            quiet ? Level.DEBUG : Level.WARNING,
            "The first frames of a stream could not be sent. Its client reconnects.",
            e);
        stream.abort();
      }
    }
  }

  /** Prepares what a stream sends after {@code connected}, before any event. */
  @FunctionalInterface
  public interface Preparation {

    /**
     * Reads what is to be sent. Called once the stream has a slot, before anything is sent, so a
     * failure refuses the stream.
     *
     * @return sends it
     */
    Consumer<EventStream> of(Subscription subscription);
  }

  private final HttpServletRequest http;
  private final Caller caller;
  private final Filter filter;
  private final Format format;
  private final @Nullable StreamRequest request;
  private Transport transport = Transport.STREAM;
  private Recall recall = Recall.NONE;
  private Preparation then = subscription -> stream -> {};
  private @Nullable Beginning beginning;

  private Opening(
      HttpServletRequest http,
      Caller caller,
      Filter filter,
      Format format,
      @Nullable StreamRequest request,
      @Nullable Beginning beginning) {
    this.http = http;
    this.caller = caller;
    this.filter = filter;
    this.format = format;
    this.request = request;
    this.beginning = beginning;
  }

  /**
   * A stream of the events that match the filter.
   *
   * @param defaultShape the shape of the frames unless the client requests data without an envelope
   */
  public static Opening of(
      StreamRequest request, Caller caller, Filter filter, Shape defaultShape) {
    return new Opening(request.http(), caller, filter, request.format(defaultShape), request, null);
  }

  static Opening of(HttpServletRequest http, Caller caller, Filter filter, Beginning beginning) {
    return new Opening(http, caller, filter, Format.DEFAULT, null, beginning);
  }

  /** Replays the newest events to a client that requests no position. */
  public Opening recalling(Recall what) {
    recall = what;
    return this;
  }

  /** Sends more frames after {@code connected}, before any event. */
  public Opening then(Preparation more) {
    then = more;
    return this;
  }

  /** Replaces the beginning at the client's position. */
  public Opening beginning(Beginning other) {
    beginning = other;
    return this;
  }

  /** Replaces server-sent events as the way to the client. */
  public Opening over(Transport other) {
    transport = other;
    return this;
  }

  HttpServletRequest http() {
    return http;
  }

  public Caller caller() {
    return caller;
  }

  Filter filter() {
    return filter;
  }

  Format format() {
    return format;
  }

  Transport transport() {
    return transport;
  }

  StreamRequest request() {
    return Objects.requireNonNull(request, "a stream without a request has its own beginning");
  }

  int padding() {
    return request == null ? 0 : request.padding();
  }

  Recall recall() {
    return recall;
  }

  Preparation then() {
    return then;
  }

  Optional<Beginning> beginning() {
    return Optional.ofNullable(beginning);
  }
}
