package devfest.studio.feed;

import devfest.studio.cluster.Rates;
import devfest.studio.events.Audience;
import devfest.studio.events.Filter;
import devfest.studio.events.Occurrence;
import devfest.studio.http.Limit;
import devfest.studio.http.Problem;
import devfest.studio.hub.Format;
import devfest.studio.hub.Shape;
import devfest.studio.hub.Subscription;
import devfest.studio.hub.Transport;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.sse.Conflation;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import devfest.studio.sse.Sink;
import devfest.studio.sse.TextEvent;
import devfest.studio.stream.Opening;
import devfest.studio.stream.Recall;
import devfest.studio.stream.StreamEngine;
import devfest.studio.stream.StreamRequest;
import devfest.studio.stream.Streams;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Opens the streams of feeds. A {@link FeedGroup} sends the states; the hub delivers the items,
 * like all events of the log. Safe for use from many threads.
 */
@ApplicationScoped
public class Feeds {

  private static final Logger LOG = System.getLogger(Feeds.class.getName());

  private final StreamEngine engine;
  private final Streams streams;
  private final FeedGroups groups;
  private final Rates rates;

  private final Map<Class<?>, Shape> items = new ConcurrentHashMap<>();

  @Inject
  Feeds(StreamEngine engine, Streams streams, FeedGroups groups, Rates rates) {
    this.engine = engine;
    this.streams = streams;
    this.groups = groups;
    this.rates = rates;
  }

  /**
   * Opens the feed's own stream, or responds to a HEAD for it.
   *
   * @throws NotAuthorizedException if a token is required and missing
   * @throws ForbiddenException if the caller may not follow the feed
   * @throws Problem 400 for a malformed option; 429 or 503 if there is no free slot
   */
  public void open(Feed<?> feed, StreamRequest request, AsyncResponse response) {
    request.checkFeeds();
    Caller caller = streams.reader(request);
    open(view(feed, caller), feed.channel(), caller, request, response);
  }

  /**
   * Opens the stream of one thing of the feed, or responds to a HEAD for it.
   *
   * @throws NotAuthorizedException if a token is required and missing
   * @throws Problem 404 if the thing does not exist or the caller may not follow it; 400 for a
   *     malformed option; 429 or 503 if there is no free slot
   */
  public void open(PerId<?> feed, String id, StreamRequest request, AsyncResponse response) {
    request.checkFeeds();
    Caller caller = streams.reader(request);
    FeedView<?> view = FeedView.of(feed, id, caller).orElseThrow(() -> Problem.notFound("stream"));
    open(view, feed.channel() + '/' + id, caller, request, response);
  }

  private void open(
      FeedView<?> view,
      String channel,
      Caller caller,
      StreamRequest request,
      AsyncResponse response) {
    Optional<String> end = view.end();
    if (end.isPresent() && end.equals(request.resumption()) && !request.isHead()) {
      boolean ignored = response.resume(Response.noContent().build());
      return;
    }
    Shape shape = items.computeIfAbsent(view.feed().getClass(), c -> new ItemShape(view.feed()));
    Opening opening = Opening.of(request, caller, filter(channel, caller), shape);
    if (view.feed() instanceof LogFeed) {
      Recall recall = view.feed() instanceof Recalling<?> feed ? feed.recall() : Recall.NONE;
      opening
          .recalling(recall)
          .then(subscription -> stream -> view.attend(caller, stream, subscription));
    } else {
      opening.beginning(subscription -> begin(view, caller, subscription, request.sse()));
    }
    streams.open(opening, response);
  }

  private static FeedView<?> view(Feed<?> feed, Caller caller) {
    Optional<? extends FeedView<?>> view = FeedView.of(feed, caller);
    if (view.isEmpty()) {
      throw Callers.refusal(caller, "This needs a role that the token does not have");
    }
    return view.get();
  }

  private static Filter filter(String channel, Caller caller) {
    return Filter.of(Audience.of(caller.userId(), caller.admin())).withChannels(List.of(channel));
  }

