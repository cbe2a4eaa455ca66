package devfest.studio.app.transfer;

import devfest.studio.blobs.Spool;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All bodies that are in arrival on this node. Their number is bounded in total and for each user,
 * and they share a fixed amount of memory and disk space. Thread-safe.
 */
@ApplicationScoped
public class Arrivals {

  private static final Logger LOG = System.getLogger(Arrivals.class.getName());

  /**
   * Bodies in arrival at the same time. A fast client occupies a place for milliseconds, so
   * hundreds of uploads per second need a fraction. A place costs about 50 KB of a server's memory.
   */
  static final int MOST = 1_000;

  /** Bodies of one user at the same time: more than the connections of any client. */
  static final int MOST_OF_USER = 50;

  /**
   * Bodies without a token from one address at the same time. A hall may share an address, and the
   * sender of a webhook too.
   */
  static final int MOST_OF_ADDRESS = 100;

  /** A body that is silent for so long gives way to another one if all places are taken. */
  private static final Duration GIVES_WAY = Duration.ofSeconds(1);

  /** The part of the heap for bodies in arrival. */
  private static final int SHARE_OF_HEAP = 16;

  /** The part of the free disk space for bodies in arrival. */
  private static final int SHARE_OF_DISK = 4;

  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final long CHECK_MILLIS = 250;

  private final Spool spool;
  private final Budget memory;
  private final Budget disk;
  private final LongSupplier nanoTime;
  private final Semaphore places = new Semaphore(MOST);
  private final Set<Arrival> open = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<String, Integer> owners = new ConcurrentHashMap<>();

  private @Nullable ScheduledFuture<?> checks;

  @Inject
  Arrivals(Spool spool) {
    this(
        spool,
        Budget.of(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP),
        Budget.ofShare(spool::free, SHARE_OF_DISK),
        System::nanoTime);
  }

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  Arrivals(Spool spool, Budget memory, Budget disk, LongSupplier nanoTime) {
    this.spool = spool;
    this.memory = memory;
    this.disk = disk;
    this.nanoTime = nanoTime;
  }

  /** Begins to disconnect slow clients. */
  public void start(ScheduledExecutorService scheduler) {
    checks =
        scheduler.scheduleWithFixedDelay(
            this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @PreDestroy
  void stop() {
    if (checks != null) {
      checks.cancel(false);
    }
    open.forEach(arrival -> arrival.cut(busy()));
  }

  /** Refuses the bodies of slow clients. */
  void check() {
    long now = nanoTime.getAsLong();
    try {
      open.forEach(arrival -> arrival.check(now));
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "A slow client could not be disconnected", e);
    }
  }

  /** Creates an empty content that counts for the shared memory and disk space. */
  public Content content() {
    return new Content(memory, disk, spool);
  }

  /**
   * Begins to receive a body.
   *
   * @param owner the user or the address for which the body counts
   * @param anonymous whether the owner is an address
   * @param limit bytes; a longer body is refused
   * @param cut refuses a body whose client is too slow, from another thread
   * @throws Problem 429 if the owner has too many bodies in arrival, 503 if all places are taken
   */
  public Arrival begin(String owner, boolean anonymous, long limit, Consumer<Problem> cut) {
    String key = (anonymous ? "address " : "user ") + owner;
    admit(key, anonymous ? MOST_OF_ADDRESS : MOST_OF_USER);
    try {
      takePlace(key);
    } catch (Problem e) {
      forget(key);
      throw e;
    }
    Arrival arrival = new Arrival(content(), limit, key, cut, this::ended, nanoTime);
    open.add(arrival);
    return arrival;
  }

  /** The arrival of a body that has come with its head, which needs no place. */
  public Arrival whole(long limit) {
    return new Arrival(content(), limit, "", problem -> {}, arrival -> {}, nanoTime);
  }

  /** If the owner has too many bodies in arrival, its own quietest gives way. */
  private void admit(String owner, int most) {
    int now = owners.merge(owner, 1, Integer::sum);
    if (now > most && !giveWay(arrival -> arrival.owner().equals(owner))) {
      forget(owner);
      throw Problem.tryLater(
          Code.TOO_MANY_REQUESTS,
          "Too many requests of this sender are still being received. Try again later.",
          RETRY);
    }
  }

  private void forget(String owner) {
    owners.computeIfPresent(owner, (key, now) -> now == 1 ? null : now - 1);
  }

  private void ended(Arrival arrival) {
    open.remove(arrival);
    forget(arrival.owner());
    places.release();
  }

  /**
   * Takes a place. If all are taken, the body that is silent longest gives way; if all move, one of
   * an owner who has several more than the new one.
   */
  private void takePlace(String owner) {
    while (!places.tryAcquire()) {
      if (!giveWay(arrival -> true)) {
        ofLargestOwner()
            .filter(found -> sharers(found) > count(owner))
            .orElseThrow(Arrivals::busy)
            .cut(busy());
      }
    }
  }

  /** Refuses the body that is silent longest. Returns false if all that are meant move. */
  private boolean giveWay(Predicate<Arrival> meant) {
    long now = nanoTime.getAsLong();
    Optional<Arrival> quietest =
        open.stream()
            .filter(meant)
            .max(Comparator.comparingLong(arrival -> arrival.quiet(now)))
            .filter(found -> found.quiet(now) >= GIVES_WAY.toNanos());
    quietest.ifPresent(found -> found.cut(busy()));
    return quietest.isPresent();
  }

  private Optional<Arrival> ofLargestOwner() {
    return open.stream().max(Comparator.comparingInt(this::sharers));
  }

  private int sharers(Arrival arrival) {
    return count(arrival.owner());
  }

  private int count(String owner) {
    return owners.getOrDefault(owner, 0);
  }

  static Problem busy() {
    return Problem.tryLater(
        Code.BUSY, "Too many large requests are being received. Try again later.", RETRY);
  }

  /** Creates the refusal of a body that is longer than the limit in bytes. */
  public static Problem tooLarge(long limit) {
    return new Problem(
        Code.TOO_LARGE, "The body is larger than the allowed " + limit / (1024 * 1024) + " MB.");
  }
}
