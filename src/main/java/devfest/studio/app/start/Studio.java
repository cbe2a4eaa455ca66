package devfest.studio.app.start;

import devfest.studio.app.database.Schema;
import devfest.studio.app.health.Checks;
import devfest.studio.app.server.GrizzlyGate;
import devfest.studio.app.server.QuietLog;
import devfest.studio.app.server.UndertowGate;
import devfest.studio.http.Links;
import devfest.studio.http.Outage;
import devfest.studio.idempotency.Replies;
import devfest.studio.images.Styles;
import devfest.studio.jobs.Workers;
import devfest.studio.log.EventLog;
import devfest.studio.log.LogSettings;
import devfest.studio.log.Retention;
import devfest.studio.security.DevMode;
import devfest.studio.security.Origins;
import devfest.studio.security.Sessions;
import devfest.studio.security.Tickets;
import devfest.studio.security.Tokens;
import devfest.studio.stream.StreamEngine;
import devfest.studio.transformations.Engines;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What starts with the application and stops with it, in this order and back. */
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
public class Studio {

  private static final Logger LOG = System.getLogger(Studio.class.getName());

  /** Bounds of the pause between two prunings: no long transactions, and no busy loop in tests. */
  private static final Duration PRUNING_AT_MOST = Duration.ofMinutes(10);

  private static final Duration PRUNING_AT_LEAST = Duration.ofSeconds(1);

  @Resource(lookup = "java:app/jdbc/studio")
  private DataSource database;

  @Resource private ManagedThreadFactory threads;
  @Resource private ManagedScheduledExecutorService scheduler;

  @Inject private EventLog log;
  @Inject private Retention retention;
  @Inject private Replies replies;
  @Inject private StreamEngine engine;
  @Inject private Engines engines;
  @Inject private Workers workers;
  @Inject private Tokens tokens;
  @Inject private Tickets tickets;
  @Inject private Sessions sessions;
  @Inject private DevMode devMode;
  @Inject private Banner banner;
  @Inject private Clock clock;
  @Inject private Checks checks;

  @Inject private LogSettings settings;

  @Inject private Links links;
  @Inject private Origins origins;

  private final QuietLog quiet = new QuietLog();
  private final Thread farewell = new Thread(this::leave, "studio-farewell");
  private @Nullable GrizzlyGate gate;
  private @Nullable ScheduledFuture<?> gating;
  private ScheduledFuture<?> pruning;
  private ScheduledFuture<?> watching;
  private boolean left;

  @PostConstruct
  void start() {
    if (has("org.glassfish.grizzly.http.server.HttpHandler")) {
      gate = new GrizzlyGate(links::contextPath, origins.unproxied(), engine::isRunning);
      gate.run();
      gating = scheduler.scheduleWithFixedDelay(gate, 500, 500, TimeUnit.MILLISECONDS);
    } else if (onUndertow()) {
      UndertowGate.OURS.allow(origins.unproxied());
    }
    FailingFast.connect(); // not every server opens the persistence unit by now
    try {
      tokens
          .fault()
          .ifPresent(fault -> LOG.log(Level.WARNING, fault + ": only anonymous calls will work"));
      engines.check(Styles.builtIn());
      Schema.migrate(database);
      log.open(settings.newOrigin());
      engine.start(threads);
      workers.start(threads);
    } catch (RuntimeException e) {
      if (gate != null && gating != null) {
        gating.cancel(false);
        gate.remove();
      }
      throw FailedStart.of(e);
    }
    long every = pruningInterval().toMillis();
    pruning = scheduler.scheduleWithFixedDelay(this::prune, every, every, TimeUnit.MILLISECONDS);
    watching = scheduler.scheduleWithFixedDelay(this::watch, 1, 1, TimeUnit.SECONDS);
    quiet.install();
    threads.newThread(tokens::fetchKeys).start(); // which may wait for the issuers
    Runtime.getRuntime().addShutdownHook(farewell);
    if (devMode.on()) {
      threads.newThread(banner::print).start(); // which may wait long
    }
  }

  private static boolean onUndertow() {
    return has("io.undertow.server.HttpHandler");
  }

  /** Asked before {@link GrizzlyGate} or {@link UndertowGate}, which load on one server each. */
  private static boolean has(String type) {
    try {
      Class.forName(type, false, Studio.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** A tenth of the retention, within reason. */
  private Duration pruningInterval() {
    Duration tenth = settings.retention().dividedBy(10);
    if (tenth.compareTo(PRUNING_AT_MOST) > 0) {
      return PRUNING_AT_MOST;
    }
    return tenth.compareTo(PRUNING_AT_LEAST) < 0 ? PRUNING_AT_LEAST : tenth;
  }

  private void prune() {
    try {
      replies.prune();
      tickets.prune();
      sessions.prune();
      while (retention.prune(clock.instant().minus(settings.retention()))) {
        LOG.log(Level.DEBUG, "Removed old events, goes on");
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Old events and answers could not be removed, tries again", e);
    }
  }

  /** Looks whether the disk has space again; the database shows it by itself. */
  private void watch() {
    if (Outage.DISK.isOn()) {
      checks.run();
    }
  }

  /**
   * Closes all streams, once. At a signal a thread of the JVM does it at once, while the server
   * still has everything that streams need; the server's own stop waits for it.
   */
  private synchronized void leave() {
    if (left) {
      return;
    }
    left = true;
    if (gate != null && stopping()) {
      gate.close();
    }
    watching.cancel(false);
    pruning.cancel(false);
    engine.stop();
    workers.stop();
  }

  /** Whether the JVM ends, not the application alone. */
  private boolean stopping() {
    try {
      Runtime.getRuntime().removeShutdownHook(farewell);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  @PreDestroy
  void stop() {
    leave();
    boolean alone = !stopping();
    if (!alone) {
      return;
    }
    quiet.remove();
    if (gate != null && gating != null) {
      gating.cancel(false);
      gate.remove();
    } else if (onUndertow()) {
      UndertowGate.OURS.remove();
    }
  }
}
