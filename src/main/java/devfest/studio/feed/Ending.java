package devfest.studio.feed;

import java.util.Optional;

/**
 * A state feed whose state can become final. Every client then gets the final state with the id of
 * the end, and the stream ends. A client that reconnects with that id gets 204.
 */
public interface Ending<S extends Scope> extends StateFeed<S> {

  /** The id of the last frames; empty while the state can still change. */
  Optional<String> end(S scope);
}