  private Opening.First begin(FeedView<?> view, Caller caller, Subscription subscription, Sse sse) {
    long head = engine.head(); // before the snapshot, which then includes everything up to here
    FeedGroups.Reading reading = groups.read(view);
    Long position = reading.snapshot().position();
    return new Opening.First(
        position == null ? head : Math.max(head, position),
        stream -> {
          greet(stream, sse, view, reading.snapshot());
          Conflation sink =
              Conflation.whole(stream, view.feed() instanceof Unnamed ? Feeds::unnamed : Frame::of);
          groups.join(reading, view.hasItems() ? sink.afterSource() : sink);
          view.attend(caller, stream, subscription);
        });
  }

  private void greet(EventStream stream, Sse sse, FeedView<?> view, StateFeed.Snapshot snapshot) {
    String last = snapshot.position() == null ? null : Long.toString(snapshot.position());
    boolean named = !(view.feed() instanceof Unnamed);
    boolean first = true;
    for (Feed.Message message : view.greeting(snapshot)) {
      OutboundSseEvent.Builder event =
          sse.newEventBuilder()
              .id(last)
              .name(named ? message.name() : null)
              .data(groups.json(message));
      if (first) {
        event.reconnectDelay(streams.retryMillis());
      }
      // With a key, because frames with a key are not refused if many bytes are pending.
      stream.replace("snapshot " + message.name(), Frame.of(event.build()));
      first = false;
    }
  }

  private static Frame unnamed(OutboundSseEvent event) {
    return Frame.event(event.getId(), null, (String) event.getData());
  }

  /**
   * Takes a slot for a caller that is about to follow the feed over another transport than a
   * stream.
   *
   * @param address the client's address
   * @throws NotAuthorizedException if a token is required and missing
   * @throws ForbiddenException if the caller may not follow the feed
   * @throws Problem 503 if the studio is full, 429 if the caller has no free slot
   */
  public Subscription subscribe(
      StateFeed<?> feed, Caller caller, Transport transport, String address) {
    FeedView<?> ignored = view(feed, caller);
    return streams.subscribe(
        caller, filter(feed.channel(), caller), transport, Format.DEFAULT, address);
  }

  /** Sends the feed's snapshot to the sink, and then the state after each change. */
  public void follow(StateFeed<?> feed, Caller caller, Sink sink) {
    FeedGroups.Reading reading = groups.read(view(feed, caller));
    send(reading.snapshot().messages(), sink);
    groups.join(reading, sink);
  }

  /**
   * Sends the present state to the sink once, soon. Does not wait for the database.
   *
   * @param address the client's address
   * @throws Problem 429 if the caller sends too many commands
   */
  public void sync(StateFeed<?> feed, Caller caller, String address, Sink sink) {
    rates.takeHere(Limit.COMMANDS, caller.userId(), address);
    engine.later(0, () -> send(view(feed, caller).state(), sink));
  }

  private void send(List<Feed.Message> messages, Sink sink) {
    for (Feed.Message message : messages) {
      try {
        var ignored = sink.send(new TextEvent(null, message.name(), groups.json(message)));
      } catch (IllegalStateException e) {
        LOG.log(Level.TRACE, "The client disconnected first", e);
        return;
      }
    }
  }

  /** Items of one feed: named frames with the data of the item, without an envelope. */
  private final class ItemShape extends Shape {

    private final Feed<?> feed;

    ItemShape(Feed<?> feed) {
      this.feed = feed;
    }

    @Override
    public @Nullable Frame frame(Occurrence occurrence) {
      return feed instanceof Items feedItems
          ? feedItems
              .item(occurrence.event())
              .map(item -> Frame.event(occurrence.id(), item.name(), groups.json(item)))
              .orElse(null)
          : null;
    }

    @Override
    public String controlData(@Nullable String id, String type, Instant now, String data) {
      return data;
    }
  }
}
