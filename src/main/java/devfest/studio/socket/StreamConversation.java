package devfest.studio.socket;

import devfest.studio.cluster.Rates;
import devfest.studio.feed.Channels;
import devfest.studio.http.Code;
import devfest.studio.http.Limit;
import devfest.studio.http.Outage;
import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.sse.EventStream;
import devfest.studio.stream.StreamEngine;
import devfest.studio.stream.Streams;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.websocket.CloseReason.CloseCodes;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One open stream over a WebSocket. Commands run one after the other, and each gets one reply, in
 * this order.
 */
final class StreamConversation implements Conversation {

  private static final Logger LOG = System.getLogger(StreamConversation.class.getName());
  private static final JsonProvider JSON = JsonProvider.provider();

  /** More than a client has a reason to send before it gets a reply. */
  private static final int MAX_WAITING = 50;

  /** A client that waits for that many replies does not read them. */
  private static final int MAX_REFUSED = 1_000;

  private final Link link;
  private final Streams.Reserved reserved;
  private final Caller caller;
  private final String address;
  private final Streams streams;
  private final Channels channels;
  private final Rates rates;
  private final Clock clock;
  private final StreamEngine engine;

  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Completes after the newest command. Used by the thread that reads from the socket. */
  private CompletableFuture<Void> last = opened;

  private volatile @Nullable EventStream stream;

  StreamConversation(
      Link link,
      Streams.Reserved reserved,
      Caller caller,
      String address,
      Streams streams,
      Channels channels,
      Rates rates,
      Clock clock,
      StreamEngine engine) {
    this.link = link;
    this.reserved = reserved;
    this.caller = caller;
    this.address = address;
    this.streams = streams;
    this.channels = channels;
    this.rates = rates;
    this.clock = clock;
    this.engine = engine;
  }

  @Override
  public void open() {
    SocketOutput out =
        new SocketOutput(link, () -> reserved.subscription().closeReason().orElse("failed"));
    stream = streams.begin(reserved, out);
    opened.complete(null);
  }

  @Override
  public boolean isBlocked() {
    EventStream to = stream;
    return to != null && to.isBlocked();
  }

  @Override
  public void receive(String message) {
    int place = waiting.incrementAndGet();
    if (place > MAX_REFUSED) {
      link.closeNow(
          CloseCodes.VIOLATED_POLICY,
          "At most %d commands may wait for their replies.".formatted(MAX_REFUSED));
    } else if (place > MAX_WAITING) { // in its turn, but without the message
      reply(
          () -> {
            throw new Problem(
                Code.TOO_MANY_REQUESTS,
                "At most %d commands may wait for their replies.".formatted(MAX_WAITING));
          });
    } else {
      reply(() -> run(message));
    }
  }

  /** Sends a reply after all earlier ones. */
  private void reply(Runnable command) {
    last = last.thenRunAsync(() -> run(command), task -> engine.later(0, task));
  }

  private void run(String message) {
    rates.takeHere(Limit.COMMANDS, caller.userId(), address);
    run(Command.parse(message));
  }

  private void run(Runnable command) {
    try {
      command.run();
    } catch (Problem e) {
      refuse(e);
    } catch (RuntimeException e) {
      refuse(problem(e));
    } finally {
      waiting.decrementAndGet();
    }
  }

  private void run(Command command) {
    switch (command.type()) {
      case FOLLOW -> change(command.channels(), List.of());
      case LEAVE -> change(List.of(), command.channels());
      case PING -> send("pong", JsonValue.EMPTY_JSON_OBJECT);
    }
  }

  private void change(List<String> add, List<String> remove) {
    String clientId = reserved.subscription().id();
    List<String> all =
        channels
            .change(clientId, caller, add, remove)
            .orElseThrow(() -> Problem.notFound("stream"));
    send(
        "channels",
        JSON.createObjectBuilder()
            .add("clientId", clientId)
            .add("channels", JSON.createArrayBuilder(all))
            .build());
  }

  private Problem problem(RuntimeException fault) {
    return Outage.behind(fault)
        .map(outage -> Problem.tryLater(outage.code(), outage.message(), Outage.PAUSE))
        .orElseGet(
            () -> {
              LOG.log(
                  link.hasEnded() ? Level.DEBUG : Level.WARNING,
                  "A command of a WebSocket failed",
                  fault);
              return new Problem(Code.INTERNAL_ERROR, "The command failed.");
            });
  }

  private void refuse(Problem problem) {
    send(
        "error",
        JSON.createObjectBuilder()
            .add("code", problem.code().word())
            .add("message", String.valueOf(problem.getMessage()))
            .build());
  }

  /** Sends a message, unless the stream has ended or its client does not read its replies. */
  private void send(String type, JsonObject data) {
    EventStream to = stream;
    if (to == null) {
      return;
    }
    try {
      var ignored = to.send(channels.message(type, clock.instant(), data.toString()));
    } catch (IllegalStateException e) {
      LOG.log(Level.TRACE, "The stream was closed concurrently", e);
    }
  }
}
