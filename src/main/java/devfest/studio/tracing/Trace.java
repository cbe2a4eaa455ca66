package devfest.studio.tracing;

import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * The text form of a step of a trace: the value of the header {@value #HEADER} (W3C Trace Context §
 * 3.2).
 */
public final class Trace {

  /** The name of the header, and of the attribute of CloudEvents. */
  public static final String HEADER = "traceparent";

  /**
   * Whether the server traces: it has the API, which WildFly has only with the subsystem, and the
   * operator turned it on (MicroProfile Telemetry). Servers pass headers on even if it is off.
   */
  static final boolean ON = isOn();

  private Trace() {}

  private static boolean isOn() {
    ClassLoader loader = Trace.class.getClassLoader();
    try {
      Class<?> found = Class.forName("io.opentelemetry.api.trace.Tracer", false, loader);
      return found.isInterface()
          && !ConfigProvider.getConfig(loader)
              .getOptionalValue("otel.sdk.disabled", Boolean.class)
              .orElse(true);
    } catch (ClassNotFoundException | IllegalStateException e) { // or no server
      return false;
    }
  }

  /** The present step of this thread; null if none is traced. */
  public static @Nullable String current() {
    return ON ? Spans.current() : null;
  }
}
