package devfest.studio.stream;

import devfest.studio.events.Filter;
import devfest.studio.hub.Format;
import devfest.studio.hub.Shape;
import devfest.studio.hub.Subscription;
import devfest.studio.security.Caller;
import devfest.studio.sse.EventStream;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream that a caller is about to open: what it carries, how it looks and how it begins. Handed
 * to {@link Streams#open}. Unless it says otherwise, it begins with {@code connected} at the
 * position that the client names. For one thread.
 */
public final class Opening {

  /** Decides where a stream begins. Called once the stream has a place. */
  @FunctionalInterface
  public interface Beginning {
    First at(Subscription place);
  }

  /**
   * How a stream begins.
   *
   * @param after the position after which its events come
   * @param greeting sends what comes before them
   */
  public record First(long after, Consumer<EventStream> greeting) {}

  /**
   * A stream that has just been opened.
   *
   * @param clientId the id that {@code connected} gave to the client
   */
  public record Opened(String clientId, EventStream stream, Subscription subscription) {}

  private final HttpServletRequest http;
  private final Caller caller;
  private final Filter filter;
  private final Format format;
  private final @Nullable StreamRequest request;
  private Recall recall = Recall.NONE;
  private Consumer<Opened> then = opened -> {};
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
   * @param usual the shape of its events unless the client asks for bare data
   */
  public static Opening of(StreamRequest request, Caller caller, Filter filter, Shape usual) {
    return new Opening(request.http(), caller, filter, request.format(usual), request, null);
  }

  static Opening of(HttpServletRequest http, Caller caller, Filter filter, Beginning beginning) {
    return new Opening(http, caller, filter, Format.USUAL, null, beginning);
  }

  /** Sends the newest events first to a client that does not say where to begin. */
  public Opening recalling(Recall what) {
    recall = what;
    return this;
  }

  /** Sends more right after {@code connected}, before any event. */
  public Opening then(Consumer<Opened> more) {
    then = more;
    return this;
  }

  /** Begins in another way than at the client's position. */
  public Opening beginning(Beginning other) {
    beginning = other;
    return this;
  }

  HttpServletRequest http() {
    return http;
  }

  Caller caller() {
    return caller;
  }

  Filter filter() {
    return filter;
  }

  Format format() {
    return format;
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

  Consumer<Opened> then() {
    return then;
  }

  Optional<Beginning> beginning() {
    return Optional.ofNullable(beginning);
  }
}
