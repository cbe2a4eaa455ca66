package devfest.studio.socket;

import devfest.studio.cluster.Rates;
import devfest.studio.feed.Channels;
import devfest.studio.hub.Transport;
import devfest.studio.security.Caller;
import devfest.studio.stream.Opening;
import devfest.studio.stream.StreamEngine;
import devfest.studio.stream.StreamRequest;
import devfest.studio.stream.Streams;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * The stream of several channels over a WebSocket. It takes the parameters of {@code GET /stream},
 * and the {@linkplain Command commands} of its client. One instance serves all connections.
 */
@ApplicationScoped
public class StreamSocket extends StudioSocket {

  /** Room for the names of all channels that a stream may have. */
  private static final int MAX_MESSAGE = 8_192;

  private final Streams streams;
  private final Channels channels;
  private final Rates rates;
  private final Clock clock;
  private final StreamEngine engine;

  @Inject
  StreamSocket(Streams streams, Channels channels, Rates rates, Clock clock, StreamEngine engine) {
    super(engine, MAX_MESSAGE);
    this.streams = streams;
    this.channels = channels;
    this.rates = rates;
    this.clock = clock;
    this.engine = engine;
  }

  @Override
  Visitor visitor(HttpServletRequest request, Supplier<Caller> reader, String address) {
    Opening opening = channels.opening(StreamRequest.of(request), reader, Transport.WEBSOCKET);
    Caller caller = opening.caller();
    Streams.Reserved reserved = streams.reserve(opening, address);
    return new Visitor(
        caller,
        reserved.subscription(),
        link ->
            new StreamConversation(
                link, reserved, caller, address, streams, channels, rates, clock, engine));
  }
}
