package devfest.studio.artwork;

import devfest.studio.images.Overlay;
import java.io.IOException;
import java.util.Optional;

/** What is laid over results. Thread-safe. */
public interface Frames {

  /**
   * Returns the frame that is set at present; empty if there is none.
   *
   * @throws IOException if it cannot be read
   */
  Optional<Overlay> frame() throws IOException;
}
