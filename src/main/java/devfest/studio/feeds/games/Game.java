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

/** A game between two sides. Its score changes until the game is finished. Not thread-safe. */
@Entity
@Table(name = "game")
class Game {

  /** The name of the change that ends a game. */
  static final String FINISHED = "finished";

  /** The default name of a change. */
  static final String SCORE = "score";

  /** The data of a score in the stream; {@code timestamp} is Unix time in seconds. */
  public record Score(
      @JsonbProperty("home_score") int homeScore,
      @JsonbProperty("away_score") int awayScore,
      long timestamp) {}

  /** The public view of a game; {@code timestamp} is Unix time in seconds. */
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

  @Column(name = "user_id")
  private @Nullable String userId;

  protected Game() {}

  /**
   * @param userId the user who creates the game
   */
  Game(String userId, String home, String away, Instant now) {
    this(UUID.randomUUID().toString(), userId, home, away, now);
  }

  Game(String id, String userId, String home, String away, Instant now) {
    this.id = id;
    this.userId = userId;
    this.home = home;
    this.away = away;
    this.eventType = SCORE;
    this.createdAt = Millis.of(now);
    this.updatedAt = createdAt;
  }

  /**
   * Changes the score.
   *
   * @param type the name of the change; {@value #FINISHED} ends the game
   * @throws GameOver if the game is finished
   */
  void score(int newHome, int newAway, String type, Instant now) {
    if (isFinished()) {
      throw new GameOver();
    }
    homeScore = newHome;
    awayScore = newAway;
    eventType = type;
    updatedAt = Millis.of(now);
    if (type.equals(FINISHED)) {
      finishedAt = updatedAt;
    }
  }

  /** Records the position of the last event in the log. */
  void setLastEvent(long position) {
    lastEvent = position;
  }

  /** The user who created the game; null if the previous version created it. */
  @Nullable String userId() {
    return userId;
  }

  boolean isFinished() {
    return finishedAt != null;
  }

  /** The position of the last event in the log; null while the game is running. */
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
