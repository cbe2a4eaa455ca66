package devfest.studio.feeds.games;

import devfest.studio.base.Millis;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A game between two sides. Its score changes until it is finished; after that nothing does. */
@Entity
@Table(name = "game")
class Game {

  /** What the last change of every game is called. */
  static final String FINISHED = "finished";

  /** What a change is called that has no name of its own. */
  static final String SCORE = "score";

  /** A score as the stream sends it. */
  public record Score(
      @JsonbProperty("home_score") int homeScore,
      @JsonbProperty("away_score") int awayScore,
      long timestamp) {}

  /** A game as clients see it. */
  @Schema(name = "Game")
  public record View(
      String gameId,
      String home,
      String away,
      @JsonbProperty("home_score") int homeScore,
      @JsonbProperty("away_score") int awayScore,
      String status,
      long timestamp,
      Instant createdAt,
      @JsonbProperty(nillable = true) @Schema(nullable = true) @Nullable Instant finishedAt) {}

  @Id private String id;
  private String home;
  private String away;

  @Column(name = "home_score")
  private int homeScore;

  @Column(name = "away_score")
  private int awayScore;

  @Column(name = "event_type")
  private String eventType;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  @Column(name = "finished_at")
  private @Nullable Instant finishedAt;

  @Column(name = "last_event")
  private @Nullable Long lastEvent;

  protected Game() {}

  Game(String home, String away, Instant now) {
    this(UUID.randomUUID().toString(), home, away, now);
  }

  Game(String id, String home, String away, Instant now) {
    this.id = id;
    this.home = home;
    this.away = away;
    this.eventType = SCORE;
    this.createdAt = Millis.of(now);
    this.updatedAt = createdAt;
  }

  /**
   * Changes the score.
   *
   * @param type what the change is called; {@value #FINISHED} makes it the last
   * @throws GameOver when the game is finished
   */
  void score(int itsHome, int itsAway, String type, Instant now) {
    if (isFinished()) {
      throw new GameOver();
    }
    homeScore = itsHome;
    awayScore = itsAway;
    eventType = type;
    updatedAt = Millis.of(now);
    if (type.equals(FINISHED)) {
      finishedAt = updatedAt;
    }
  }

  /** Notes where the event of its end stands in the log. */
  void endsAt(long position) {
    lastEvent = position;
  }

  boolean isFinished() {
    return finishedAt != null;
  }

  /** The position of its last event; null while it is played. */
  @Nullable Long lastEvent() {
    return lastEvent;
  }

  String id() {
    return id;
  }

  Instant createdAt() {
    return createdAt;
  }

  String eventType() {
    return eventType;
  }

  Score score() {
    return new Score(homeScore, awayScore, updatedAt.getEpochSecond());
  }

  View view() {
    return new View(
        id,
        home,
        away,
        homeScore,
        awayScore,
        isFinished() ? FINISHED : "running",
        updatedAt.getEpochSecond(),
        createdAt,
        finishedAt);
  }
}
