package devfest.studio.feeds.chat;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Visibility;
import devfest.studio.log.EventLog;
import devfest.studio.stream.Scans;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What is said in the rooms. Safe for use from many threads and nodes. */
@ApplicationScoped
@Transactional
class Chat {

  static final String CHANNEL = "chat";
  static final String LOBBY = "lobby";
  static final String MESSAGE = "chat.message";
  static final String ERASED = "chat.erased";

  /** A message as the stream sends it. */
  public record Said(String user, String text) {}

  /** The same with where it stands. */
  @Schema(name = "ChatMessage")
  public record View(String id, String room, String user, String text, Instant timestamp) {}

  /** A message that was taken away. */
  public record Gone(String id) {}

  private final EventLog log;
  private final Scans scans;
  private final Jsonb json;

  @Inject
  Chat(EventLog log, Scans scans, Jsonb json) {
    this.log = log;
    this.scans = scans;
    this.json = json;
  }

  /** The channel of a room; the lobby has the plain one. */
  static String channel(String room) {
    return room.equals(LOBBY) ? CHANNEL : CHANNEL + '/' + room;
  }

  View say(String room, String user, String text) {
    Event event =
        Event.of(MESSAGE)
            .visibility(Visibility.PUBLIC)
            .userId(user)
            .channel(channel(room))
            .data(json.toJson(new Said(user, text)))
            .build();
    return view(room, log.append(List.of(event)).get(0));
  }

  /** The newest of a room, oldest first. */
  List<View> newest(String room, int count) {
    Filter said =
        new Filter(
            Audience.everything(), List.of(MESSAGE), List.of(channel(room)), List.of(), null);
    return scans.last(channel(room), said, count).stream()
        .map(logged -> view(room, logged))
        .toList();
  }

  private View view(String room, LoggedEvent logged) {
    Said said = json.fromJson(logged.event().data(), Said.class);
    return new View(
        Long.toString(logged.position()), room, said.user(), said.text(), logged.timestamp());
  }

  /**
   * Takes a message away, for all and from the log.
   *
   * @return false when there is none at the position
   */
  boolean erase(String room, long position) {
    String channel = channel(room);
    if (!log.erase(position, MESSAGE, channel)) {
      return false;
    }
    String data = json.toJson(new Gone(Long.toString(position)));
    log.append(
        List.of(
            Event.of(ERASED).visibility(Visibility.PUBLIC).channel(channel).data(data).build()));
    return true;
  }
}
