package devfest.studio.app.transfer;

import devfest.studio.http.Code;
import devfest.studio.http.Outage;
import devfest.studio.http.Pace;
import devfest.studio.http.Problem;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One body in arrival. The adapter of a server adds the bytes as they come; no thread waits for
 * them. Thread-safe.
 */
public final class Arrival {

  private static final Logger LOG = System.getLogger(Arrival.class.getName());

  private final Content content;
  private final long limit;
  private final String owner;
  private final Consumer<Problem> cut;
  private final Consumer<Arrival> ended;
  private final LongSupplier nanoTime;
  private final long begin;
  private long last;
  private boolean done;

  /**
   * @param limit bytes; a longer body is refused
   * @param owner the user or address for which the body counts
   * @param cut refuses a body whose client is too slow, from another thread
   * @param ended called once at the end
   * @param nanoTime as {@link System#nanoTime}
   */
  Arrival(
      Content content,
      long limit,
      String owner,
      Consumer<Problem> cut,
      Consumer<Arrival> ended,
      LongSupplier nanoTime) {
    this.content = content;
    this.limit = limit;
    this.owner = owner;
    this.cut = cut;
    this.ended = ended;
    this.nanoTime = nanoTime;
    this.begin = nanoTime.getAsLong();
    this.last = begin;
  }

  String owner() {
    return owner;
  }

  /**
   * Adds bytes, which are copied. Does nothing after the end.
   *
   * @throws Problem 413 if the body is longer than allowed, 503 if there is no space for it, 507 if
   *     the temporary file cannot be written
   */
  public synchronized void add(byte[] bytes, int offset, int count) {
    if (done) {
      return;
    }
    last = nanoTime.getAsLong();
    if (content.length() + count > limit) {
      throw Arrivals.tooLarge(limit);
    }
    try {
      content.write(bytes, offset, count);
    } catch (Content.FullException e) {
      throw Arrivals.busy();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A body could not be stored", e);
      throw Problem.tryLater(Outage.DISK.code(), Outage.DISK.message(), Outage.PAUSE);
    }
  }

  /**
   * Ends the arrival of a complete body.
   *
   * @return the content, which the caller closes; empty if the body was cut or aborted before
   */
  public Optional<Content> complete() {
    return end() ? Optional.of(content) : Optional.empty();
  }

  /** Ends the arrival and discards the bytes. Returns false if it has ended before. */
  public boolean abort() {
    if (!end()) {
      return false;
    }
    try {
      content.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A temporary file could not be deleted", e);
    }
    return true;
  }

  void cut(Problem problem) {
    if (abort()) {
      cut.accept(problem);
    }
  }

  /** Refuses the body if its client is too slow. */
  void check(long now) {
    if (isLate(now)) {
      cut(new Problem(Code.REQUEST_TIMEOUT, "The body arrives too slowly."));
    }
  }

  private synchronized boolean isLate(long now) {
    return !done && Pace.isTooSlow(content.length(), now - begin);
  }

  /** Nanoseconds since the last byte, or since the begin. */
  synchronized long quiet(long now) {
    return now - last;
  }

  private boolean end() {
    synchronized (this) {
      if (done) {
        return false;
      }
      done = true;
    }
    ended.accept(this);
    return true;
  }
}
