package devfest.studio.feed;

import java.util.Optional;

/**
 * A state feed whose state becomes final. Every client then gets the state under the id of the end,
 * and the stream ends; a client that reconnects with that id gets 204.
 */
public interface Ending<S extends Scope> extends StateFeed<S> {

  /** The id of the last frame; empty while the state can change. */
  Optional<String> end(S scope);
}
