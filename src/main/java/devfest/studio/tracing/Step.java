package devfest.studio.tracing;

import org.jspecify.annotations.Nullable;

/**
 * A step of a trace, from its creation to {@link #close}. In between it is the present step of the
 * thread, which all calls must be made on.
 */
public interface Step extends AutoCloseable {

  /** Adds what an operator looks for. */
  void with(String name, long value);

  /** Marks the step as failed. */
  void failed(@Nullable String reason);

  @Override
  void close();
}
