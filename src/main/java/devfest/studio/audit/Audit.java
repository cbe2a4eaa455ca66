package devfest.studio.audit;

import devfest.studio.cluster.Cluster;
import devfest.studio.http.Cursor;
import devfest.studio.http.Outage;
import devfest.studio.http.Proxies;
import devfest.studio.http.Sender;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Records who did what, from where, with which outcome: a line in the log of the name {@value #LOG}
 * and a row that admins can read. Call it after the action, outside of its transaction. It never
 * throws: without the database there is only the line. Safe for use from many threads.
 */
@ApplicationScoped
public class Audit {

  /** The name of the logger. */
  public static final String LOG = "devfest.studio.audit";

  /** Replaces the id of an erased user. */
  public static final String ERASED = "erased";

  private static final Logger TRAIL = System.getLogger(LOG);
  private static final Logger FAULTS = System.getLogger(Audit.class.getName());

  private final AuditRows rows;
  private final Cluster cluster;
  private final Proxies proxies;
  private final Provider<HttpServletRequest> request;
  private final Sender sender;
  private final Clock clock;
  private final Repeats repeats = new Repeats();

  @Inject
  Audit(
      AuditRows rows,
      Cluster cluster,
      Proxies proxies,
      Provider<HttpServletRequest> request,
      Sender sender,
      Clock clock) {
    this.rows = rows;
    this.cluster = cluster;
    this.proxies = proxies;
    this.request = request;
    this.sender = sender;
    this.clock = clock;
  }

  /**
   * Records an action; the address is that of the current request. Equal refusals within a minute
   * are one row with a count.
   *
   * @param user null without a valid token
   * @param target what it was done to: an id, never a token or a text that a user wrote; null for
   *     nothing
   */
  public void record(
      @Nullable String user, Action action, @Nullable String target, Outcome outcome) {
    Act act = new Act(user, action, target, outcome, address());
    Instant now = clock.instant();
    if (outcome == Outcome.REFUSED) {
      repeats.add(act, now).ifPresent(first -> add(first.id(), now, first.act()));
    } else {
      add(UUID.randomUUID().toString(), now, act);
    }
  }

  /**
   * Records that an admin has done something to a thing of another user. Does nothing if the thing
   * is the caller's own or has no owner.
   */
  public void recordForeign(
      @Nullable String user, @Nullable String owner, Action action, String target) {
    if (owner != null && !owner.equals(user)) {
      record(user, action, target, Outcome.DONE);
    }
  }

  private void add(String id, Instant now, Act act) {
    TRAIL.log(Level.INFO, act.line(1));
    try {
      rows.add(new AuditRow(id, now, cluster.name(), act));
    } catch (RuntimeException e) {
      report(e);
    }
  }

  private @Nullable String address() {
    try {
      String address = sender.address();
      return address == null ? proxies.client(request.get()) : address;
    } catch (ContextNotActiveException | IllegalStateException e) {
      return null; // no request: the studio itself
    }
  }

  /** Writes the repetitions of this node that are not in the trail yet. Called regularly. */
  public void flush() {
    List<Repeats.Counted> repeated = repeats.take(clock.instant());
    if (repeated.isEmpty()) {
      return;
    }
    repeated.forEach(each -> TRAIL.log(Level.INFO, each.act().line(each.more())));
    try {
      rows.count(repeated);
    } catch (RuntimeException e) {
      report(e);
    }
  }

  private static void report(RuntimeException e) {
    Level level = Outage.behind(e).isPresent() ? Level.DEBUG : Level.WARNING;
    FAULTS.log(level, "A row of the audit trail could not be written. The log has it.", e);
  }

  /** Returns rows, newest first. */
  public List<AuditRow> newest(
      Optional<String> user, Optional<Action> action, Cursor after, int limit) {
    return rows.page(user, action, after, limit);
  }

  /**
   * Makes the rows of a user anonymous: the id becomes {@value #ERASED} wherever it is, and the
   * addresses are removed. Joins the transaction of the caller. The log keeps its lines.
   */
  public void erase(String userId) {
    int ignored = rows.erase(userId, ERASED);
  }

  /** Deletes the rows that were recorded before an instant. */
  public void prune(Instant before) {
    rows.prune(before);
  }
}
