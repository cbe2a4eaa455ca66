package devfest.studio.stream;

import devfest.studio.events.Filter;
import devfest.studio.http.LiteralPath;
import devfest.studio.http.Problem;
import devfest.studio.hub.Format;
import devfest.studio.hub.Heartbeat;
import devfest.studio.hub.Hub;
import devfest.studio.hub.Shape;
import devfest.studio.log.LogReader;
import devfest.studio.security.Credentials;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.Sse;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The request for a stream: its parameters, its credentials and its context. The {@code @BeanParam}
 * of every method that opens a stream.
 */
public class StreamRequest {

  /** Larger than the buffers of common proxies. */
  private static final int MAX_PADDING = 64 * 1024;

  @Context private HttpServletRequest http;
  @Context private SecurityContext security;
  @Context private Sse sse;
  @BeanParam private Selection selection;
  @BeanParam private Credentials credentials;

  @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER)
  private @Nullable String lastEventIdHeader;

  @QueryParam("lastEventId")
  private @Nullable String lastEventId;

  @QueryParam("since")
  private @Nullable String since;

  @QueryParam("replay")
  private @Nullable String replay;

  @QueryParam("heartbeat")
  private @Nullable String heartbeat;

  @QueryParam("padding")
  private @Nullable String padding;

  @QueryParam("envelope")
  private @Nullable String envelope;

  @QueryParam("format")
  private @Nullable String format;

  /** Reads the parameters of a request that is not handled by a JAX-RS method. */
  public static StreamRequest of(HttpServletRequest request) {
    StreamRequest of = new StreamRequest();
    of.http = request;
    of.selection = Selection.of(request);
    of.lastEventIdHeader = request.getHeader(HttpHeaders.LAST_EVENT_ID_HEADER);
    of.lastEventId = request.getParameter("lastEventId");
    of.since = request.getParameter("since");
    of.replay = request.getParameter("replay");
    of.heartbeat = request.getParameter("heartbeat");
    of.padding = request.getParameter("padding");
    of.envelope = request.getParameter("envelope");
    of.format = request.getParameter("format");
    return of;
  }

  public Selection selection() {
    return selection;
  }

  Credentials credentials() {
    return credentials;
  }

  HttpServletRequest http() {
    return http;
  }

  SecurityContext security() {
    return security;
  }

  public Sse sse() {
    return sse;
  }

  /** Whether the request is a HEAD, which gets only the headers of the stream. */
  public boolean isHead() {
    return Streams.isHead(http);
  }

  /**
   * Where to begin: {@code Last-Event-ID}, {@code lastEventId}, {@code since} or {@code replay};
   * the first one present counts.
   *
   * @param recall the replay if none is present
   * @param quotaKey the caller's key for turns in searching the log
   * @throws Problem 400 if the parameter is malformed
   */
  Start start(
      Filter filter,
      Recall recall,
      Hub hub,
      LogReader log,
      Scans scans,
      String quotaKey,
      Instant now) {
    Optional<String> position = resumption();
    if (position.isPresent()) {
      return Start.resume(position.get(), hub::holds, log::bounds);
    }
    return Start.present(since)
        .map(text -> Start.since(text, now, at -> scans.before(quotaKey, at), log::bounds))
        .or(
            () ->
                Start.present(replay)
                    .map(
                        count ->
                            Start.replay(
                                count, n -> scans.before(quotaKey, filter, n), log::bounds)))
        .orElseGet(
            () ->
                recall.count() == 0
                    ? Start.live(hub.head())
                    : Start.replay(
                        Integer.toString(recall.count()),
                        n -> scans.before(quotaKey, filter.withTypes(recall.types()), n),
                        log::bounds));
  }

  /**
   * The format of the frames.
   *
   * @param defaultShape their shape; the envelope is omitted if the client requests that, or by
   *     default on a literal path
   * @throws Problem 400 if an option is malformed
   */
  Format format(Shape defaultShape) {
    boolean bare = defaultShape == Shape.ENVELOPE && !withEnvelope(!LiteralPath.isAny(http));
    return new Format(bare ? Shape.DATA : defaultShape, heartbeat());
  }

  /**
   * Whether the client requests CloudEvents instead of envelopes.
   *
   * @throws Problem 400 if the option is malformed
   */
  boolean wantsCloudEvents() {
    boolean wanted = isCloudEvents(format);
    if (wanted && !withEnvelope(true)) {
      throw Problem.badRequest(
          "format=cloudevents and envelope=false exclude each other: a CloudEvent is an envelope.");
    }
    return wanted;
  }

  /**
   * Whether the parameter {@code format} requests CloudEvents.
   *
   * @throws Problem 400 if it is another value
   */
  static boolean isCloudEvents(@Nullable String format) {
    Optional<String> present = Start.present(format);
    if (present.isPresent() && !present.get().equals("cloudevents")) {
      throw Problem.badRequest("format must be 'cloudevents', or absent for envelopes.");
    }
    return present.isPresent();
  }

  /**
   * Checks the options that do not depend on the caller, before a ticket is redeemed.
   *
   * @throws Problem 400 if an option is malformed
   */
  void checkEvents() {
    boolean ignored = wantsCloudEvents();
    format(Shape.ENVELOPE);
    padding();
    resumption().ifPresent(Start::position);
  }

  /**
   * Checks the same for a stream of feeds, whose shape is fixed.
   *
   * @throws Problem 400 if an option is malformed, or CloudEvents are requested
   */
  public void checkFeeds() {
    checkEvents();
    if (wantsCloudEvents()) {
      throw Problem.badRequest(
          "This stream has no format=cloudevents, because the states of feeds are not events."
              + " /api/v1/events/stream sends the events of any ?channels= as CloudEvents.");
    }
  }

  /** The position after which the client resumes; empty if it names none. */
  public Optional<String> resumption() {
    return Start.present(lastEventIdHeader).or(() -> Start.present(lastEventId));
  }

  private boolean withEnvelope(boolean byDefault) {
    return switch (Start.present(envelope).orElse(Boolean.toString(byDefault))) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Problem.badRequest("envelope must be 'true' or 'false'.");
    };
  }

  private Heartbeat heartbeat() {
    return switch (Start.present(heartbeat).orElse("comment")) {
      case "comment" -> Heartbeat.COMMENT;
      case "event" -> Heartbeat.EVENT;
      case "message" -> Heartbeat.MESSAGE;
      default -> throw Problem.badRequest("heartbeat must be 'comment', 'event' or 'message'.");
    };
  }

  /** Size of the comment at the start in bytes, for proxies that buffer the first bytes. */
  int padding() {
    String text = Start.present(padding).orElse("0");
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > MAX_PADDING) {
      throw Problem.badRequest("padding must be a number from 0 to " + MAX_PADDING + ".");
    }
    return Integer.parseInt(text);
  }
}
