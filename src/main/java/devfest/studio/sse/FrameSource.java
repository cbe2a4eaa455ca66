package devfest.studio.sse;

/** Where a stream gets its frames from when its socket can take them. */
@FunctionalInterface
public interface FrameSource {

  /** Gives nothing, and lets no state pass: what it would follow is still to come. */
  FrameSource PAUSED =
      new FrameSource() {
        @Override
        public Frame next() {
          return null;
        }

        @Override
        public boolean isCaughtUp() {
          return false;
        }
      };

  /**
   * The next frame, or null when there is none now. Whoever makes the next one available calls
   * {@link EventStream#wake()}. Called by one thread at a time, and must not block.
   */
  Frame next();

  /**
   * Whether the reader has all that there is; false while {@link #next} gives nothing because it is
   * still being fetched. Called by the thread that asks for frames.
   */
  default boolean isCaughtUp() {
    return true;
  }
}
