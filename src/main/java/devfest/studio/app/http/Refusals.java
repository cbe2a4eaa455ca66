package devfest.studio.app.http;

import static java.util.Map.entry;

import devfest.studio.artwork.OpaqueFrame;
import devfest.studio.base.DomainException;
import devfest.studio.base.Missing;
import devfest.studio.feeds.games.GameOver;
import devfest.studio.feeds.games.IllegalGameId;
import devfest.studio.feeds.games.TooManyGames;
import devfest.studio.feeds.posts.BrokenTemplate;
import devfest.studio.feeds.posts.IllegalMove;
import devfest.studio.feeds.posts.PostClaimed;
import devfest.studio.feeds.posts.PostPublished;
import devfest.studio.feeds.posts.TooManyPosts;
import devfest.studio.feeds.tasks.BadArchive;
import devfest.studio.feeds.tasks.TooManyTasks;
import devfest.studio.feeds.timer.TimerOver;
import devfest.studio.http.Code;
import devfest.studio.idempotency.KeyReused;
import devfest.studio.photos.PhotoRefused;
import devfest.studio.photos.TooManyUploads;
import devfest.studio.transformations.AlreadyFinal;
import devfest.studio.transformations.NotFailed;
import devfest.studio.transformations.QueueFull;
import devfest.studio.transformations.QuotaExhausted;
import devfest.studio.webhooks.TooManyWebhooks;
import java.util.Map;

/** Maps each kind of {@link DomainException} to the code of its problem document. */
final class Refusals {

  private static final Map<Class<? extends DomainException>, Code> CODES =
      Map.ofEntries(
          entry(Missing.class, Code.NOT_FOUND),
          entry(GameOver.class, Code.FINISHED),
          entry(TooManyGames.class, Code.TOO_MANY_GAMES),
          entry(IllegalGameId.class, Code.NOT_FOUND),
          entry(BrokenTemplate.class, Code.INTERNAL_ERROR),
          entry(IllegalMove.class, Code.ILLEGAL_MOVE),
          entry(PostClaimed.class, Code.PUBLISHING),
          entry(TooManyPosts.class, Code.TOO_MANY_POSTS),
          entry(PostPublished.class, Code.PUBLISHED),
          entry(BadArchive.class, Code.BAD_ARCHIVE),
          entry(TooManyTasks.class, Code.TOO_MANY_TASKS),
          entry(TimerOver.class, Code.TIMER_OVER),
          entry(KeyReused.class, Code.IDEMPOTENCY_KEY_REUSED),
          entry(TooManyUploads.class, Code.TOO_MANY_UPLOADS),
          entry(OpaqueFrame.class, Code.UNPROCESSABLE_CONTENT),
          entry(PhotoRefused.Empty.class, Code.BAD_REQUEST),
          entry(PhotoRefused.TooLarge.class, Code.TOO_LARGE),
          entry(PhotoRefused.Unsupported.class, Code.UNSUPPORTED_IMAGE),
          entry(PhotoRefused.Damaged.class, Code.DAMAGED_IMAGE),
          entry(PhotoRefused.TooManyPixels.class, Code.TOO_MANY_PIXELS),
          entry(AlreadyFinal.class, Code.ALREADY_FINAL),
          entry(NotFailed.class, Code.NOT_FAILED),
          entry(TooManyWebhooks.class, Code.TOO_MANY_WEBHOOKS),
          entry(QueueFull.class, Code.QUEUE_FULL),
          entry(QuotaExhausted.class, Code.QUOTA_EXHAUSTED));

  private Refusals() {}

  /**
   * @throws IllegalArgumentException if the kind has no code
   */
  static Code code(Class<? extends DomainException> kind) {
    Code code = CODES.get(kind);
    if (code == null) {
      throw new IllegalArgumentException(kind.getName() + " has no code");
    }
    return code;
  }
}
