package devfest.studio.feed;

import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import devfest.studio.hub.Transport;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import devfest.studio.stream.Opening;
import devfest.studio.stream.Selection;
import devfest.studio.stream.StreamEngine;
import devfest.studio.stream.StreamRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.ws.rs.NotAuthorizedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

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

  /** The shape of streams. */
  private final ChannelShape frames;

  /** The shape of WebSockets. */
  private final ChannelShape messages;

  @Inject
  Channels(Catalogue catalogue, FeedGroups groups, StreamEngine engine, Jsonb json) {
    this.catalogue = catalogue;
    this.groups = groups;
    this.engine = engine;
    this.frames = new ChannelShape(catalogue, json);
    this.messages = new MessageShape(catalogue, json);
  }

  /**
   * The stream of the channels that a request names.
   *
   * @param reader authenticates the caller, once the channels are known to exist
   * @throws NotAuthorizedException if a token is required and missing
   * @throws Problem 400 for a malformed option or an unknown channel, 403 for a channel that the
   *     caller may not follow
   */
  public Opening opening(StreamRequest request, Supplier<Caller> reader, Transport transport) {
    request.checkFeeds();
    Selection selection = request.selection();
    check(selection.channels()); // before a ticket is redeemed
    Caller caller = reader.get();
    Caller viewer = selection.publicOnly() ? caller.asAnybody() : caller;
    Filter filter =
        selection.filter(caller).withChannels(admitted(selection.channels(), viewer, caller));
    ChannelShape shape = transport == Transport.WEBSOCKET ? messages : frames;
    return Opening.of(request, caller, filter, shape)
        .over(transport)
        .then(
            subscription -> {
              Map<String, List<FeedGroups.Part>> parts = new LinkedHashMap<>();
              filter.channels().forEach(name -> parts.put(name, groups.read(name, viewer)));
              return stream ->
                  begin(
                      new ChannelStream(
                          groups, engine, shape, caller, viewer, filter, subscription, stream),
                      subscription.id(),
                      stream,
                      parts);
            });
  }

  /**
   * Registers a stream that has just been opened, and sends the snapshots of its channels.
   *
   * @param clientId the id in the client's {@code connected} event
   */
  private void begin(
      ChannelStream stream,
      String clientId,
      EventStream events,
      Map<String, List<FeedGroups.Part>> parts) {
    open.put(clientId, stream); // first, because the client may already know its id
    events.ended().whenComplete((none, fault) -> open.remove(clientId));
    stream.begin(parts);
    parts.clear(); // a WebSocket keeps what has opened it
  }

  /**
   * A control message to the client of a WebSocket.
   *
   * @param data JSON
   */
  public Frame message(String type, Instant now, String data) {
    return messages.control(null, type, now, data);
  }

  /** The caller's own stream with this client id; empty if it is not open on this node. */
  Optional<ChannelStream> find(String clientId, Caller caller) {
    return Optional.ofNullable(open.get(clientId)).filter(stream -> stream.belongsTo(caller));
  }

  /**
   * Adds and removes channels of an open stream.
   *
   * @return the channels after the change; empty if the caller has no such stream on this node
   * @throws Problem 403 if the stream's viewer may not follow one of them, 400 if one does not
   *     exist, or if there would be none or too many
   */
  public Optional<List<String>> change(
      String clientId, Caller caller, List<String> add, List<String> remove) {
    check(add);
    return find(clientId, caller).map(stream -> change(stream, add, remove));
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
