package devfest.studio.feed;

import devfest.studio.security.Caller;

/**
 * A feed that needs to know who follows it. Its connections are probed often, so that a client that
 * disconnects is noticed within seconds.
 */
public interface Attended<S extends Scope> extends Feed<S> {

  /** The caller has begun to follow the feed over one connection. */
  void joined(Caller caller, S scope);

  /** A connection over which the caller followed the feed has ended. */
  void left(Caller caller, S scope);
}
