package devfest.studio.tracing;

import org.jspecify.annotations.Nullable;

/**
 * The text form of a step of a trace: the value of the header {@value #HEADER} (W3C Trace Context §
 * 3.2).
 */
public final class Trace {

  /** The name of the header, and of the attribute of CloudEvents. */
  public static final String HEADER = "traceparent";

  /** Whether the server has OpenTelemetry's API. WildFly has it only with the subsystem. */
  static final boolean AVAILABLE = isAvailable();

  private Trace() {}

  private static boolean isAvailable() {
    try {
      Class<?> found =
          Class.forName("io.opentelemetry.api.trace.Tracer", false, Trace.class.getClassLoader());
      return found.isInterface();
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** The present step of this thread; null if none is traced. */
  public static @Nullable String current() {
    return AVAILABLE ? Spans.current() : null;
  }
}
