package devfest.studio.feeds.metrics;

import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Published;
import devfest.studio.hub.Transport;
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
import org.jspecify.annotations.Nullable;

/** Everything that is measured, for a scraper. Safe for use from many threads. */
@ApplicationScoped
class Meters {

  private static final List<String> CLOSINGS =
      List.of("lifetime", "token_expired", "revoked", "stalled", "shutdown");
  private static final Map<Transport, String> TRANSPORTS =
      Map.of(
          Transport.STREAM, "stream",
          Transport.WEBSOCKET, "websocket",
          Transport.POLLING, "polling");

  /** Their names break rules of Prometheus (promtool check metrics); others stand for them. */
  private static final Set<String> MISNAMED = Set.of("process.cpu.time", "system.cpu.count");

  private static final Logger LOG = System.getLogger(Meters.class.getName());
  private static final long PATIENCE_SECONDS = 2;

  /** What the database says. */
  private record Stored(double lag, Map<Status, Double> jobs) {
    static final Stored UNKNOWN = new Stored(Double.NaN, Map.of());
  }

  @Resource private ManagedExecutorService executor;
  private final Traffic traffic;
  private final JobQueue jobs;
  private final Clock clock;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Stored stored = Stored.UNKNOWN;

  private Timer latency;
  private Timer waiting;
  private Timer working;

  @Inject
  Meters(Traffic traffic, JobQueue jobs, Clock clock) {
    this.traffic = traffic;
    this.jobs = jobs;
    this.clock = clock;
  }

  @PostConstruct
  void register() {
    registry.config().meterFilter(MeterFilter.deny(id -> MISNAMED.contains(id.getName())));
    FunctionCounter.builder("process.cpu", ProcessHandle.current(), Meters::cpuSeconds)
        .baseUnit("seconds")
        .description("CPU time that the process has used")
        .register(registry);
    Gauge.builder("system.cpus", Runtime.getRuntime(), Runtime::availableProcessors)
        .description("Processors of the machine")
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
                .description("Open connections of readers")
                .register(registry));
    FunctionCounter.builder("studio.events", traffic, Traffic::published)
        .description("Events that were told on this node, passing ones too")
        .register(registry);
    FunctionCounter.builder("studio.deliveries", traffic, Traffic::delivered)
        .description("Frames that were given to readers")
        .register(registry);
    CLOSINGS.forEach(
        reason ->
            FunctionCounter.builder("studio.streams.closed", traffic, t -> t.closed(reason))
                .tag("reason", reason)
                .description("Streams that the studio has ended")
                .register(registry));
    Gauge.builder("studio.log.lag", () -> stored.lag())
        .description("Events that are committed and were not told on this node yet")
        .register(registry);
    for (Status status : List.of(Status.QUEUED, Status.PROCESSING)) {
      Gauge.builder("studio.jobs", () -> stored.jobs().getOrDefault(status, Double.NaN))
          .tag("status", status.name().toLowerCase(Locale.ROOT))
          .description("Transformations that wait or are worked on, on all nodes")
          .register(registry);
    }
    latency = histogram("studio.event.latency", "From an event's append to its telling here");
    waiting = histogram("studio.job.waiting", "From the order of a transformation to its start");
    working = histogram("studio.job.working", "From the start of a transformation to its end");
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

  void told(@Observes Published published) {
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
        finished("completed");
      }
      case FAILED -> finished("failed");
      case CANCELLED -> finished("cancelled");
      default -> {
        // not measured
      }
    }
  }

  private void finished(String outcome) {
    counter("studio.jobs.finished", "Transformations that ended here", "outcome", outcome)
        .increment();
  }

  /** Notes what a client tells of how it gets on. */
  void report(ClientReport.Counts report) {
    String way = report.transport();
    client("connections", way, "outcome", "connected").increment(report.connected());
    client("connections", way, "outcome", "failed").increment(report.failed());
    client("reconnections", way).increment(report.reconnections());
    client("errors", way).increment(report.errors());
    Timer latencies =
        histogram("studio.client.latency", "From an update to its reader", "transport", way);
    report.latencies().forEach(millis -> latencies.record(Duration.ofMillis(millis)));
  }

  private Counter client(String what, String way, String... tags) {
    String[] all = new String[tags.length + 2];
    all[0] = "transport";
    all[1] = way;
    System.arraycopy(tags, 0, all, 2, tags.length);
    return counter("studio.client." + what, "As clients tell it", all);
  }

  private Counter counter(String name, String description, String... tags) {
    return Counter.builder(name).tags(tags).description(description).register(registry);
  }

  private static Duration positive(@Nullable Instant from, @Nullable Instant to) {
    Duration time = from == null || to == null ? Duration.ZERO : Duration.between(from, to);
    return time.isNegative() ? Duration.ZERO : time;
  }

  /** All of it in the Prometheus text format; what the database does not tell in time is NaN. */
  String text() {
    stored = ask();
    return registry.scrape();
  }

  private Stored ask() {
    if (!asking.compareAndSet(false, true)) {
      return Stored.UNKNOWN; // the one before still waits
    }
    CompletableFuture<Stored> answer = new CompletableFuture<>();
    try {
      executor.execute(
          () -> {
            try {
              Map<Status, Double> counts =
                  Map.of(
                      Status.QUEUED, (double) jobs.count(Status.QUEUED),
                      Status.PROCESSING, (double) jobs.count(Status.PROCESSING));
              answer.complete(new Stored(traffic.lag(), counts));
            } catch (RuntimeException e) {
              answer.completeExceptionally(e);
            } finally {
              asking.set(false);
            }
          });
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      asking.set(false);
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.DEBUG, "The database did not tell", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Stored.UNKNOWN;
  }
}
