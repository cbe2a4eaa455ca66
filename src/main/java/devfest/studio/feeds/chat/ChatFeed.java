package devfest.studio.feeds.chat;

import devfest.studio.events.Event;
import devfest.studio.feed.Attended;
import devfest.studio.feed.Recalling;
import devfest.studio.feed.Scope;
import devfest.studio.security.Caller;
import devfest.studio.stream.Recall;
import jakarta.json.bind.Jsonb;
import java.util.List;
import java.util.Optional;

/** The messages of a room and the users who join and leave it. */
abstract class ChatFeed implements Recalling<Scope.Thing>, Attended<Scope.Thing> {

  /**
   * Counts messages only, so erasures do not reduce the number of replayed messages. Fifty fill a
   * screen.
   */
  private static final Recall RECALL = new Recall(50, List.of(Chat.MESSAGE));

  private static final String RECENT = "recent";

  /** The newest messages, sent first on a stream with several channels. */
  public record Recent(String type, List<Chat.View> messages) {}

  private final Chat chat;
  private final Presence presence;
  private final Jsonb json;

  ChatFeed(Chat chat, Presence presence, Jsonb json) {
    this.chat = chat;
    this.presence = presence;
    this.json = json;
  }

  @Override
  public String channel() {
    return Chat.CHANNEL;
  }

  @Override
  public List<Message> recent(Scope.Thing room) {
    return List.of(new Message(RECENT, new Recent(RECENT, chat.newest(room.id(), RECALL.count()))));
  }

  @Override
  public Optional<Message> item(Event event) {
    return switch (event.type()) {
      case Chat.MESSAGE -> message("message", event, Chat.Content.class);
      case Chat.ERASED -> message("erased", event, Chat.Erased.class);
      case Presence.JOINED -> message("user-joined", event, Presence.Guest.class);
      case Presence.LEFT -> message("user-left", event, Presence.Guest.class);
      default -> Optional.empty();
    };
  }

  private Optional<Message> message(String name, Event event, Class<?> data) {
    return Optional.of(new Message(name, json.fromJson(event.data(), data)));
  }

  @Override
  public Recall recall() {
    return RECALL;
  }

  @Override
  public void joined(Caller caller, Scope.Thing room) {
    if (!caller.anonymous()) {
      presence.join(room.id(), caller.user());
    }
  }

  @Override
  public void left(Caller caller, Scope.Thing room) {
    if (!caller.anonymous()) {
      presence.leave(room.id(), caller.user());
    }
  }
}
