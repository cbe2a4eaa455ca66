package devfest.studio.sse;

import org.jspecify.annotations.Nullable;

/** Supplies frames to a stream while its socket accepts bytes. */
@FunctionalInterface
public interface FrameSource {

  /** Yields no frames and reports unread data, so queued states are held back. */
  FrameSource PAUSED =
      new FrameSource() {
        @Override
        public @Nullable Frame next() {
          return null;
        }

        @Override
        public boolean isCaughtUp() {
          return false;
        }
      };

  /**
   * Returns the next frame, or null if none is available. {@link EventStream#wake()} must be called
   * when the next frame becomes available. Called by one thread at a time; must not block.
   */
  @Nullable Frame next();

  /**
   * Whether every existing frame has been returned; false while {@link #next} returns null because
   * data is still being loaded. Called by the thread that calls {@link #next}.
   */
  default boolean isCaughtUp() {
    return true;
  }
}
