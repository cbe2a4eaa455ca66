package devfest.studio.photos;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.images.ImageRefusedException;
import devfest.studio.images.Need;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Shares this node's memory for pictures, and the processors for decoding uploads. Work that does
 * not fit at once waits for its turn. A picture that needs more than all of the memory for pictures
 * takes its turn alone.
 *
 * <p>The next turn is that of the user whose work has taken the least memory so far (start-time
 * fair queueing), so a user with many or large pictures waits for the others, who do not wait for
 * more than one of them. The work of one user stays in order. Nothing overtakes the next work when
 * that waits for memory, so large pictures take their turn too. Safe for use from many threads.
 */
@ApplicationScoped
public class Turns {

  /** What the memory is for. */
  public enum Purpose {
    /** An upload, whose client and whose thread wait. */
    UPLOAD(true, Duration.ofSeconds(45)),
    /** A photo of an archive, which a worker unpacks. */
    ARCHIVE(true, Duration.ofMinutes(10)),
    /** A transformation; the number of workers limits the processors that it takes. */
    TRANSFORMATION(false, Duration.ofMinutes(10));

    /** Whether the work takes one of the places for decoding. */
    private final boolean takesPlace;

    private final Duration patience;

    Purpose(boolean takesPlace, Duration patience) {
      this.takesPlace = takesPlace;
      this.patience = patience;
    }
  }

  /** Uploads of one user that wait: more than a browser or a phone sends at the same time. */
  static final int MAX_WAITING_OF_USER = 12;

  /**
   * Uploads of all users that wait: each holds a thread of the server, which has 64 with the
   * shipped configuration.
   */
  static final int MAX_WAITING = 32;

  /** How often a waiting upload looks whether its client has left. */
  private static final long LOOK_MILLIS = 1_000;

  private record Lane(String user, Purpose purpose) {}

  private static final class Waiting {
    private final long bytes;
    private final CompletableFuture<Void> turn = new CompletableFuture<>();

    Waiting(long bytes) {
      this.bytes = bytes;
    }
  }

  /** The memory of one picture; closing it returns the memory. Used by one thread. */
  public final class Turn implements AutoCloseable {
    private final long bytes;
    private final Purpose purpose;
    private boolean closed;

