package devfest.studio.feeds.metrics;

import devfest.studio.cluster.Cluster;
import devfest.studio.delivery.Receivers;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Published;
import devfest.studio.hub.Transport;
import devfest.studio.jobs.Workers;
import devfest.studio.stream.Traffic;
import devfest.studio.transformations.JobQueue;
import devfest.studio.transformations.Status;
import devfest.studio.transformations.Step;
import devfest.studio.transformations.Transformation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** All Prometheus metrics of this node. Safe for use from many threads. */
@ApplicationScoped
class Meters {

  private static final List<String> CLOSE_REASONS =
      List.of("lifetime", "token_expired", "revoked", "stalled", "shutdown");
  private static final List<String> OUTCOMES = List.of("completed", "failed", "cancelled");
  private static final Map<Transport, String> TRANSPORTS =
      Map.of(
          Transport.STREAM, "stream",
          Transport.TEST, "test",
          Transport.WEBSOCKET, "websocket",
          Transport.POLLING, "polling");

  /**
   * Meters whose names violate the Prometheus conventions ({@code promtool check metrics});
   * replaced by others.
   */
  private static final Set<String> MISNAMED = Set.of("process.cpu.time", "system.cpu.count");

  private static final Logger LOG = System.getLogger(Meters.class.getName());

  /** Shorter than the usual scrape timeout of ten seconds. */
  private static final long DATABASE_TIMEOUT_SECONDS = 2;

  /** Values from the database. */
  private record Stored(double lag, Map<Status, Double> jobs, Map<String, Duration> overdue) {
    static final Stored UNKNOWN = new Stored(Double.NaN, Map.of(), Map.of());

    double overdue(String kind) {
      Duration time = overdue.get(kind);
      return time == null ? Double.NaN : time.toMillis() / 1e3;
    }
  }

  @Resource private ManagedExecutorService executor;
  private final Traffic traffic;
  private final Cluster cluster;
  private final JobQueue jobs;
  private final Workers workers;
  private final Receivers receivers;
  private final Clock clock;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  private final AtomicBoolean querying = new AtomicBoolean();
  private volatile Stored stored = Stored.UNKNOWN;

  private Timer latency;
  private Timer waiting;
  private Timer working;

  @Inject
  Meters(
      Traffic traffic,
      Cluster cluster,
      JobQueue jobs,
      Workers workers,
      Receivers receivers,
      Clock clock) {
    this.traffic = traffic;
    this.cluster = cluster;
    this.jobs = jobs;
    this.workers = workers;
    this.receivers = receivers;
    this.clock = clock;
  }

  @PostConstruct
  void register() {
    registry.config().meterFilter(MeterFilter.deny(id -> MISNAMED.contains(id.getName())));
    FunctionCounter.builder("process.cpu", ProcessHandle.current(), Meters::cpuSeconds)
        .baseUnit("seconds")
        .description("CPU time used by the process")
        .register(registry);
    Gauge.builder("system.cpus", Runtime.getRuntime(), Runtime::availableProcessors)
        .description("Number of processors")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    TRANSPORTS.forEach(
        (transport, name) ->
            Gauge.builder("studio.connections", () -> traffic.connections(transport))
                .tag("transport", name)
                .description("Open connections of clients")
                .register(registry));
    FunctionCounter.builder("studio.events", traffic, Traffic::published)
        .description("Events published on this node, including transient events")
        .register(registry);
    FunctionCounter.builder("studio.deliveries", traffic, Traffic::delivered)
        .description("Frames delivered to clients")
        .register(registry);
    CLOSE_REASONS.forEach(
        reason ->
            FunctionCounter.builder("studio.streams.closed", traffic, t -> t.closed(reason))
                .tag("reason", reason)
                .description("Streams closed by the studio")
                .register(registry));
    Gauge.builder("studio.signal.connected", () -> cluster.isConnected() ? 1 : 0)
        .description("Whether messages between nodes arrive; 1 with a single node")
        .register(registry);
    messages("sent", Cluster::sent);
    messages("received", Cluster::received);
    messages("dropped", Cluster::dropped);
    for (Receivers.Kind kind : Receivers.Kind.values()) {
      for (Receivers.Result result : Receivers.Result.values()) {
        FunctionCounter.builder("studio.outgoing.requests", receivers, to -> to.count(kind, result))
            .tag("kind", kind.name().toLowerCase(Locale.ROOT))
            .tag("result", result.name().toLowerCase(Locale.ROOT))
            .description("Requests to receivers of webhooks and to push services")
            .register(registry);
      }
    }
    Gauge.builder("studio.log.lag", () -> stored.lag())
        .description("Committed events not yet published on this node")
        .register(registry);
    for (Status status : List.of(Status.QUEUED, Status.PROCESSING)) {
      Gauge.builder("studio.jobs", () -> stored.jobs().getOrDefault(status, Double.NaN))
          .tag("status", status.name().toLowerCase(Locale.ROOT))
          .description("Queued and processing transformations on all nodes")
          .register(registry);
    }
    for (String kind : workers.kinds()) {
      Gauge.builder("studio.jobs.overdue", () -> stored.overdue(kind))
          .baseUnit("seconds")
          .tag("kind", kind)
          .description("For how long a due job has waited for a place, on all nodes")
          .register(registry);
    }
    // A counter that appears with its first increment loses it in rates.
    OUTCOMES.forEach(outcome -> ended(outcome).increment(0));
    TRANSPORTS.values().forEach(this::registerClient);
    latency =
        histogram(
            "studio.event.latency",
            "Time from the append of an event to its publication on this node");
    waiting =
        histogram("studio.job.waiting", "Time from the queuing of a transformation to its start");
    working =
        histogram(
            "studio.job.working", "Time from the start of a transformation to its completion");
  }

