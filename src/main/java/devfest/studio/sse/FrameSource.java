package devfest.studio.sse;

/** Where a stream gets its frames from when its socket can take them. */
@FunctionalInterface
public interface FrameSource {

  /**
   * The next frame, or null when there is none now. Whoever makes the next one available calls
   * {@link EventStream#wake()}. Called by one thread at a time, and must not block.
   */
  Frame next();
}
