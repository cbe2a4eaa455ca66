package devfest.studio.feed;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.events.Filter;
import devfest.studio.http.Problem;
import devfest.studio.hub.Subscription;
import devfest.studio.security.Caller;
import devfest.studio.sse.Conflation;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.FrameSource;
import devfest.studio.sse.Sink;
import devfest.studio.stream.Opening;
import devfest.studio.stream.StreamEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One open stream of several channels, which may change while it is open. Safe for use from many
 * threads.
 */
final class ChannelStream {

  private static final long PATIENCE_SECONDS = 10;

  private final Catalogue catalogue;
  private final FeedGroups groups;
  private final StreamEngine engine;
  private final Caller caller;
  private final Caller viewer;
  private final EventStream stream;
  private final Subscription subscription;

  /** The sinks of each channel's feeds. */
  @GuardedBy("this")
  private final Map<String, List<Sink>> joined = new LinkedHashMap<>();

  @GuardedBy("this")
  private Filter filter;

  /**
   * @param caller who opened the stream
   * @param viewer as whom the caller sees: the caller, or anybody
   * @param filter with the channels that it begins with
   */
  ChannelStream(
      Catalogue catalogue,
      FeedGroups groups,
      StreamEngine engine,
      Caller caller,
      Caller viewer,
      Filter filter,
      Opening.Opened opened) {
    this.catalogue = catalogue;
    this.groups = groups;
    this.engine = engine;
    this.caller = caller;
    this.viewer = viewer;
    this.filter = filter;
    this.stream = opened.stream();
    this.subscription = opened.subscription();
  }

  Caller viewer() {
    return viewer;
  }

  boolean belongsTo(Caller other) {
    return caller.anonymous() ? other.anonymous() : caller.user().equals(other.userId());
  }

  /** Sends what each channel begins with. Called before the stream gets events. */
  synchronized void begin() {
    filter.channels().forEach(this::join);
  }

  /**
   * Adds and removes channels; each new one begins with its snapshot.
   *
   * @return all channels of the stream from now on
   * @throws Problem 400 when none would be left, or too many
   */
  synchronized List<String> change(List<String> add, List<String> remove) {
    Set<String> wanted = new LinkedHashSet<>(filter.channels());
    wanted.removeAll(remove);
    wanted.addAll(add);
    if (wanted.isEmpty() || wanted.size() > Channels.MAX) {
      throw Problem.badRequest("A stream has 1 to " + Channels.MAX + " channels");
    }
    follow(List.copyOf(wanted));
    return filter.channels();
  }

  @GuardedBy("this")
  private void follow(List<String> channels) {
    Filter next = filter.withChannels(channels);
    filter = next;
    try {
      // On the writer's thread, so that nothing is being written, and no item of a channel precedes
      // its snapshot.
      CompletableFuture.runAsync(() -> stream.from(FrameSource.PAUSED), engine.writer())
          .thenCompose(none -> engine.refilter(subscription, next))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      for (String channel : List.copyOf(joined.keySet())) {
        if (!channels.contains(channel)) {
          Objects.requireNonNull(joined.remove(channel), channel).forEach(Sink::close);
        }
      }
      for (String channel : channels) {
        if (!joined.containsKey(channel)) {
          join(channel);
        }
      }
      stream.from(subscription);
    } catch (RuntimeException | ExecutionException | TimeoutException e) {
      stream.abort(); // the client reconnects and names its channels anew
      throw new IllegalStateException("The channels of a stream could not be changed", e);
    } catch (InterruptedException e) {
      stream.abort();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The channels of a stream could not be changed", e);
    }
  }

  @GuardedBy("this")
  private void join(String channel) {
    List<Sink> sinks = new ArrayList<>();
    joined.put(channel, sinks);
    catalogue
        .views(channel, viewer)
        .orElse(List.of())
        .forEach(view -> sinks.add(join(channel, view)));
  }

  private Sink join(String channel, FeedView<?> view) {
    Conflation part =
        Conflation.part(
            stream,
            channel + ' ' + view.feed().getClass().getName(),
            event -> ChannelShape.frame(null, channel, event.getName(), (String) event.getData()));
    Conflation sink = view.hasItems() ? part.last() : part;
    if (view.feed() instanceof StateFeed) {
      FeedGroups.Reading reading = groups.read(view);
      begin(channel, view.greeting(reading.snapshot()));
      groups.join(reading, sink);
    } else {
      begin(channel, view.recent());
    }
    view.attend(viewer, sink, subscription);
    return sink;
  }

  private void begin(String channel, List<Feed.Message> messages) {
    for (Feed.Message message : messages) {
      // By a key, as what has one is never refused, however large the whole is.
      stream.replace(
          "snapshot " + channel + ' ' + message.name(),
          ChannelShape.frame(null, channel, message.name(), groups.json(message)));
    }
  }
}
