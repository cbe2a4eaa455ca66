package devfest.studio.http;

import devfest.studio.base.UnavailableException;
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
 * A resource that may be unavailable for a while. The log has one line when an outage begins and
 * one when it ends, however many calls fail in between. Thread-safe.
 *
 * <p>The instances are static because pooled connections, which the server creates without CDI,
 * report outages.
 */
public final class Outage {

  /** The database is not reachable, closes its connections or cannot write. */
  public static final Outage DATABASE =
      new Outage(
          Code.UNAVAILABLE,
          "The database is not available at the moment. Try again later.",
          "The database cannot be used",
          "The database can be used again");

  /** A file cannot be written because the disk is full. */
  public static final Outage DISK =
      new Outage(
          Code.INSUFFICIENT_STORAGE,
          "The server has no space left to store this. Try again later.",
          "The disk is full",
          "The disk has space again");

  /** The file store is not reachable, refuses access or is not the right one. */
  public static final Outage STORE =
      new Outage(
          Code.UNAVAILABLE,
          "The file store is not available at the moment. Try again later.",
          "The file store cannot be used",
          "The file store can be used again");

  /** The Retry-After of failed calls: a database restarts in a few seconds. */
  public static final Duration PAUSE = Duration.ofSeconds(2);

  private static final Logger LOG = System.getLogger(Outage.class.getName());

  /** Limit for walking the causes: far above real chains; ends cyclic ones. */
  private static final int MAX_CAUSES = 100;

  /**
   * SQLSTATE classes: connection exception, insufficient resources, and PostgreSQL's system error.
   */
  private static final Set<String> STATE_CLASSES = Set.of("08", "53", "58");

  /** PostgreSQL is stopping, has crashed or is starting; or it became a standby in a failover. */
  private static final Set<String> STATES = Set.of("57P01", "57P02", "57P03", "57P05", "25006");

  /**
   * H2's error codes for a closed object, I/O errors, locked files, and a broken or closed
   * database.
   */
  private static final Set<Integer> H2_CODES =
      Set.of(90007, 90020, 90028, 90031, 90067, 90098, 90121);

  private static final String H2_PACKAGE = "org.h2.";

  private static final Set<String> NO_SPACE =
      Set.of("no space left", "quota exceeded", "not enough space", "disk full");

  /** A failure may surface up to this long after the outage that caused it has ended. */
  private static final long ECHO_NANOS = Duration.ofSeconds(1).toNanos();

  private final Code code;
  private final String message;
  private final String beginning;
  private final String ending;
  private final AtomicBoolean on = new AtomicBoolean();
  private volatile long since;
  private volatile long until = System.nanoTime() - ECHO_NANOS;

  private Outage(Code code, String message, String beginning, String ending) {
    this.code = code;
    this.message = message;
    this.beginning = beginning;
    this.ending = ending;
  }

  /** Finds the outage that made a call fail among the causes of its exception. */
  public static Optional<Outage> of(Throwable failure) {
    boolean full = false;
    boolean database = false;
    boolean store = false;
    for (Throwable cause : causes(failure)) {
      full |= isFull(cause);
      database |= isDatabase(cause);
      store |= cause instanceof UnavailableException;
    }
    if (database) {
      return Optional.of(DATABASE);
    }
    if (store) {
      return Optional.of(STORE);
    }
    return full ? Optional.of(DISK) : Optional.empty();
  }

  /**
   * Finds the outage that probably made a call fail. Exceptions of transactions do not always have
   * the cause; without it, a current or very recent outage is assumed to be the cause.
   */
  public static Optional<Outage> behind(Throwable failure) {
    Optional<Outage> cause = of(failure);
    boolean near = DATABASE.isNear() || DISK.isNear();
    return cause.isPresent() || !near ? cause : Optional.of(DATABASE);
  }

  private boolean isNear() {
    return on.get() || System.nanoTime() - until < ECHO_NANOS;
  }

  /** Whether the connection is unusable after this failure. */
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
        Stream<Throwable> suppressed = Stream.of(next.getSuppressed()).limit(MAX_CAUSES);
        Stream.concat(Stream.of(next.getCause(), more), suppressed)
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
    // H2's file store, or the server's pool, which has no connection
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

  /** Begins the outage, unless it has already begun, and logs the failure that reported it. */
  public void begin(Throwable failure) {
    if (this == DATABASE && causes(failure).stream().anyMatch(Outage::isFull)) {
      DISK.begin(failure); // reported by the embedded database
    } else if (!(this == DATABASE && DISK.isOn()) && on.compareAndSet(false, true)) {
      since = System.nanoTime();
      LOG.log(
          Level.WARNING,
          beginning
              + "; calls that need it fail with 503 or 507 until the outage ends: "
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

  /** Ends the outage, if one has begun, and logs its duration. */
  public void end() {
    if (on.get() && on.compareAndSet(true, false)) {
      until = System.nanoTime();
      long seconds = Duration.ofNanos(System.nanoTime() - since).toSeconds();
      LOG.log(Level.INFO, ending + ", after " + seconds + " s");
    }
  }

  public boolean isOn() {
    return on.get();
  }

  /** Returns the code of calls that fail because of this outage. */
  public Code code() {
    return code;
  }

  /** Returns the message for the client. */
  public String message() {
    return message;
  }
}
