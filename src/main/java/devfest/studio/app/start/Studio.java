package devfest.studio.app.start;

import devfest.studio.app.database.Capacity;
import devfest.studio.app.database.DatabaseClock;
import devfest.studio.app.database.DatabaseSettings;
import devfest.studio.app.database.Schema;
import devfest.studio.app.database.StudioDataSource;
import devfest.studio.app.health.Checks;
import devfest.studio.app.http.Entrance;
import devfest.studio.app.http.Front;
import devfest.studio.app.server.GrizzlyGate;
import devfest.studio.app.server.QuietLog;
import devfest.studio.app.server.UndertowBodies;
import devfest.studio.app.server.UndertowGate;
import devfest.studio.app.transfer.Arrivals;
import devfest.studio.audit.Audit;
import devfest.studio.blobs.BlobStore;
import devfest.studio.blobs.StoreRefusedException;
import devfest.studio.cluster.Cluster;
import devfest.studio.cluster.ClusterSettings;
import devfest.studio.cluster.Membership;
import devfest.studio.cluster.Rates;
import devfest.studio.cluster.Reservations;
import devfest.studio.cluster.Signal;
import devfest.studio.events.ReservedTypes;
import devfest.studio.http.Links;
import devfest.studio.http.Outage;
import devfest.studio.idempotency.Replies;
import devfest.studio.images.Styles;
import devfest.studio.jobs.Workers;
import devfest.studio.log.EventLog;
import devfest.studio.log.LogSettings;
import devfest.studio.log.Retention;
import devfest.studio.log.Turn;
import devfest.studio.push.PushWaker;
import devfest.studio.security.DevMode;
import devfest.studio.security.OidcSettings;
import devfest.studio.security.Origins;
import devfest.studio.security.Revocations;
import devfest.studio.security.Sessions;
import devfest.studio.security.Tickets;
import devfest.studio.security.Tokens;
import devfest.studio.stream.Revoker;
import devfest.studio.stream.StreamEngine;
import devfest.studio.stream.StreamSettings;
import devfest.studio.transformations.Engines;
import devfest.studio.transformations.Reveal;
import devfest.studio.webhooks.Waker;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

  /**
   * Pause between two measurements of the database's time, in which quartz clocks drift by less
   * than a millisecond and PostgreSQL may fail over to a machine with another time.
   */
  private static final Duration MEASURING = Duration.ofSeconds(10);

  /**
   * How much longer than its time a drain may take; a blocked database must not prevent the stop.
   */
  private static final Duration DRAIN_MARGIN = Duration.ofSeconds(5);

  @Resource(lookup = "java:app/jdbc/studio")
  private DataSource database;

  @Resource private ContextService contexts;
  @Resource private ManagedThreadFactory threads;
  @Resource private ManagedScheduledExecutorService scheduler;

  @Inject private Entrance entrance;
  @Inject private Arrivals arrivals;
  @Inject private EventLog log;
  @Inject @Any private Instance<ReservedTypes> reserved;
  @Inject private Retention retention;
  @Inject private Reveal reveal;
  @Inject private Turn turn;
  @Inject private Replies replies;
  @Inject private DatabaseSettings databaseSettings;
  @Inject private ClusterSettings clusterSettings;
  @Inject private Cluster cluster;
  @Inject private Membership membership;
  @Inject private StreamEngine engine;
  @Inject private StreamSettings streamSettings;
  @Inject private Revoker revoker;
  @Inject private Engines engines;
  @Inject private Workers workers;
  @Inject private Waker waker;
  @Inject private PushWaker pushWaker;
  @Inject private Tokens tokens;
  @Inject private Tickets tickets;
  @Inject private Sessions sessions;
  @Inject private Revocations revocations;
  @Inject private Audit audit;
  @Inject private Rates rates;
  @Inject private Reservations reservations;
  @Inject private DevMode devMode;
  @Inject private OidcSettings oidc;
  @Inject private Banner banner;
  @Inject private DatabaseClock clock;
  @Inject private Checks checks;
  @Inject private BlobStore store;
  @Inject private DataDirectory dataDirectory;

  @Inject private LogSettings settings;

  @Inject private Links links;
  @Inject private Origins origins;

  private final QuietLog quiet = new QuietLog();
  private final Thread shutdownHook = new Thread(this::stopOnce, "studio-shutdown");
  private @Nullable GrizzlyGate gate;
  private @Nullable ScheduledFuture<?> gateTask;
  private ScheduledFuture<?> pruningTask;
  private ScheduledFuture<?> storageTask;
  private ScheduledFuture<?> clockTask;
  private ScheduledFuture<?> revealTask;
  private ScheduledFuture<?> auditTask;
  private Optional<TermSignal> termSignal = Optional.empty();
  private boolean stopped;

  /** Whether requests on open connections are refused, too. */
  private volatile boolean stopping;

  @PostConstruct
  void start() {
    arrivals.start(scheduler);
    Front front = contexts.createContextualProxy(entrance, Front.class);
    if (has("org.glassfish.grizzly.http.server.HttpHandler")) {
      gate =
          new GrizzlyGate(
              links::contextPath, origins.unproxied(), this::isServing, front, arrivals, scheduler);
      gate.run();
      gateTask = scheduler.scheduleWithFixedDelay(gate, 500, 500, TimeUnit.MILLISECONDS);
    } else if (onUndertow()) {
      UndertowGate.OURS.allow(origins.unproxied());
      UndertowBodies.OURS.open(front, arrivals, origins.unproxied());
    }
    FailingFast.connect(); // not every server has opened the persistence unit yet
    try {
      tokens
          .fault()
          .ifPresent(fault -> LOG.log(Level.WARNING, fault + ": only anonymous calls will work"));
      untrustedProvider().ifPresent(warning -> LOG.log(Level.WARNING, warning));
      engines.check(Styles.builtIn());
      dataDirectory.restrict();
      Schema.migrate(new StudioDataSource().unpooled());
      Capacity.warning(databaseSettings, database)
          .ifPresent(warning -> LOG.log(Level.WARNING, warning));
      clock.measure(database);
      checkStore();
      log.open(settings.newOrigin());
      log.reserve(reserved.stream().flatMap(types -> types.patterns().stream()).toList());
      dataDirectory.restrict(); // again, for what the start has created
      Signal signal = signal(); // may fail, so before anything runs
      membership.start(threads);
      revoker.load();
      engine.start(threads);
      revoker.start();
      cluster.start(threads, signal);
      workers.start(threads);
      waker.start();
      pushWaker.start();
    } catch (RuntimeException | SQLException e) {
      stopStarted();
      if (gate != null && gateTask != null) {
        gateTask.cancel(false);
        gate.remove();
      } else if (onUndertow()) {
        UndertowBodies.OURS.close();
        UndertowGate.OURS.remove();
      }
      new StudioDataSource().close();
      throw FailedStart.of(e);
    }
    long every = pruningInterval().toMillis();
    pruningTask =
        scheduler.scheduleWithFixedDelay(this::prune, every, every, TimeUnit.MILLISECONDS);
    storageTask = scheduler.scheduleWithFixedDelay(this::checkStorage, 1, 1, TimeUnit.SECONDS);
    long pause = MEASURING.toSeconds();
    clockTask = scheduler.scheduleWithFixedDelay(this::measureTime, pause, pause, TimeUnit.SECONDS);
    revealTask = scheduler.scheduleWithFixedDelay(reveal::sweep, 0, 1, TimeUnit.MINUTES);
    auditTask = scheduler.scheduleWithFixedDelay(audit::flush, pause, pause, TimeUnit.SECONDS);
    quiet.install();
    threads.newThread(tokens::fetchKeys).start(); // blocks while it waits for the issuers
    Runtime.getRuntime().addShutdownHook(shutdownHook);
    termSignal = TermSignal.before(this::prepareStop);
    if (devMode.on()) {
      threads.newThread(banner::print).start(); // blocks until the studio responds
    }
  }

  private Signal signal() {
    return Signal.of(
        clusterSettings,
        databaseSettings.url(),
        databaseSettings.user(),
        databaseSettings.password().orElse(""),
        cluster.name());
  }

  /**
   * Fails the start if the store refuses access, because a setting is wrong then. A store that is
   * unavailable for a while, or is not the one of the database, does not: health reports it.
   */
  private void checkStore() {
    try {
      store.check();
    } catch (StoreRefusedException e) {
      throw new UncheckedIOException("The S3 store of the settings studio.s3.* refuses access", e);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The store cannot be used at the start", e);
    }
  }

  /** Stops what a failed start has started. Some servers keep running without the application. */
  private void stopStarted() {
    List<Runnable> parts = List.of(workers::stop, engine::stop, membership::stop, cluster::stop);
    for (Runnable part : parts) {
      try {
        part.run();
      } catch (RuntimeException e) {
        LOG.log(Level.DEBUG, "A part was not started", e);
      }
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

  /** Returns a warning if the studio may refuse the tokens with which the page signs in. */
  private Optional<String> untrustedProvider() {
    return oidc.provider()
        .map(OidcSettings.Provider::issuer)
        .filter(issuer -> !tokens.issuers().contains(issuer))
        .map(
            issuer ->
                "studio.oidc.issuer is '"
                    + issuer
                    + "', but neither mp.jwt.verify.issuer nor studio.jwt.issuers contains it:"
                    + " unless the access tokens name another issuer, users cannot sign in");
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
    dataDirectory.restrict();
    try {
      boolean ignored = turn.take(this::pruneAllButTheLog);
      while (turn.take(() -> retention.prune(clock.instant().minus(settings.retention())))) {
        LOG.log(Level.DEBUG, "Pruned old events; more remain");
      }
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING, "Old events and replies could not be pruned; the next run tries again", e);
    }
  }

  private void measureTime() {
    try {
      clock.measure(database);
    } catch (SQLException | RuntimeException e) {
      LOG.log(
          Level.DEBUG, "The database's time could not be measured; the next run tries again", e);
    }
  }

  private boolean pruneAllButTheLog() {
    replies.prune();
    tickets.prune();
    sessions.prune();
    revocations.prune();
    audit.prune(clock.instant().minus(settings.retention()));
    rates.prune();
    reservations.prune();
    return false;
  }

  /**
   * Detects the end of a full disk and of an outage of the store. The connections detect the end of
   * a database outage.
   */
  private void checkStorage() {
    if (Outage.DISK.isOn() || Outage.STORE.isOn()) {
      checks.run();
    }
  }

  private boolean isServing() {
    return engine.isRunning() && !stopping;
  }

  /**
   * Drains on a thread of the server, because the signal's own thread has no access to it. Then
   * closes the gate, before the server's own hook stops the application behind it.
   */
  private void prepareStop() {
    Thread draining = threads.newThread(this::drain);
    draining.start();
    try {
      draining.join(streamSettings.drain().plus(DRAIN_MARGIN).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stopping = true;
    if (gate != null) {
      gate.close();
    }
  }

  /**
   * If other nodes are alive, moves the streams' clients to them before this node stops. Meanwhile
   * the health check fails, and other requests are served.
   */
  private void drain() {
    if (membership.hasOthers()) {
      LOG.log(Level.INFO, "This node drains for " + streamSettings.drain() + " before it stops");
      engine.drain(streamSettings.drain());
      membership.stop(); // the shutdown hook may have no access to the database
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
    storageTask.cancel(false);
    clockTask.cancel(false);
    revealTask.cancel(false);
    auditTask.cancel(false);
    pruningTask.cancel(false);
    engine.stop();
    workers.stop();
    membership.stop();
    cluster.stop();
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
    new StudioDataSource().close(); // a later deployment in this process opens the same H2 file
    if (isJvmStopping()) {
      return;
    }
    quiet.remove();
    termSignal.ifPresent(TermSignal::remove);
    if (gate != null && gateTask != null) {
      gateTask.cancel(false);
      gate.remove();
    } else if (onUndertow()) {
      UndertowBodies.OURS.close();
      UndertowGate.OURS.remove();
    }
  }
}
