package devfest.studio.tracing;

import com.google.errorprone.annotations.MustBeClosed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;

/**
 * Starts steps of traces. A step without a traced cause is not recorded, so nothing is recorded and
 * next to no time is used unless the server traces requests. Safe for use from many threads.
 */
@ApplicationScoped
public class Tracing {

  private final Recorder recorder;

  @Inject
  Tracing() {
    this(Trace.ON ? Spans.ofServer() : Recorder.NONE);
  }

  private Tracing(Recorder recorder) {
    this.recorder = recorder;
  }

  /** Without any trace. */
  public static Tracing off() {
    return new Tracing(Recorder.NONE);
  }

  /** Starts a step of the present step of this thread. */
  @MustBeClosed
  public Step step(String name) {
    return recorder.inside(name);
  }

  /**
   * Starts a step that was caused elsewhere.
   *
   * @param causes as in {@link Trace}; none if they were not traced. The step belongs to the trace
   *     of a single cause; several are linked to it.
   */
  @MustBeClosed
  public Step following(String name, Set<String> causes) {
    return recorder.after(causes, name, false);
  }

  /** As {@link #following}, for a step in which another system is called. */
  @MustBeClosed
  public Step calling(String name, Set<String> causes) {
    return recorder.after(causes, name, true);
  }
}
