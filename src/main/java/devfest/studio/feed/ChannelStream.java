package devfest.studio.feed;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.events.Filter;
import devfest.studio.http.Problem;
import devfest.studio.hub.Subscription;
import devfest.studio.security.Caller;
import devfest.studio.sse.Conflation;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Sink;
import devfest.studio.stream.StreamEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One open stream of several channels, which may change while it is open. Safe for use from many
 * threads.
 */
final class ChannelStream {

  /** Far longer than the writer and the tailer need; the client waits for the response. */
  private static final long TIMEOUT_SECONDS = 10;

  private final FeedGroups groups;
  private final StreamEngine engine;
  private final ChannelShape shape;
  private final Caller caller;
  private final Caller viewer;
  private final Subscription subscription;
  private final EventStream stream;

  /** The sinks of each channel's feeds. */
  @GuardedBy("this")
  private final Map<String, List<Sink>> joined = new LinkedHashMap<>();

  @GuardedBy("this")
  private Filter filter;

  /**
   * @param caller the caller that opened the stream
   * @param viewer the caller, or an anonymous caller if only public events were requested
   * @param filter the initial filter, with the initial channels
   */
  ChannelStream(
      FeedGroups groups,
      StreamEngine engine,
      ChannelShape shape,
      Caller caller,
      Caller viewer,
      Filter filter,
      Subscription subscription,
      EventStream stream) {
    this.groups = groups;
    this.engine = engine;
    this.shape = shape;
    this.caller = caller;
    this.viewer = viewer;
    this.filter = filter;
    this.subscription = subscription;
    this.stream = stream;
  }

  Caller viewer() {
    return viewer;
  }

  boolean belongsTo(Caller other) {
    return caller.anonymous() ? other.anonymous() : caller.user().equals(other.userId());
  }

  /**
   * Sends the snapshot of each channel. Called before the stream is attached, and perhaps after a
   * {@link #change}: the client knows its id from the first frame.
   *
   * @param parts by channel
   */
  synchronized void begin(Map<String, List<FeedGroups.Part>> parts) {
    parts.forEach(
        (channel, read) -> {
          if (filter.channels().contains(channel) && !joined.containsKey(channel)) {
            join(channel, read);
          }
        });
  }

  /**
   * Adds and removes channels; each new one begins with its snapshot.
   *
   * @return all channels of the stream after the change
   * @throws Problem 400 if the stream would have no channel, or too many
   */
  synchronized List<String> change(List<String> add, List<String> remove) {
    Set<String> wanted = new LinkedHashSet<>(filter.channels());
    wanted.removeAll(remove);
    wanted.addAll(add);
    if (wanted.isEmpty() || wanted.size() > Channels.MAX) {
      throw Problem.badRequest("A stream must have 1 to " + Channels.MAX + " channels.");
    }
    follow(List.copyOf(wanted));
    return filter.channels();
  }

  @GuardedBy("this")
  private void follow(List<String> channels) {
    Filter next = filter.withChannels(channels);
    filter = next;
    try {
      // Paused, so that no item of a channel precedes its snapshot.
      stream
          .pause()
          .thenCompose(none -> engine.refilter(subscription, next))
          .toCompletableFuture()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      for (String channel : List.copyOf(joined.keySet())) {
        if (!channels.contains(channel)) {
          Objects.requireNonNull(joined.remove(channel), channel).forEach(Sink::close);
        }
      }
      for (String channel : channels) {
        if (!joined.containsKey(channel)) {
          join(channel, groups.read(channel, viewer));
        }
      }
      stream.from(subscription);
    } catch (RuntimeException | ExecutionException | TimeoutException e) {
      stream.abort(); // the client reconnects with its channels
      throw new IllegalStateException("The channels of the stream could not be changed.", e);
    } catch (InterruptedException e) {
      stream.abort();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The channels of the stream could not be changed.", e);
    }
  }

  @GuardedBy("this")
  private void join(String channel, List<FeedGroups.Part> parts) {
    List<Sink> sinks = new ArrayList<>();
    joined.put(channel, sinks);
    parts.forEach(part -> sinks.add(join(channel, part)));
  }

  private Sink join(String channel, FeedGroups.Part part) {
    FeedView<?> view = part.view();
    Conflation states =
        Conflation.part(
            stream,
            channel + ' ' + view.feed().getClass().getName(),
            event -> shape.frame(null, channel, event.getName(), (String) event.getData()));
    Conflation sink = view.hasItems() ? states.afterSource() : states;
    begin(channel, part.greeting());
    part.reading().ifPresent(reading -> groups.join(reading, sink));
    view.attend(viewer, sink, subscription);
    return sink;
  }

  private void begin(String channel, List<Feed.Message> messages) {
    for (Feed.Message message : messages) {
      // With a key, because frames with a key are not refused if many bytes are pending.
      stream.replace(
          "snapshot " + channel + ' ' + message.name(),
          shape.frame(null, channel, message.name(), groups.json(message)));
    }
  }
}
