package devfest.studio.feed;

import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import devfest.studio.hub.Shape;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.sse.EventStream;
import devfest.studio.stream.Opening;
import devfest.studio.stream.StreamEngine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.ws.rs.NotAuthorizedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks which channels a caller may follow, and knows this node's open streams of several
 * channels. Safe for use from many threads.
 */
@ApplicationScoped
public class Channels {

  /** Maximum number of channels of one stream, because each has its own snapshot and state. */
  static final int MAX = 50;

  private final Catalogue catalogue;
  private final FeedGroups groups;
  private final StreamEngine engine;

  private final Map<String, ChannelStream> open = new ConcurrentHashMap<>();
  private final Shape shape;

  @Inject
  Channels(Catalogue catalogue, FeedGroups groups, StreamEngine engine, Jsonb json) {
    this.catalogue = catalogue;
    this.groups = groups;
    this.engine = engine;
    this.shape = new ChannelShape(catalogue, json);
  }

  /** The shape of the log's events on such a stream. */
  Shape shape() {
    return shape;
  }

  /** Registers a stream that has just been opened, and sends the snapshots of its channels. */
  void begin(Caller caller, Caller viewer, Filter filter, Opening.Opened opened) {
    ChannelStream stream =
        new ChannelStream(catalogue, groups, engine, caller, viewer, filter, opened);
    open.put(opened.clientId(), stream); // first, because the client may already know its id
    EventStream events = opened.stream();
    events.ended().whenComplete((none, fault) -> open.remove(opened.clientId()));
    stream.begin();
  }

  /** The caller's own stream with this client id; empty if it is not open on this node. */
  Optional<ChannelStream> find(String clientId, Caller caller) {
    return Optional.ofNullable(open.get(clientId)).filter(stream -> stream.belongsTo(caller));
  }

  /**
   * Adds and removes channels of an open stream.
   *
   * @return the channels after the change
   * @throws Problem 403 if the stream's viewer may not follow one of them, 400 if there would be
   *     none or too many
   */
  List<String> change(ChannelStream stream, List<String> add, List<String> remove) {
    refused(add, stream.viewer())
        .ifPresent(
            channel -> {
              throw forbidden(channel);
            });
    return stream.change(add, remove);
  }

  /**
   * Checks that the channels exist. Independent of the caller.
   *
   * @throws Problem 400 if there is no such channel
   */
  void check(List<String> channels) {
    for (String channel : channels) {
      if (!channel.equals(Event.STUDIO_CHANNEL) && catalogue.on(channel).isEmpty()) {
        throw Problem.badRequest(
            "There is no channel '%s'. The channels are %s."
                .formatted(channel, String.join(", ", catalogue.names())));
      }
    }
  }

  /**
   * The named channels, or else all channels that the viewer may follow.
   *
   * @param viewer whose events the stream has: the caller or anybody
   * @throws NotAuthorizedException if the viewer may not follow one of them and the caller has no
   *     token
   * @throws Problem 403 if another viewer may not, 400 if there are too many
   */
  List<String> admitted(List<String> named, Caller viewer, Caller caller) {
    if (named.isEmpty()) {
      List<String> all = new ArrayList<>(List.of(Event.STUDIO_CHANNEL));
      all.addAll(catalogue.all(viewer));
      return all.subList(0, Math.min(MAX, all.size()));
    }
    Set<String> distinct = new LinkedHashSet<>(named);
    refused(distinct, viewer)
        .ifPresent(
            channel -> {
              throw caller.anonymous() ? Callers.required() : forbidden(channel);
            });
    if (distinct.size() > MAX) {
      throw Problem.badRequest("A stream must have 1 to " + MAX + " channels.");
    }
    return List.copyOf(distinct);
  }

  /** The first of the channels that the viewer may not follow. */
  private Optional<String> refused(Collection<String> channels, Caller viewer) {
    return channels.stream().filter(name -> catalogue.views(name, viewer).isEmpty()).findFirst();
  }

  private static Problem forbidden(String channel) {
    return new Problem(Code.FORBIDDEN, "The caller may not follow the channel '" + channel + "'.");
  }
}
