package devfest.studio.http;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * What the studio needs and may be without for a while. An outage is one line in the log when it
 * begins and one when it ends, however many calls fail meanwhile. Safe for use from many threads.
 *
 * <p>The two are static: connections of the pool, which the server makes without CDI, report them.
 */
public final class Outage {

  /** The database can't be reached, closes its connections, or can't write. */
  public static final Outage DATABASE =
      new Outage(Code.UNAVAILABLE, "The database can't be used at the moment. Try again.");

  /** A file can't be written for lack of space. */
  public static final Outage DISK =
      new Outage(
          Code.INSUFFICIENT_STORAGE, "There is no space left to store this. Try again later.");

  /** Clients wait so long before they try again: a database restarts in a few seconds. */
  public static final Duration PAUSE = Duration.ofSeconds(2);

  private static final Logger LOG = System.getLogger(Outage.class.getName());

  /** Far above any real chain of causes; ends a loop in one. */
  private static final int MAX_CAUSES = 100;

  /** Classes of SQLSTATE: connection, insufficient resources, and PostgreSQL's own I/O. */
  private static final Set<String> STATE_CLASSES = Set.of("08", "53", "58");

  /** PostgreSQL stops, crashed, starts; or it is a standby since a failover. */
  private static final Set<String> STATES = Set.of("57P01", "57P02", "57P03", "57P05", "25006");

  /** H2: object closed, I/O, in use, connection broken, database closed. */
  private static final Set<Integer> H2_CODES =
      Set.of(90007, 90020, 90028, 90031, 90067, 90098, 90121);

  private static final String H2_PACKAGE = "org.h2.";

  private static final Set<String> NO_SPACE =
      Set.of("no space left", "quota exceeded", "not enough space", "disk full");

  /** A failure may be reported so much later than the outage that made it ended. */
  private static final long ECHO_NANOS = Duration.ofSeconds(1).toNanos();

  private final Code code;
  private final String message;
  private final AtomicBoolean on = new AtomicBoolean();
  private volatile long since;
  private volatile long until = System.nanoTime() - ECHO_NANOS;

  private Outage(Code code, String message) {
    this.code = code;
    this.message = message;
  }

  /** The outage that made a call fail, found among the causes of its exception. */
  public static Optional<Outage> of(Throwable failure) {
    boolean full = false;
    boolean database = false;
    for (Throwable cause : causes(failure)) {
      full |= isFull(cause);
      database |= isDatabase(cause);
    }
    if (database) {
      return Optional.of(DATABASE);
    }
    return full ? Optional.of(DISK) : Optional.empty();
  }

  /**
   * The outage that may have made a call fail: failures of a transaction don't always carry their
   * cause, so that the outage of this moment or the last must do.
   */
  public static Optional<Outage> behind(Throwable failure) {
    Optional<Outage> cause = of(failure);
    boolean near = DATABASE.isNear() || DISK.isNear();
    return cause.isPresent() || !near ? cause : Optional.of(DATABASE);
  }

  private boolean isNear() {
    return on.get() || System.nanoTime() - until < ECHO_NANOS;
  }

  /** Whether a connection can't be used any more after this. */
  public static boolean isFatal(SQLException failure) {
    return of(failure).isPresent();
  }

  private static Set<Throwable> causes(Throwable failure) {
    Set<Throwable> causes = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> waiting = new ArrayDeque<>();
    waiting.add(failure);
    while (!waiting.isEmpty() && causes.size() < MAX_CAUSES) {
      Throwable next = waiting.remove();
      if (causes.add(next)) {
        Throwable more = next instanceof SQLException sql ? sql.getNextException() : null;
        Stream.concat(Stream.of(next.getSuppressed()), Stream.of(next.getCause(), more))
            .filter(cause -> cause != null)
            .forEach(waiting::add);
      }
    }
    return causes;
  }

  private static boolean isDatabase(Throwable cause) {
    if (cause instanceof SQLException sql) {
      String state = sql.getSQLState() == null ? "" : sql.getSQLState();
      return STATES.contains(state)
          || (state.length() == 5 && STATE_CLASSES.contains(state.substring(0, 2)))
          || (sql.getClass().getName().startsWith(H2_PACKAGE)
              && H2_CODES.contains(sql.getErrorCode()));
    }
    // H2's file, or the server's pool, which has nothing to give
    String type = cause.getClass().getName();
    return type.startsWith("org.h2.mvstore.") || type.startsWith("jakarta.resource.");
  }

  private static boolean isFull(Throwable cause) {
    if (!(cause instanceof IOException) || cause.getMessage() == null) {
      return false;
    }
    String text = cause.getMessage().toLowerCase(Locale.ROOT);
    return NO_SPACE.stream().anyMatch(text::contains);
  }

  /** Notes that something failed by it, and logs that once. */
  public void begin(Throwable failure) {
    if (this == DATABASE && causes(failure).stream().anyMatch(Outage::isFull)) {
      DISK.begin(failure); // of the embedded database
    } else if (!(this == DATABASE && DISK.isOn()) && on.compareAndSet(false, true)) {
      since = System.nanoTime();
      LOG.log(
          Level.WARNING,
          (this == DISK ? "The disk is full" : "The database can't be used")
              + ", calls that need it get 503 or 507 until it can: "
              + root(failure));
    }
  }

  private static String root(Throwable failure) {
    Throwable root = failure;
    for (int i = 0; root.getCause() != null && i < MAX_CAUSES; i++) {
      root = root.getCause();
    }
    return (failure == root ? "" : failure.getMessage() + ": ").replaceAll("\\R.*", " ")
        + String.valueOf(root).replaceAll("\\R.*", "");
  }

  /** Notes that it works again. */
  public void end() {
    if (on.get() && on.compareAndSet(true, false)) {
      until = System.nanoTime();
      long seconds = Duration.ofNanos(System.nanoTime() - since).toSeconds();
      LOG.log(
          Level.INFO,
          (this == DISK ? "The disk has space again" : "The database can be used again")
              + ", after "
              + seconds
              + " s");
    }
  }

  public boolean isOn() {
    return on.get();
  }

  /** The code of a call that fails by it. */
  public Code code() {
    return code;
  }

  /** A sentence for the client. */
  public String message() {
    return message;
  }
}
