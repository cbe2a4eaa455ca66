package devfest.studio.feeds.chat;

import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** The room in which everybody is who names none. */
@ApplicationScoped
class LobbyFeed extends ChatFeed {

  @Override
  public Optional<String> view(Caller caller, String id) {
    return Optional.of(Chat.LOBBY);
  }
}