  private void messages(String outcome, ToDoubleFunction<Cluster> count) {
    FunctionCounter.builder("studio.messages", cluster, count)
        .tag("outcome", outcome)
        .description("Messages between nodes")
        .register(registry);
  }

  private static double cpuSeconds(ProcessHandle process) {
    return process.info().totalCpuDuration().map(used -> used.toNanos() / 1e9).orElse(Double.NaN);
  }

  @PreDestroy
  void close() {
    collections.close();
    registry.close();
  }

  private Timer histogram(String name, String description, String... tags) {
    return Timer.builder(name)
        .tags(tags)
        .description(description)
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(1))
        .maximumExpectedValue(Duration.ofMinutes(1))
        .register(registry);
  }

  void published(@Observes Published published) {
    Instant now = clock.instant();
    for (LoggedEvent event : published.events()) {
      latency.record(positive(event.timestamp(), now));
    }
  }

  void step(@Observes(during = TransactionPhase.AFTER_SUCCESS) Step step) {
    Transformation job = step.transformation();
    switch (step.kind()) {
      case STARTED -> waiting.record(positive(job.queuedAt(), job.startedAt()));
      case COMPLETED -> {
        working.record(positive(job.startedAt(), job.completedAt()));
        ended("completed").increment();
      }
      case FAILED -> ended("failed").increment();
      case CANCELLED -> ended("cancelled").increment();
      default -> {
        // not measured
      }
    }
  }

  private Counter ended(String outcome) {
    return counter(
        "studio.jobs.finished", "Transformations that ended on this node", "outcome", outcome);
  }

  private void registerClient(String transport) {
    client("connections", transport, "outcome", "connected").increment(0);
    client("connections", transport, "outcome", "failed").increment(0);
    client("reconnections", transport).increment(0);
    client("errors", transport).increment(0);
  }

  /** Adds the statistics of a client. */
  void report(ClientReport report) {
    String transport = report.transport();
    client("connections", transport, "outcome", "connected").increment(report.connected());
    client("connections", transport, "outcome", "failed").increment(report.failed());
    client("reconnections", transport).increment(report.reconnections());
    client("errors", transport).increment(report.errors());
    Timer latencies =
        histogram(
            "studio.client.latency",
            "Time from an update to its delivery, as reported by clients",
            "transport",
            transport);
    report.latencies().forEach(millis -> latencies.record(Duration.ofMillis(millis)));
  }

  private Counter client(String what, String transport, String... tags) {
    String[] all = new String[tags.length + 2];
    all[0] = "transport";
    all[1] = transport;
    System.arraycopy(tags, 0, all, 2, tags.length);
    return counter("studio.client." + what, "Reported by clients", all);
  }

  private Counter counter(String name, String description, String... tags) {
    return Counter.builder(name).tags(tags).description(description).register(registry);
  }

  private static Duration positive(@Nullable Instant from, @Nullable Instant to) {
    Duration time = from == null || to == null ? Duration.ZERO : Duration.between(from, to);
    return time.isNegative() ? Duration.ZERO : time;
  }

  /**
   * Returns all metrics in the Prometheus text format. Values that the database does not return in
   * time are NaN.
   */
  String text() {
    stored = queryDatabase();
    return registry.scrape();
  }

  private Stored queryDatabase() {
    if (!querying.compareAndSet(false, true)) {
      return Stored.UNKNOWN; // the previous query is still waiting
    }
    CompletableFuture<Stored> result = new CompletableFuture<>();
    try {
      executor.execute(
          () -> {
            try {
              Map<Status, Double> counts =
                  Map.of(
                      Status.QUEUED, (double) jobs.count(Status.QUEUED),
                      Status.PROCESSING, (double) jobs.count(Status.PROCESSING));
              result.complete(new Stored(traffic.lag(), counts, workers.overdue()));
            } catch (RuntimeException e) {
              result.completeExceptionally(e);
            } finally {
              querying.set(false);
            }
          });
      return result.get(DATABASE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      querying.set(false);
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.DEBUG, "The database did not return the metrics", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Stored.UNKNOWN;
  }
}
