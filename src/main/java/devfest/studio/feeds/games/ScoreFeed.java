package devfest.studio.feeds.games;

import devfest.studio.events.Event;
import devfest.studio.feed.Ending;
import devfest.studio.feed.PerId;
import devfest.studio.feed.Scope;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** The score of each game, by game id. */
@ApplicationScoped
class ScoreFeed implements Ending<Scope.Thing>, PerId<Scope.Thing> {

  /** How many running games a subscription without an id includes; more than an event ever has. */
  private static final int MAX_IDS = 40;

  /** The name of the first frame. */
  static final String INITIAL = "initial";

  private final Games games;

  @Inject
  ScoreFeed(Games games) {
    this.games = games;
  }

  @Override
  public String channel() {
    return Games.CHANNEL;
  }

  @Override
  public List<String> ids(Caller caller) {
    return games.running(MAX_IDS);
  }

  @Override
  public Optional<Scope.Thing> scope(Caller caller, String id) {
    return games.find(id).map(game -> new Scope.Thing(game.id()));
  }

  @Override
  public Snapshot snapshot(Scope.Thing game) {
    return new Snapshot(messages(game, found -> INITIAL), null);
  }

  @Override
  public List<Message> state(Scope.Thing game) {
    return messages(game, Game::eventType);
  }

  private List<Message> messages(Scope.Thing game, Function<Game, String> name) {
    return games
        .find(game.id())
        .map(found -> new Message(name.apply(found), found.score()))
        .stream()
        .toList();
  }

  @Override
  public Optional<Predicate<Scope>> changes(Event event) {
    return Scope.Thing.on(Games.CHANNEL, event);
  }

  @Override
  public Optional<String> end(Scope.Thing game) {
    return games.find(game.id()).map(Game::lastEvent).map(Object::toString);
  }
}
