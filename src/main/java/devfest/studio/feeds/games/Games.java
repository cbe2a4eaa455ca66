package devfest.studio.feeds.games;

import devfest.studio.base.DomainException;
import devfest.studio.base.Missing;
import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.http.Cursor;
import devfest.studio.log.EventLog;
import devfest.studio.log.Pruned;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Stores the games and appends their events. Safe for use from many threads and nodes. */
@ApplicationScoped
@Transactional
class Games {

  static final String CHANNEL = "games";

  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");

  private final EntityManager em;
  private final EventLog log;
  private final Jsonb json;
  private final Clock clock;

  @Inject
  Games(EntityManager em, EventLog log, Jsonb json, Clock clock) {
    this.em = em;
    this.log = log;
    this.json = json;
    this.clock = clock;
  }

  Game create(String home, String away) {
    return create(new Game(home, away, clock.instant()));
  }

  private Game create(Game game) {
    em.persist(game);
    em.flush(); // fails here if a concurrent request has inserted the game
    // On the studio's own channel, because no subscription to the new game exists yet.
    log.append(List.of(event("game.created", Event.STUDIO_CHANNEL, game)));
    return game;
  }

  /**
   * Changes the score.
   *
   * @param creates whether to create a missing game
   * @throws Missing if the game does not exist and is not created
   * @throws IllegalGameId if the game would be created but the id is invalid
   * @throws GameOver if the game is finished
   * @throws jakarta.persistence.PersistenceException if a concurrent request has created the game;
   *     the caller retries
   */
  Game score(String id, int home, int away, String type, boolean creates) {
    Game game =
        Optional.of(id)
            .filter(Games::isValidId)
            .map(gameId -> em.find(Game.class, gameId, LockModeType.PESSIMISTIC_WRITE))
            .or(() -> createIf(creates, id))
            .orElseThrow(() -> notFound(creates));
    game.score(home, away, type, clock.instant());
    String name = game.isFinished() ? "game.finished" : "game.score";
    long position = log.append(List.of(event(name, CHANNEL + '/' + id, game))).get(0).position();
    if (game.isFinished()) {
      game.setLastEvent(position);
    }
    return game;
  }

  private Optional<Game> createIf(boolean creates, String id) {
    return creates && isValidId(id)
        ? Optional.of(create(new Game(id, "Home", "Away", clock.instant())))
        : Optional.empty();
  }

  private static DomainException notFound(boolean creates) {
    return creates ? new IllegalGameId() : new Missing("game");
  }

  private static boolean isValidId(String id) {
    return ID.matcher(id).matches();
  }

  private Event event(String type, String channel, Game game) {
    return Event.of(type)
        .visibility(Visibility.PUBLIC)
        .channel(channel)
        .data(json.toJson(game.view()))
        .build();
  }

  Optional<Game> find(String id) {
    return Optional.ofNullable(id)
        .filter(Games::isValidId)
        .map(gameId -> em.find(Game.class, gameId));
  }

  /** Returns games after the cursor, newest first. */
  List<Game> newest(Cursor after, int limit) {
    return newest("", after, limit).getResultList();
  }

  /** Returns the ids of running games, newest first. */
  List<String> running(int limit) {
    return newest(" and g.lastEvent is null", Cursor.START, limit)
        .getResultStream()
        .map(Game::id)
        .toList();
  }

  private TypedQuery<Game> newest(String condition, Cursor after, int limit) {
    return em.createQuery(
            "select g from Game g where (g.createdAt < :at or (g.createdAt = :at and g.id < :id))"
                + condition
                + " order by g.createdAt desc, g.id desc",
            Game.class)
        .setParameter("at", after.at())
        .setParameter("id", after.id())
        .setMaxResults(limit);
  }

  /** Deletes finished games whose last event was pruned from the log. */
  void prune(@Observes Pruned pruned) {
    int ignored =
        em.createQuery("delete from Game g where g.lastEvent <= :upTo")
            .setParameter("upTo", pruned.position())
            .executeUpdate();
  }
}
