package devfest.studio.feeds.chat;

import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.regex.Pattern;

/** The other rooms. One is there as soon as somebody asks for it. */
@ApplicationScoped
class RoomFeed extends ChatFeed {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

  /** Whether a room may be called so. */
  static boolean isRoom(String name) {
    return NAME.matcher(name).matches();
  }

  @Override
  public boolean ofMany() {
    return true;
  }

  @Override
  public Optional<String> view(Caller caller, String id) {
    return Optional.of(id).filter(name -> isRoom(name) && !name.equals(Chat.LOBBY));
  }
}
