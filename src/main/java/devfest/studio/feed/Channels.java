package devfest.studio.feed;

import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import devfest.studio.hub.Shape;
import devfest.studio.security.Caller;
import devfest.studio.sse.EventStream;
import devfest.studio.stream.Opening;
import devfest.studio.stream.StreamEngine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.util.ArrayList;
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

  /** Of one stream. */
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

  /** How the log's events look on such a stream. */
  Shape shape() {
    return shape;
  }

  /** Registers a stream that has just been opened, and sends what its channels begin with. */
  void begin(Caller caller, Caller viewer, Filter filter, Opening.Opened opened) {
    ChannelStream stream =
        new ChannelStream(catalogue, groups, engine, caller, viewer, filter, opened);
    open.put(opened.clientId(), stream); // first: the client knows its id already
    EventStream of = opened.stream();
    of.ended().whenComplete((none, fault) -> open.remove(opened.clientId()));
    stream.begin();
  }

  /** The caller's own stream of this client id; empty when it is not open here. */
  Optional<ChannelStream> find(String clientId, Caller caller) {
    return Optional.ofNullable(open.get(clientId)).filter(stream -> stream.belongsTo(caller));
  }

  /**
   * Checks what does not depend on the caller.
   *
   * @throws Problem 400 when there is no such channel
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
   * The channels that are named, or else all that the caller may follow.
   *
   * @throws Problem 403 when one is not for the caller
   */
  List<String> admitted(List<String> named, Caller caller) {
    if (named.isEmpty()) {
      List<String> all = new ArrayList<>(List.of(Event.STUDIO_CHANNEL));
      all.addAll(catalogue.all(caller));
      return all.subList(0, Math.min(MAX, all.size()));
    }
    Set<String> distinct = new LinkedHashSet<>(named);
    for (String channel : distinct) {
      if (catalogue.views(channel, caller).isEmpty()) {
        throw new Problem(Code.FORBIDDEN, "The channel '" + channel + "' is not for this caller");
      }
    }
    if (distinct.size() > MAX) {
      throw Problem.badRequest("A stream has 1 to " + MAX + " channels");
    }
    return List.copyOf(distinct);
  }
}
