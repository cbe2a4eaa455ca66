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

/**
 * Starts and stops the parts of the application. At a stop the streams end first, so that their
 * clients reconnect to another node, then the jobs.
 */
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
public class Studio {

  private static final Logger LOG = System.getLogger(Studio.class.getName());

  /** Maximum pause between two prunings: keeps transactions short. */
  private static final Duration PRUNING_AT_MOST = Duration.ofMinutes(10);

  /** Minimum pause between two prunings: prevents a busy loop with a retention of seconds. */
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
  private final Thread shutdownHook = new Thread(this::stopOnce, "studio-shutdown");
  private @Nullable GrizzlyGate gate;
  private @Nullable ScheduledFuture<?> gateTask;
  private ScheduledFuture<?> pruningTask;
  private ScheduledFuture<?> diskTask;
  private boolean stopped;

  @PostConstruct
  void start() {
    if (has("org.glassfish.grizzly.http.server.HttpHandler")) {
      gate = new GrizzlyGate(links::contextPath, origins.unproxied(), engine::isRunning);
      gate.run();
      gateTask = scheduler.scheduleWithFixedDelay(gate, 500, 500, TimeUnit.MILLISECONDS);
    } else if (onUndertow()) {
      UndertowGate.OURS.allow(origins.unproxied());
    }
    FailingFast.connect(); // not every server has opened the persistence unit yet
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
      if (gate != null && gateTask != null) {
        gateTask.cancel(false);
        gate.remove();
      } else if (onUndertow()) {
        UndertowGate.OURS.remove();
      }
      throw FailedStart.of(e);
    }
    long every = pruningInterval().toMillis();
    pruningTask =
        scheduler.scheduleWithFixedDelay(this::prune, every, every, TimeUnit.MILLISECONDS);
    diskTask = scheduler.scheduleWithFixedDelay(this::checkDisk, 1, 1, TimeUnit.SECONDS);
    quiet.install();
    threads.newThread(tokens::fetchKeys).start(); // blocks while it waits for the issuers
    Runtime.getRuntime().addShutdownHook(shutdownHook);
    if (devMode.on()) {
      threads.newThread(banner::print).start(); // blocks until the studio responds
    }
  }

  private static boolean onUndertow() {
    return has("io.undertow.server.HttpHandler");
  }

  /** Detects the server before {@link GrizzlyGate} or {@link UndertowGate} is loaded. */
  private static boolean has(String type) {
    try {
      Class.forName(type, false, Studio.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Returns a tenth of the retention, within the bounds above. */
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
        LOG.log(Level.DEBUG, "Pruned old events; more remain");
      }
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING, "Old events and replies could not be pruned; the next run tries again", e);
    }
  }

  /** Detects the end of a full disk. The connections detect the end of a database outage. */
  private void checkDisk() {
    if (Outage.DISK.isOn()) {
      checks.run();
    }
  }

  /**
   * Closes all streams and stops the background work, once. On a signal, a shutdown hook calls this
   * immediately, while the server still has everything that streams need; the server's own stop
   * waits for the hook.
   */
  private synchronized void stopOnce() {
    if (stopped) {
      return;
    }
    stopped = true;
    if (gate != null && isJvmStopping()) {
      gate.close();
    }
    diskTask.cancel(false);
    pruningTask.cancel(false);
    engine.stop();
    workers.stop();
  }

  /** Whether the JVM is shutting down. If it is not, removes the shutdown hook. */
  private boolean isJvmStopping() {
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  @PreDestroy
  void stop() {
    stopOnce();
    if (isJvmStopping()) {
      return;
    }
    quiet.remove();
    if (gate != null && gateTask != null) {
      gateTask.cancel(false);
      gate.remove();
    } else if (onUndertow()) {
      UndertowGate.OURS.remove();
    }
  }
}
