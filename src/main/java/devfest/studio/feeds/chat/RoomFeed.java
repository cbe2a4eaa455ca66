package devfest.studio.feeds.chat;

import devfest.studio.feed.PerId;
import devfest.studio.feed.Scope;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.util.Optional;
import java.util.regex.Pattern;

/** All rooms except the lobby. Rooms are not created explicitly; any valid name is a room. */
@ApplicationScoped
class RoomFeed extends ChatFeed implements PerId<Scope.Thing> {

  /** The syntax of room names. */
  static final String SYNTAX = "[a-z0-9][a-z0-9-]{0,31}";

  private static final Pattern NAME = Pattern.compile(SYNTAX);

  @Inject
  RoomFeed(Chat chat, Presence presence, Jsonb json) {
    super(chat, presence, json);
  }

  /** Whether the text is a valid room name. */
  static boolean isRoom(String name) {
    return NAME.matcher(name).matches();
  }

  @Override
  public Optional<Scope.Thing> scope(Caller caller, String id) {
    return Optional.of(id)
        .filter(name -> isRoom(name) && !name.equals(Chat.LOBBY))
        .map(Scope.Thing::new);
  }
}
