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

/** The games. Safe for use from many threads and nodes. */
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
    em.flush(); // another request may have been first
    // In the studio's own channel: who follows no game yet hears of it too.
    log.append(List.of(event("game.created", Event.STUDIO_CHANNEL, game)));
    return game;
  }

  /**
   * Changes the score.
   *
   * @param creates whether a game that is not there begins with it
   * @throws Missing when there is no such game
   * @throws IllegalGameId when there can be none
   * @throws GameOver when it is finished
   * @throws jakarta.persistence.PersistenceException when another request created the game
   *     meanwhile: try again
   */
  Game score(String id, int home, int away, String type, boolean creates) {
    Game game =
        Optional.of(id)
            .filter(Games::possible)
            .map(known -> em.find(Game.class, known, LockModeType.PESSIMISTIC_WRITE))
            .or(() -> begin(id, creates))
            .orElseThrow(() -> notFound(creates));
    game.score(home, away, type, clock.instant());
    String name = game.isFinished() ? "game.finished" : "game.score";
    long position = log.append(List.of(event(name, CHANNEL + '/' + id, game))).get(0).position();
    if (game.isFinished()) {
      game.endsAt(position);
    }
    return game;
  }

  private Optional<Game> begin(String id, boolean creates) {
    return creates && possible(id)
        ? Optional.of(create(new Game(id, "Home", "Away", clock.instant())))
        : Optional.empty();
  }

  private static DomainException notFound(boolean creates) {
    return creates ? new IllegalGameId() : new Missing("game");
  }

  private static boolean possible(String id) {
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
    return Optional.ofNullable(id).filter(Games::possible).map(known -> em.find(Game.class, known));
  }

  /** The newest, after the cursor. */
  List<Game> newest(Cursor after, int limit) {
    return newest("", after, limit).getResultList();
  }

  /** The ids of those that are played, the newest first. */
  List<String> running(int limit) {
    return newest(" and g.lastEvent is null", Cursor.START, limit)
        .getResultStream()
        .map(Game::id)
        .toList();
  }

  private TypedQuery<Game> newest(String narrowing, Cursor after, int limit) {
    return em.createQuery(
            "select g from Game g where (g.createdAt < :at or (g.createdAt = :at and g.id < :id))"
                + narrowing
                + " order by g.createdAt desc, g.id desc",
            Game.class)
        .setParameter("at", after.at())
        .setParameter("id", after.id())
        .setMaxResults(limit);
  }

  /** A finished game goes with the event of its end. */
  void prune(@Observes Pruned pruned) {
    int ignored =
        em.createQuery("delete from Game g where g.lastEvent <= :upTo")
            .setParameter("upTo", pruned.position())
            .executeUpdate();
  }
}
