package devfest.studio.socket;

import java.util.Optional;

/** The WebSockets by their paths. Safe for use from many threads. */
public interface SocketRoutes {

  /**
   * The WebSocket at a path; empty if there is none.
   *
   * @param path below the context root, spelled exactly as it was registered
   */
  Optional<StudioSocket> at(String path);
}
