package devfest.studio.feeds.chat;

import devfest.studio.feed.Scope;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.util.Optional;

/** The lobby, which is the default room. */
@ApplicationScoped
class LobbyFeed extends ChatFeed {

  @Inject
  LobbyFeed(Chat chat, Presence presence, Jsonb json) {
    super(chat, presence, json);
  }

  @Override
  public Optional<Scope.Thing> scope(Caller caller) {
    return Optional.of(new Scope.Thing(Chat.LOBBY));
  }
}
