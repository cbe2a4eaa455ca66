package devfest.studio.feed;

import devfest.studio.security.Caller;

/**
 * A feed with presence: it is notified when callers start and stop following it. Its connections
 * are probed often, so that a disconnect is detected within seconds.
 */
public interface Attended<S extends Scope> extends Feed<S> {

  /** Called when the caller starts to follow the feed over one connection. */
  void joined(Caller caller, S scope);

  /** Called when such a connection has ended. */
  void left(Caller caller, S scope);
}
