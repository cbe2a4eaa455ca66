package devfest.studio.feeds.games;

import devfest.studio.base.DomainException;
import devfest.studio.base.Missing;
import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.http.Cursor;
import devfest.studio.log.EventLog;
import devfest.studio.log.Pruned;
import devfest.studio.personal.Rows;
import devfest.studio.security.Admission;
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
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Stores the games and appends their events. Safe for use from many threads and nodes. */
@ApplicationScoped
@Transactional
class Games {

  static final String CHANNEL = "games";
  static final String CREATED = "game.created";

  /** Games per user that are not finished: more than one publisher can keep up to date. */
  private static final int MAX_OPEN = 100;

  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");

  private final EntityManager em;
  private final EventLog log;
  private final Admission admission;
  private final Jsonb json;
  private final Clock clock;

  @Inject
  Games(EntityManager em, EventLog log, Admission admission, Jsonb json, Clock clock) {
    this.em = em;
    this.log = log;
    this.admission = admission;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Creates a game.
   *
   * @param user the id of the user who creates it
   * @throws TooManyGames if the user has reached the limit
   */
  Game create(String user, String home, String away) {
    admission.admit();
    return create(user, new Game(user, home, away, clock.instant()));
  }

  private Game create(String user, Game game) {
    long open =
        em.createQuery(
                "select count(g) from Game g where g.userId = :user and g.lastEvent is null",
                Long.class)
            .setParameter("user", user)
            .getSingleResult();
    if (open >= MAX_OPEN) {
      throw new TooManyGames(MAX_OPEN);
    }
    em.persist(game);
    em.flush(); // fails here if a concurrent request has inserted the game
    // On the studio's own channel, because no subscription to the new game exists yet.
    log.append(event(CREATED, Event.STUDIO_CHANNEL, game).by(user));
    return game;
  }

  /**
   * Changes the score.
   *
   * @param user the id of the user who changes it
   * @param creates whether to create a missing game
   * @throws Missing if the game does not exist and is not created
   * @throws IllegalGameId if the game would be created but the id is invalid
   * @throws GameOver if the game is finished
   * @throws TooManyGames if the game would be created but the user has reached the limit
   * @throws jakarta.persistence.PersistenceException if a concurrent request has created the game;
   *     the caller retries
   */
  Game score(String user, String id, int home, int away, String type, boolean creates) {
    admission.admit();
    Game game =
        Optional.of(id)
            .filter(Games::isValidId)
            .map(gameId -> em.find(Game.class, gameId, LockModeType.PESSIMISTIC_WRITE))
            .or(() -> createIf(creates, user, id))
            .orElseThrow(() -> notFound(creates));
    game.score(home, away, type, clock.instant());
    String name = game.isFinished() ? "game.finished" : "game.score";
    long position =
        log.append(event(name, CHANNEL + '/' + id, game).by(author(game, user))).position();
    if (game.isFinished()) {
      game.setLastEvent(position);
    }
    return game;
  }

  /** The creator of the game, whose names the event contains; the present user if unknown. */
  private static String author(Game game, String user) {
    return Objects.requireNonNullElse(game.userId(), user);
  }

  private Optional<Game> createIf(boolean creates, String user, String id) {
    return creates && isValidId(id)
        ? Optional.of(create(user, new Game(id, user, "Home", "Away", clock.instant())))
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

  /** Returns the games that the user has created, newest first. */
  List<Game> of(String user, Cursor after, int limit) {
    return newest(" and g.userId = :user", after, limit).setParameter("user", user).getResultList();
  }

  /**
   * Deletes games that the user has created.
   *
   * @return the number of deleted games
   */
  int delete(String user, int limit) {
    List<Game> found = Rows.locked(em, Game.class, "userId", user, limit);
    found.forEach(em::remove);
    return found.size();
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
    return after
        .bind(
            em.createQuery(
                "select g from Game g where "
                    + Cursor.condition("g.createdAt", "g.id")
                    + condition
                    + " order by g.createdAt desc, g.id desc",
                Game.class))
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
