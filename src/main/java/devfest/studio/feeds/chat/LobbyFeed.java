package devfest.studio.feeds.chat;

import devfest.studio.feed.Scope;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** The lobby, which is the default room. */
@ApplicationScoped
class LobbyFeed extends ChatFeed {

  @Override
  public Optional<Scope.Thing> scope(Caller caller) {
    return Optional.of(new Scope.Thing(Chat.LOBBY));
  }
}