    private Turn(long bytes, Purpose purpose) {
      this.bytes = bytes;
      this.purpose = purpose;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        release(bytes, purpose);
      }
    }
  }

  private final ImageSettings settings;

  /** The lanes with waiting work, the oldest first. */
  @GuardedBy("this")
  private final Map<Lane, Deque<Waiting>> lanes = new LinkedHashMap<>();

  /**
   * The virtual time, in bytes, at which the work of a user that has come so far is paid for; only
   * of users for whom this is in the future.
   */
  @GuardedBy("this")
  private final Map<String, Long> paid = new HashMap<>();

  /** The virtual time: that at which the newest turn began. */
  @GuardedBy("this")
  private long now;

  @GuardedBy("this")
  private long free;

  @GuardedBy("this")
  private int places;

  @Inject
  Turns(ImageSettings settings) {
    this(settings, Runtime.getRuntime().availableProcessors());
  }

  /**
   * @param places number of uploads that are decoded at the same time
   */
  public Turns(ImageSettings settings, int places) {
    this.settings = settings;
    this.free = settings.memory();
    this.places = places;
  }

  /**
   * Checks early that an upload of the user would be allowed to wait.
   *
   * @throws TooManyUploads if the user has too many waiting uploads
   */
  void check(String user) {
    if (waiting(user) >= MAX_WAITING_OF_USER) {
      throw new TooManyUploads();
    }
  }

  /** Returns the number of waiting uploads of a user. */
  synchronized int waiting(String user) {
    Deque<Waiting> lane = lanes.get(new Lane(user, Purpose.UPLOAD));
    return lane == null ? 0 : lane.size();
  }

  /**
   * Waits until the memory for a picture is free and takes it.
   *
   * @throws ImageRefusedException if the picture does not fit into the heap
   * @throws TooManyUploads if too many uploads wait, or this one waited too long
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  public Turn take(String user, Need need, Purpose purpose)
      throws ImageRefusedException, InterruptedException {
    return take(user, need, purpose, () -> false);
  }

  /**
   * Waits until the memory for a picture is free and takes it, unless nobody needs the result.
   *
   * @param left whether the client has left; the wait then ends within a second
   */
  Turn take(String user, Need need, Purpose purpose, BooleanSupplier left)
      throws ImageRefusedException, InterruptedException {
    if (need.heap() > settings.largest()) {
      throw ImageRefusedException.tooMuchMemory(need);
    }
    long bytes = Math.min(need.total(), settings.memory());
    Lane lane = new Lane(user, purpose);
    Waiting own = new Waiting(bytes);
    synchronized (this) {
      if (purpose == Purpose.UPLOAD) {
        admit(user);
      }
      lanes.computeIfAbsent(lane, l -> new ArrayDeque<>()).add(own);
      giveTurns();
    }
    try {
      await(own, purpose.patience, left);
    } catch (ExecutionException e) {
      throw new TooManyUploads(); // displaced by the upload of another user
    } catch (TimeoutException | InterruptedException e) {
      if (leave(lane, own)) {
        if (e instanceof InterruptedException interrupt) {
          throw interrupt;
        }
        throw new TooManyUploads(); // which a client that has left does not read
      }
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt(); // the turn has come; the next blocking call throws
      }
    }
    Turn turn = new Turn(bytes, purpose);
    if (left.getAsBoolean()) {
      turn.close();
      throw new TooManyUploads();
    }
    return turn;
  }

  private static void await(Waiting own, Duration patience, BooleanSupplier left)
      throws ExecutionException, TimeoutException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        own.turn.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        if (left.getAsBoolean() || System.nanoTime() - end > 0) {
          throw e;
        }
      }
    }
  }

  /**
   * Makes room for an upload. If the node is full, it displaces the newest upload of the user with
   * the most waiting uploads, so one user cannot fill the node.
   */
  @GuardedBy("this")
  private void admit(String user) {
    int own = waiting(user);
    if (own >= MAX_WAITING_OF_USER) {
      throw new TooManyUploads();
    }
    int all = 0;
    for (Map.Entry<Lane, Deque<Waiting>> lane : lanes.entrySet()) {
      all += lane.getKey().purpose() == Purpose.UPLOAD ? lane.getValue().size() : 0;
    }
    if (all < MAX_WAITING) {
      return;
    }
    Optional<Map.Entry<Lane, Deque<Waiting>>> longest =
        lanes.entrySet().stream()
            .filter(lane -> lane.getKey().purpose() == Purpose.UPLOAD)
            .max(Comparator.comparingInt(lane -> lane.getValue().size()));
    if (longest.isEmpty() || longest.get().getValue().size() <= own + 1) {
      throw new TooManyUploads();
    }
    boolean ignored =
        longest.get().getValue().removeLast().turn.completeExceptionally(new TooManyUploads());
  }

  /** Returns false if the turn has come in the meantime. */
  private synchronized boolean leave(Lane lane, Waiting own) {
    Deque<Waiting> queue = lanes.get(lane);
    if (queue == null || !queue.remove(own)) {
      return own.turn.isCompletedExceptionally();
    }
    if (queue.isEmpty()) {
      lanes.remove(lane);
    }
    giveTurns();
    return true;
  }

  private synchronized void release(long bytes, Purpose purpose) {
    free += bytes;
    places += purpose.takesPlace ? 1 : 0;
    giveTurns();
  }

  @GuardedBy("this")
  private void giveTurns() {
    for (Optional<Map.Entry<Lane, Deque<Waiting>>> next = next(); next.isPresent(); next = next()) {
      Lane lane = next.get().getKey();
      Deque<Waiting> queue = next.get().getValue();
      lanes.remove(lane);
      Waiting first = queue.remove();
      free -= first.bytes;
      places -= lane.purpose().takesPlace ? 1 : 0;
      if (!queue.isEmpty()) {
        lanes.put(lane, queue); // behind all others
      }
      pay(lane, first.bytes);
      boolean ignored = first.turn.complete(null);
    }
  }

  @GuardedBy("this")
  private void pay(Lane lane, long bytes) {
    long begun = start(lane);
    now = begun;
    boolean ignored = paid.values().removeIf(time -> time <= begun);
    paid.put(lane.user(), begun + bytes);
  }

  /** Returns the lane whose turn it is; empty if its work has to wait for memory or a place. */
  @GuardedBy("this")
  private Optional<Map.Entry<Lane, Deque<Waiting>>> next() {
    Map.Entry<Lane, Deque<Waiting>> next = null;
    for (Map.Entry<Lane, Deque<Waiting>> lane : lanes.entrySet()) {
      boolean mayStart = places > 0 || !lane.getKey().purpose().takesPlace;
      if (mayStart && (next == null || start(lane.getKey()) < start(next.getKey()))) {
        next = lane;
      }
    }
    return next == null || next.getValue().element().bytes > free
        ? Optional.empty()
        : Optional.of(next);
  }

  /** Returns the virtual time at which the next work of a lane may begin. */
  @GuardedBy("this")
  private long start(Lane lane) {
    return Math.max(now, paid.getOrDefault(lane.user(), now));
  }
}
