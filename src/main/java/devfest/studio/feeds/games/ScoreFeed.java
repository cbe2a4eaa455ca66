package devfest.studio.feeds.games;

import devfest.studio.events.Event;
import devfest.studio.feed.Feed;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** The score of each game. Its view is the game's id: all see the same. */
@ApplicationScoped
class ScoreFeed implements Feed {

  private static final int UNNAMED = 40;

  @Inject private Games games;

  @Override
  public String channel() {
    return Games.CHANNEL;
  }

  @Override
  public boolean ofMany() {
    return true;
  }

  @Override
  public List<String> ids(Caller caller) {
    return games.running(UNNAMED);
  }

  @Override
  public Optional<String> view(Caller caller, String id) {
    return games.find(id).map(Game::id);
  }

  @Override
  public Snapshot snapshot(String id) {
    return new Snapshot(messages(id, game -> "initial"), null);
  }

  @Override
  public List<Message> state(String id) {
    return messages(id, Game::eventType);
  }

  private List<Message> messages(String id, Function<Game, String> name) {
    return games.find(id).map(game -> new Message(name.apply(game), game.score())).stream()
        .toList();
  }

  @Override
  public Optional<Predicate<String>> changes(Event event) {
    return event.channel().startsWith(Games.CHANNEL + '/')
        ? Optional.of(id -> event.channel().endsWith('/' + id))
        : Optional.empty();
  }

  @Override
  public Optional<String> end(String id) {
    return games.find(id).map(Game::lastEvent).map(Object::toString);
  }
}
