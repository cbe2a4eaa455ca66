package devfest.studio.delivery;

import devfest.studio.base.Backoff;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Work;
import java.time.Duration;
import java.util.Optional;

/**
 * The work of sending the events of cursors that are due, one message after the other, until the
 * cursor is at the end of the log or its turn is over. The position is stored after each request,
 * so another node continues there. Failures of the receiver do not count as attempts: {@link
 * Progress#fail} decides about them. Safe for use from many threads.
 *
 * @param <C> a cursor
 * @param <M> what is sent in a request
 */
public abstract class Delivery<C extends Cursor, M> implements Work<C> {

  /**
   * What comes next.
   *
   * @param message empty if nothing is to be sent
   * @param upTo the position after it
   */
  public record Next<M>(Optional<M> message, long upTo) {}

  private final Cursors<C> cursors;

  protected Delivery(Cursors<C> cursors) {
    this.cursors = cursors;
  }

  /** Many, because a receiver that does not respond occupies one until the deadline. */
  @Override
  public int concurrency() {
    return 128;
  }

  /** Longer than the deadline of {@link Receivers}. */
  @Override
  public Duration lease() {
    return Duration.ofSeconds(20);
  }

  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(1));
  }

  @Override
  public String faultMessage() {
    return "The events could not be sent. The log of the studio has the cause.";
  }

  /** Loads the keys with which messages are signed, because that cannot be interrupted. */
  protected abstract void loadKeys();

  /** Reads what comes after a position. */
  protected abstract Next<M> next(C cursor, long after);

  /**
   * Sends a message once.
   *
   * @throws InterruptedException if the thread is interrupted while it waits for the response
   */
  protected abstract Outcome send(C cursor, M message) throws InterruptedException;

  /**
   * Records the outcome.
   *
   * @return whether the attempt continues
   * @throws Attempt.StoppedException if the attempt has lost its claim
   */
  protected abstract boolean settle(C cursor, Attempt attempt, Next<M> sent, Outcome outcome);

  @Override
  public void run(C cursor, Attempt attempt) throws Exception {
    loadKeys();
    long position = cursor.progress().position();
    boolean more = true;
    while (more) {
      attempt.check();
      Next<M> next = next(cursor, position);
      if (next.message().isPresent()) {
        M message = next.message().get();
        Outcome outcome = attempt.interruptible(() -> send(cursor, message));
        more = settle(cursor, attempt, next, outcome);
      } else {
        more = cursors.advance(this, attempt, next.upTo());
      }
      position = next.upTo();
    }
    cursors.rest(cursor.id(), position);
  }
}
