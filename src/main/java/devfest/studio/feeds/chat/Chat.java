package devfest.studio.feeds.chat;

import devfest.studio.events.Audience;
import devfest.studio.events.DisplayNames;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Pseudonyms;
import devfest.studio.events.Visibility;
import devfest.studio.log.EventLog;
import devfest.studio.log.LogReader;
import devfest.studio.security.Admission;
import devfest.studio.stream.Scans;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The messages in the chat rooms. Safe for use from many threads and nodes. */
@ApplicationScoped
@Transactional
class Chat {

  static final String CHANNEL = "chat";
  static final String LOBBY = "lobby";
  static final String MESSAGE = "chat.message";
  static final String ERASED = "chat.erased";

  /**
   * The data of a message in the stream.
   *
   * @param displayName null in messages of versions that did not store it
   */
  public record Content(String user, @Nullable String displayName, String text) {}

  /** A message with its id, room and time. */
  @Schema(name = "ChatMessage")
  public record View(
      String id, String room, String user, String displayName, String text, Instant timestamp) {}

  /** The data of the event that erases a message. */
  public record Erased(String id) {}

  private final EventLog log;
  private final LogReader reader;
  private final Scans scans;
  private final Admission admission;
  private final Pseudonyms pseudonyms;
  private final DisplayNames names;
  private final Jsonb json;

  @Inject
  Chat(
      EventLog log,
      LogReader reader,
      Scans scans,
      Admission admission,
      Pseudonyms pseudonyms,
      DisplayNames names,
      Jsonb json) {
    this.log = log;
    this.reader = reader;
    this.scans = scans;
    this.admission = admission;
    this.pseudonyms = pseudonyms;
    this.names = names;
    this.json = json;
  }

  /** Returns the channel of a room; that of the lobby has no suffix. */
  static String channel(String room) {
    return room.equals(LOBBY) ? CHANNEL : CHANNEL + '/' + room;
  }

  /** Appends a message to the log. */
  View post(String room, String user, String text) {
    admission.admit();
    Event event =
        Event.of(MESSAGE)
            .visibility(Visibility.PUBLIC)
            .userId(user)
            .channel(channel(room))
            .data(json.toJson(new Content(pseudonyms.of(user), names.of(user), text)))
            .build();
    return view(room, log.append(List.of(event)).get(0));
  }

  /** Returns the newest messages of a room, oldest first. */
  List<View> newest(String room, int count) {
    Filter messages =
        new Filter(
            Audience.everything(), List.of(MESSAGE), List.of(channel(room)), List.of(), null);
    return scans.last(channel(room), messages, count).stream()
        .map(logged -> view(room, logged))
        .toList();
  }

  private View view(String room, LoggedEvent logged) {
    Content content = json.fromJson(logged.event().data(), Content.class);
    return new View(
        Long.toString(logged.position()),
        room,
        content.user(),
        Objects.requireNonNullElse(content.displayName(), content.user()),
        content.text(),
        logged.timestamp());
  }

  /**
   * Erases messages of a user from the log, and appends an event about each, so that open pages
   * remove them.
   *
   * @return the number of erased messages
   */
  int erase(String user, int limit) {
    Filter messages =
        new Filter(Audience.everything(), List.of(MESSAGE), List.of(), List.of(), user);
    List<Event> erasures = new ArrayList<>();
    for (LoggedEvent message : reader.read(messages, 0, limit)) {
      long position = message.position();
      String channel = message.event().channel();
      if (log.erase(position, MESSAGE, channel)) {
        erasures.add(erasure(position, channel));
      }
    }
    if (!erasures.isEmpty()) {
      log.append(erasures);
    }
    return erasures.size();
  }

  private Event erasure(long position, String channel) {
    return Event.of(ERASED)
        .visibility(Visibility.PUBLIC)
        .channel(channel)
        .data(json.toJson(new Erased(Long.toString(position))))
        .build();
  }

  /**
   * Erases a message from the log and appends an event about that.
   *
   * @param position the position of the message in the log
   * @return false if the room has no message at the position
   */
  boolean erase(String room, long position) {
    String channel = channel(room);
    if (!log.erase(position, MESSAGE, channel)) {
      return false;
    }
    log.append(erasure(position, channel));
    return true;
  }
}
