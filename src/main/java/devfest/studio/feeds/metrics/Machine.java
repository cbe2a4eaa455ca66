package devfest.studio.feeds.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.stream.Traffic;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.annotation.JsonbProperty;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.time.Clock;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** Measures this node with the MXBeans of the JVM. Safe for use from many threads. */
@ApplicationScoped
class Machine {

  /**
   * Memory in bytes.
   *
   * @param alloc used heap
   * @param totalAlloc total allocations of all live threads since their start
   * @param sys memory that the JVM has committed
   */
  public record Memory(long alloc, @JsonbProperty("total_alloc") long totalAlloc, long sys) {}

  /**
   * A measurement.
   *
   * @param timestamp Unix time in seconds
   * @param cpuUsage CPU usage of this process, in percent of all processors
   * @param cpu same as {@code cpuUsage}
   * @param goroutines same as {@code threads}, under the name that older clients use
   */
  public record Sample(
      long timestamp,
      @JsonbProperty("cpu_usage") double cpuUsage,
      double cpu,
      Memory memory,
      int threads,
      int goroutines,
      int connections,
      @JsonbProperty("events_per_second") double eventsPerSecond) {}

  private static final Logger LOG = System.getLogger(Machine.class.getName());
  private static final double SECOND_NANOS = 1e9;

  private final Traffic traffic;
  private final Clock clock;

  private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  @GuardedBy("this")
  private @Nullable Sample last;

  @GuardedBy("this")
  private long measuredAt;

  @GuardedBy("this")
  private long published;

  @GuardedBy("this")
  private long allocated;

  @Inject
  Machine(Traffic traffic, Clock clock) {
    this.traffic = traffic;
    this.clock = clock;
  }

  /** Returns the last measurement if it is less than one second old, otherwise a new one. */
  synchronized Sample recent() {
    return last == null || System.nanoTime() - measuredAt >= SECOND_NANOS ? measure() : last;
  }

  /** Takes a new measurement. Rates cover the time since the previous measurement. */
  synchronized Sample measure() {
    long now = System.nanoTime();
    long events = traffic.published();
    double seconds = (now - measuredAt) / SECOND_NANOS;
    double rate = last == null || seconds <= 0 ? 0 : (events - published) / seconds;
    double cpu = Math.round(1_000 * Math.max(0, cpuLoad())) / 10.0;
    int running = threads.getThreadCount();
    allocated = Math.max(allocated, allocatedByThreads());
    last =
        new Sample(
            clock.instant().getEpochSecond(),
            cpu,
            cpu,
            new Memory(
                memory.getHeapMemoryUsage().getUsed(),
                allocated,
                memory.getHeapMemoryUsage().getCommitted()
                    + memory.getNonHeapMemoryUsage().getCommitted()),
            running,
            running,
            traffic.connections(),
            Math.round(10 * rate) / 10.0);
    measuredAt = now;
    published = events;
    return last;
  }

  /**
   * Reads the attribute by name, because some servers hide the {@code com.sun.management} classes
   * from applications.
   */
  private double cpuLoad() {
    try {
      return (double)
          beans.getAttribute(
              new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME), "ProcessCpuLoad");
    } catch (JMException e) {
      LOG.log(Level.DEBUG, "This JVM does not report its CPU load", e);
      return 0;
    }
  }

  private long allocatedByThreads() {
    try {
      long[] each =
          (long[])
              beans.invoke(
                  new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
                  "getThreadAllocatedBytes",
                  new Object[] {threads.getAllThreadIds()},
                  new String[] {long[].class.getName()});
      long sum = 0;
      for (long bytes : each) {
        sum += Math.max(0, bytes); // -1 for a thread that has just ended
      }
      return sum;
    } catch (JMException e) {
      LOG.log(Level.DEBUG, "This JVM does not report the allocations of threads", e);
      return 0;
    }
  }
}
