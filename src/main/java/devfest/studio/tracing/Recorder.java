package devfest.studio.tracing;

import com.google.errorprone.annotations.MustBeClosed;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Records steps. Safe for use from many threads. */
interface Recorder {

  /** Records nothing. */
  Recorder NONE =
      new Recorder() {
        @Override
        public Step inside(String name) {
          return new Nothing();
        }

        @Override
        public Step after(Set<String> causes, String name, boolean calls) {
          return new Nothing();
        }
      };

  /** Starts a step of the present one. */
  @MustBeClosed
  Step inside(String name);

  /**
   * Starts a step that was caused elsewhere.
   *
   * @param causes as in {@link Trace}
   * @param calls whether another system is called
   */
  @MustBeClosed
  Step after(Set<String> causes, String name, boolean calls);

  /** A step that is not recorded. */
  record Nothing() implements Step {
    @Override
    public void with(String name, long value) {}

    @Override
    public void failed(@Nullable String reason) {}

    @Override
    public void close() {}
  }
}
