package devfest.studio.feeds.chat;

import devfest.studio.events.Event;
import devfest.studio.feed.Feed;
import devfest.studio.security.Caller;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Messages of a room, and who comes and goes. Its view is the room: all see the same. */
abstract class ChatFeed implements Feed {

  private static final int RECALLED = 50;
  private static final String RECENT = "recent";

  /** What a channel begins with, where several share a stream. */
  public record Recent(String type, List<Chat.View> messages) {}

  @Inject private Chat chat;
  @Inject private Presence presence;
  @Inject private Jsonb json;

  @Override
  public String channel() {
    return Chat.CHANNEL;
  }

  @Override
  public Snapshot snapshot(String room) {
    return new Snapshot(
        List.of(new Message(RECENT, new Recent(RECENT, chat.newest(room, RECALLED)))), null);
  }

  @Override
  public List<Message> state(String room) {
    return List.of();
  }

  @Override
  public Optional<Predicate<String>> changes(Event event) {
    return Optional.empty();
  }

  @Override
  public Optional<Message> item(Event event) {
    return switch (event.type()) {
      case Chat.MESSAGE -> message("message", event, Chat.Said.class);
      case Chat.ERASED -> message("erased", event, Chat.Gone.class);
      case Presence.JOINED -> message("user-joined", event, Presence.Guest.class);
      case Presence.LEFT -> message("user-left", event, Presence.Guest.class);
      default -> Optional.empty();
    };
  }

  private Optional<Message> message(String name, Event event, Class<?> data) {
    return Optional.of(new Message(name, json.fromJson(event.data(), data)));
  }

  @Override
  public boolean resumes() {
    return true;
  }

  @Override
  public boolean greets() {
    return false;
  }

  @Override
  public int recalls() {
    return RECALLED;
  }

  @Override
  public List<String> recalled() {
    return List.of(Chat.MESSAGE); // and not what was taken away
  }

  @Override
  public boolean tellsOfReaders() {
    return true;
  }

  @Override
  public void joined(Caller caller, String room) {
    if (!caller.anonymous()) {
      presence.join(room, caller.userId());
    }
  }

  @Override
  public void left(Caller caller, String room) {
    if (!caller.anonymous()) {
      presence.leave(room, caller.userId());
    }
  }
}
