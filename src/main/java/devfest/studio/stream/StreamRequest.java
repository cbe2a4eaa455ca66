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
 * The request for a stream: its parameters, its credentials, and what the server knows of it. Taken
 * as {@code @BeanParam} by every method that opens one.
 */
public class StreamRequest {

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

  /** Whether only the headers of the stream are asked for. */
  public boolean isHead() {
    return Streams.isHead(http);
  }

  /**
   * Where to begin; the first present way wins.
   *
   * @param recall what comes first where none is
   * @param place whose turns a search of the log takes
   */
  Start start(
      Filter filter,
      Recall recall,
      Hub hub,
      LogReader log,
      Scans scans,
      String place,
      Instant now) {
    Optional<String> position = resumption();
    if (position.isPresent()) {
      return Start.resume(position.get(), hub::holds, log::bounds);
    }
    return Start.present(since)
        .map(text -> Start.since(text, now, at -> scans.before(place, at), log::bounds))
        .or(
            () ->
                Start.present(replay)
                    .map(
                        count ->
                            Start.replay(count, n -> scans.before(place, filter, n), log::bounds)))
        .orElseGet(
            () ->
                recall.count() == 0
                    ? Start.live(hub.head())
                    : Start.replay(
                        Integer.toString(recall.count()),
                        n -> scans.before(place, filter.withTypes(recall.types()), n),
                        log::bounds));
  }

  /**
   * How the frames look.
   *
   * @param usual their shape; the envelope is left out when the client asks for that, or comes by a
   *     literal path and does not mention the envelope
   */
  Format format(Shape usual) {
    boolean without = usual == Shape.ENVELOPE && !withEnvelope(!LiteralPath.isAny(http));
    return new Format(without ? Shape.DATA : usual, heartbeat());
  }

  /**
   * Looks at what can be judged without knowing who asks, before a ticket is used up for it.
   *
   * @throws Problem 400 when an option is malformed
   */
  public void check() {
    format(Shape.ENVELOPE);
    padding();
    resumption().ifPresent(Start::position);
  }

  /** The position that the client goes on after. */
  public Optional<String> resumption() {
    return Start.present(lastEventIdHeader).or(() -> Start.present(lastEventId));
  }

  private boolean withEnvelope(boolean usually) {
    return switch (Start.present(envelope).orElse(Boolean.toString(usually))) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Problem.badRequest("envelope is 'true' or 'false'");
    };
  }

  private Heartbeat heartbeat() {
    return switch (Start.present(heartbeat).orElse("comment")) {
      case "comment" -> Heartbeat.COMMENT;
      case "event" -> Heartbeat.EVENT;
      case "message" -> Heartbeat.MESSAGE;
      default -> throw Problem.badRequest("heartbeat is 'comment', 'event' or 'message'");
    };
  }

  /** How many bytes of comment come first, for proxies that hold back the beginning. */
  int padding() {
    String text = Start.present(padding).orElse("0");
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > MAX_PADDING) {
      throw Problem.badRequest("padding is a number from 0 to " + MAX_PADDING);
    }
    return Integer.parseInt(text);
  }
}
